import assert from "node:assert/strict";
import { test } from "node:test";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { startTestServer } from "@rondo/server/testing";
import { checkS3History, createRegister } from "./s3-history.ts";

test("32 clients see no read-after-write anomaly", async () => {
  await using server = await startTestServer();
  const client = new S3Client(server.clientConfig);
  await client.send(new CreateBucketCommand({ Bucket: "history" }));
  const report = await checkS3History({ client, bucket: "history", seconds: 3, clients: 32 });
  client.destroy();
  assert.deepEqual(report.anomalies, []);
  assert.ok(report.gets > 50 && report.puts > 50 && report.lists > 10 && report.deletes > 10, JSON.stringify(report));
});

test("the checker knows a stale, a future and an invented value", async () => {
  const register = createRegister();
  await register.write("k", "one", async () => {});
  await register.write("k", "two", async () => {});
  const now = performance.now();
  register.checkRead("get", "k", { value: "two", start: now, end: now });
  assert.equal(register.anomalies.length, 0);
  register.checkRead("get", "k", { value: "one", start: now + 1, end: now + 2 });
  register.checkRead("get", "k", { value: undefined, start: now + 1, end: now + 2 });
  register.checkRead("get", "k", { value: "three", start: now + 1, end: now + 2 });
  register.checkRead("get", "k", { value: "two", start: -2, end: -1 });
  assert.equal(register.anomalies.length, 4);
});

test("a read during a write may return either value", async () => {
  const register = createRegister();
  await register.write("k", "one", async () => {});
  await register.write("k", "two", async () => {
    const now = performance.now();
    for (const value of ["one", "two"]) register.checkRead("get", "k", { value, start: now, end: now });
  });
  assert.deepEqual(register.anomalies, []);
});
