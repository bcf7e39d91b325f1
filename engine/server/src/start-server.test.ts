import assert from "node:assert/strict";
import { test } from "node:test";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { startTestServer } from "./testing/start-test-server.ts";

test("an object goes in and comes back through the official client", async () => {
  await using server = await startTestServer();
  const s3 = new S3Client(server.clientConfig);
  await s3.send(new CreateBucketCommand({ Bucket: "first" }));
  await s3.send(new PutObjectCommand({ Bucket: "first", Key: "a/b", Body: "hello" }));
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: "first", Key: "a/b" }));
  assert.equal(await Body?.transformToString(), "hello");
});

test("health says that it is Rondo and which home of state it has", async () => {
  await using server = await startTestServer();
  const response = await fetch(`${server.url}/_rondo/health`);
  assert.equal(response.status, 200);
  const health = (await response.json()) as Record<string, unknown>;
  assert.equal(health.product, "rondo");
  assert.equal(health.home, server.home);
});

test("reset does not exist unless it was asked for", async () => {
  await using server = await startTestServer();
  const response = await fetch(`${server.url}/_rondo/reset`, { method: "POST" });
  assert.ok(response.status >= 400 && response.status < 500, `status ${response.status}`);
});
