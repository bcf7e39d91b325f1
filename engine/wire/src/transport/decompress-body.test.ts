import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { decompressBody } from "./decompress-body.ts";

test("gzip is undone, other bodies pass as they are", async () => {
  const body = Buffer.from("Action=PutMetricData");
  assert.deepEqual(await decompressBody("gzip", gzipSync(body), 100), body);
  assert.equal(await decompressBody(undefined, body, 100), body);
});

test("a body that grows beyond the limit or is not gzip is refused", async () => {
  await assert.rejects(decompressBody("gzip", gzipSync(Buffer.alloc(1e6)), 1000), { status: 413 });
  await assert.rejects(decompressBody("gzip", Buffer.from("plain"), 1000), { code: "SerializationException" });
});
