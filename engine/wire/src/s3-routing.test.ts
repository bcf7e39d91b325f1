import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { readQuery } from "./percent-encoding.ts";
import { requestHead } from "./request-head.ts";
import { hostStyleBucket, matchS3Route } from "./s3-routing.ts";
import { serviceModel } from "./service-model.ts";

const require = createRequire(import.meta.url);

function route(method: string, url: string, headers: Record<string, string> = {}, bucket?: string) {
  const head = requestHead({ method, url, headers, rawHeaders: [] });
  return matchS3Route(head, readQuery(head.query) ?? [], bucket);
}

/** Not on a bucket's or the service's own path: Object Lambda answers to a route of its own. */
const elsewhere = new Set(["WriteGetObjectResponse"]);
const ofTheService = new Set(["ListBuckets", "ListDirectoryBuckets"]);

test("every operation that the SDK knows is recognised", () => {
  const load = () => require("@aws-sdk/client-s3");
  const model = serviceModel({
    id: "s3",
    signingName: "s3",
    protocols: ["rest-xml"],
    load,
    client: "S3Client",
    operations: {},
  });
  for (const { name, traits, input } of model.operations.values()) {
    if (elsewhere.has(name)) continue;
    const [method, uri] = traits.http ?? ["", ""];
    const required = (input?.members ?? []).filter((member) => member.required && member.traits.httpQuery);
    const query = required.map((member) => `${member.traits.httpQuery}=1`);
    const [path = "", literals = ""] = uri.replace("{Key+}", "key").split("?");
    const all = [literals, ...query].filter((part) => part !== "").join("&");
    const bucket = ofTheService.has(name) ? "" : "/bucket";
    const headers = name.includes("Copy") ? { "x-amz-copy-source": "/b/k" } : {};
    assert.equal(route(method, `${bucket}${path}?${all}`, headers as Record<string, string>).operation, name);
  }
});

test("keys are data: nothing is decoded twice, normalised or lost", () => {
  assert.deepEqual(route("GET", "/b/../x").labels, { Bucket: "b", Key: "../x" });
  assert.deepEqual(route("GET", "/b//x//").labels, { Bucket: "b", Key: "/x//" });
  assert.deepEqual(route("GET", "/b/%252F").labels, { Bucket: "b", Key: "%252F" });
  assert.deepEqual(route("GET", "/b/").labels, { Bucket: "b" });
  assert.deepEqual(route("GET", "/x/y", {}, "host-bucket").labels, { Bucket: "host-bucket", Key: "x/y" });
});

test("host-style buckets", () => {
  for (const host of ["a.b.localhost:1", "a.b.s3.localhost", "a.b.s3.eu-central-1.localhost:4700"])
    assert.equal(hostStyleBucket(host, []), "a.b");
  for (const host of ["localhost", "127.0.0.1:1", "s3.localhost", "s3.eu-central-1.localhost", undefined])
    assert.equal(hostStyleBucket(host, []), undefined);
  assert.equal(hostStyleBucket("x.s3.rondo.example", ["rondo.example"]), "x");
});
