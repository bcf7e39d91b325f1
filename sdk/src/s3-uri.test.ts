import assert from "node:assert/strict";
import { test } from "node:test";
import { formatS3Uri, joinKey, parseS3Uri } from "./s3-uri.ts";

test("URIs are read into bucket and key and written back", () => {
  for (const uri of ["s3://bucket/a/b.txt", "s3://bucket/prefix/", "s3://bucket/ü\n//x"]) {
    assert.equal(formatS3Uri(parseS3Uri(uri)), uri);
  }
  assert.deepEqual(parseS3Uri("s3://bucket"), { bucket: "bucket", key: "" });
});

test("other URLs are refused by name", () => {
  assert.throws(() => parseS3Uri("https://bucket/key"), /"https:\/\/bucket\/key" is not an S3 URI/);
});

test("keys are joined with exactly one slash", () => {
  assert.equal(joinKey("a/", "/b", "", "c.txt"), "a/b/c.txt");
});
