import assert from "node:assert/strict";
import { Agent } from "node:http";
import { createRequire } from "node:module";
import type { LookupFunction } from "node:net";
import { test } from "node:test";
import {
  GetObjectCommand,
  type GetObjectRequest,
  ListBucketsCommand,
  ListObjectsV2Command,
  type ListObjectsV2Request,
  S3Client,
} from "@aws-sdk/client-s3";
import type { ServiceDefinition } from "./service.ts";
import { clientConfig, startWire } from "./testing/start-wire.ts";

const require = createRequire(import.meta.url);

const s3: ServiceDefinition = {
  id: "s3",
  signingName: "s3",
  protocols: ["rest-xml"],
  load: () => require("@aws-sdk/client-s3"),
  client: "S3Client",
  operations: {
    GetObject: ({ Bucket, Key }: GetObjectRequest) => ({ Body: `${Bucket} ${Key}` }),
    ListObjectsV2: ({ Bucket, Prefix }: ListObjectsV2Request) => ({ Name: Bucket, Prefix }),
    ListBuckets: () => ({ Buckets: [{ Name: "all" }] }),
  },
};

/** Every name leads to this machine. */
const lookup: LookupFunction = (_, options, callback) =>
  options.all ? callback(null, [{ address: "127.0.0.1", family: 4 }]) : callback(null, "127.0.0.1", 4);

for (const host of [
  "localhost",
  "s3.localhost",
  "s3.us-east-1.localhost",
  "rondo.example",
  "s3.eu-central-1.rondo.example",
  "store.localhost",
]) {
  test(`buckets in front of ${host}`, async () => {
    await using server = await startWire({ services: [s3], hostNames: ["rondo.example", "store.localhost"] });
    const client = new S3Client({
      ...clientConfig(server),
      endpoint: `http://${host}:${server.port}`,
      forcePathStyle: false,
      requestHandler: { httpAgent: new Agent({ lookup }) },
    });
    for (const Bucket of ["photos", "my.photos"]) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: "a//b c/../ü" }));
      assert.equal(await Body?.transformToString(), `${Bucket} a//b c/../ü`);
      const listed = await client.send(new ListObjectsV2Command({ Bucket, Prefix: "p/" }));
      assert.deepEqual([listed.Name, listed.Prefix], [Bucket, "p/"]);
    }
    assert.equal((await client.send(new ListBucketsCommand({}))).Buckets?.[0]?.Name, "all");
    client.destroy();
  });
}
