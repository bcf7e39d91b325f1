import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, test } from "node:test";
import type { ObjectContent } from "./objects.ts";
import { openTestObjects } from "./testing/open-test-objects.ts";

const md5 = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("hex");
const bytesOf = async ({ body }: ObjectContent) => (Buffer.isBuffer(body) ? body : buffer(body));

async function* inChunks(bytes: Uint8Array, size = 65_536): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

describe("buckets", () => {
  test("are created once, listed by name, and deleted when empty", async () => {
    await using test = await openTestObjects();
    const { objects, bucket } = test;
    await assert.rejects(objects.createBucket({ ...bucket, region: "us-east-1" }), {
      code: "BucketAlreadyOwnedByYou",
    });
    await objects.createBucket({ accountId: bucket.accountId, bucket: "alpha", region: "eu-west-1" });
    await objects.createBucket({ accountId: "111111111111", bucket: "reviews", region: "us-east-1" });
    assert.deepEqual(
      (await objects.listBuckets(bucket.accountId)).map((found) => found.bucket),
      ["alpha", "reviews"],
    );
    await objects.updateBucket(bucket, { tags: { team: "one" }, policy: "{}" });
    await objects.updateBucket(bucket, { policy: null });
    const found = await objects.findBucket(bucket);
    assert.deepEqual(found?.tags, { team: "one" });
    assert.equal(found?.policy, undefined);
    await objects.put(bucket, "one", Buffer.from("1"));
    await assert.rejects(objects.deleteBucket(bucket), { code: "BucketNotEmpty" });
    await objects.delete(bucket, "one");
    await objects.deleteBucket(bucket);
    await assert.rejects(objects.deleteBucket(bucket), { code: "NoSuchBucket" });
    await assert.rejects(objects.put(bucket, "one", Buffer.from("1")), { code: "NoSuchBucket" });
    await assert.rejects(objects.put(bucket, "one", inChunks(randomBytes(100_000))), { code: "NoSuchBucket" });
    await assert.rejects(objects.list({ ...bucket, limit: 1 }), { code: "NoSuchBucket" });
    assert.equal((await objects.listBuckets("111111111111")).length, 1);
  });
});

describe("objects", () => {
  test("come back as they were put, small and large, as bytes and as streams", async () => {
    await using test = await openTestObjects();
    const { objects, bucket } = test;
    for (const size of [0, 1, 1024, 16_384, 16_385, 3_000_000]) {
      for (const body of [(b: Buffer) => b, (b: Buffer) => inChunks(b)]) {
        const bytes = randomBytes(size);
        const put = await objects.put(bucket, "object", body(bytes), {
          headers: { contentType: "text/csv" },
          metadata: { author: "Ärger" },
          tags: { a: "b" },
          contentLength: size,
        });
        assert.equal(put.etag, `"${md5(bytes)}"`);
        const got = await objects.get(bucket, "object");
        assert.ok((await bytesOf(got)).equals(bytes), `${size} bytes`);
        assert.deepEqual(got.info, put);
        assert.deepEqual(await objects.head(bucket, "object"), put);
        assert.equal(put.checksum?.algorithm, "CRC64NVME");
      }
    }
  });

  test("keys are data: any Unicode, never a path", async () => {
    await using test = await openTestObjects();
    const { objects, bucket } = test;
    const keys = ["..", "../..", "a//b", "/lead", "trailing/", "😀", "%2F", "a+b", "a b", "\u0001\u0000", "\\", "'"];
    for (const key of keys) await objects.put(bucket, key, Buffer.from(key));
    for (const key of keys) assert.equal((await bytesOf(await objects.get(bucket, key))).toString(), key);
    const { objects: listed } = await objects.list({ ...bucket, limit: 100 });
    assert.deepEqual(
      listed.map((object) => object.key),
      keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
    );
    await objects.put(bucket, "ä".repeat(512), Buffer.from("longest"));
    await assert.rejects(objects.put(bucket, `${"ä".repeat(512)}x`, Buffer.from("")), { code: "KeyTooLongError" });
  });

  test("a body that is not the announced one is refused and leaves nothing", async () => {
    await using test = await openTestObjects();
    const { objects, bucket, directory } = test;
    for (const bytes of [Buffer.from("small"), randomBytes(200_000)]) {
      const other = createHash("md5").update("other").digest("base64");
      const body = () => inChunks(bytes);
      await assert.rejects(objects.put(bucket, "k", body(), { contentMd5: other }), { code: "BadDigest" });
      await assert.rejects(objects.put(bucket, "k", body(), { contentMd5: "x" }), { code: "InvalidDigest" });
      await assert.rejects(objects.put(bucket, "k", body(), { contentLength: 4 }), { code: "IncompleteBody" });
      await assert.rejects(objects.put(bucket, "k", body(), { contentLength: 300_000 }), { code: "IncompleteBody" });
      for (const algorithm of ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const) {
        const good = (await objects.put(bucket, "good", bytes, { checksum: { algorithm } })).checksum?.value ?? "";
        assert.equal(good, (await objects.put(bucket, "good", body(), { checksum: { algorithm } })).checksum?.value);
        const wrong = Buffer.from(good, "base64").map((byte) => byte ^ 1);
        const value = () => Buffer.from(wrong).toString("base64");
        await assert.rejects(objects.put(bucket, "k", body(), { checksum: { algorithm, value } }), {
          code: "BadDigest",
        });
        await objects.put(bucket, "good", body(), { checksum: { algorithm, value: good } });
        await assert.rejects(objects.put(bucket, "k", body(), { checksum: { algorithm, value: "AA==" } }), {
          code: "InvalidRequest",
        });
      }
      await assert.rejects(objects.head(bucket, "k"), { code: "NoSuchKey" });
    }
    await objects.delete(bucket, "good");
    await sweepAll(test.objects);
    assert.equal((await filesBelow(directory)).filter((name) => name.endsWith(".tmp")).length, 0);
  });

  test("ranges", async () => {
    await using test = await openTestObjects();
    const { objects, bucket } = test;
    for (const size of [100, 50_000]) {
      const bytes = randomBytes(size);
      await objects.put(bucket, "k", bytes);
      const get = async (range: string) => bytesOf(await objects.get(bucket, "k", { range }));
      assert.ok((await get("bytes=10-19")).equals(bytes.subarray(10, 20)));
      assert.ok((await get("bytes=90-")).equals(bytes.subarray(90)));
      assert.ok((await get("bytes=-7")).equals(bytes.subarray(-7)));
      assert.ok((await get("bytes=-99999999")).equals(bytes));
      assert.ok((await get("bytes=5-1")).equals(bytes), "malformed: ignored");
      assert.ok((await get("bytes=0-1,3-4")).equals(bytes), "several: ignored");
      for (const range of [`bytes=${size}-`, "bytes=-0"]) {
        await assert.rejects(objects.get(bucket, "k", { range }), { code: "InvalidRange" });
      }
    }
  });

  test("read conditions", async () => {
    await using test = await openTestObjects();
    const { objects, bucket } = test;
    const { etag, lastModified } = await objects.put(bucket, "k", Buffer.from("x"));
    const get = (conditions: object) => objects.get(bucket, "k", { conditions });
    await get({ ifMatch: etag, ifUnmodifiedSince: new Date(0) });
    await get({ ifMatch: "*" });
    await get({ ifNoneMatch: '"other"', ifModifiedSince: lastModified });
    await assert.rejects(get({ ifMatch: '"other"' }), { code: "PreconditionFailed" });
    await assert.rejects(get({ ifUnmodifiedSince: new Date(0) }), { code: "PreconditionFailed" });
    await assert.rejects(get({ ifNoneMatch: etag }), { code: "NotModified" });
    await assert.rejects(get({ ifModifiedSince: lastModified }), { code: "NotModified" });
  });

  test("conditional writes are atomic: of many at once exactly one wins", async () => {
    await using test = await openTestObjects();
    const { objects, bucket } = test;
    for (let round = 0; round < 5; round++) {
      const key = `lock-${round}`;
      const create = (index: number) =>
        objects.put(bucket, key, Buffer.from(`${index}`), { conditions: { ifNoneMatch: "*" } });
      const created = await Promise.allSettled(Array.from({ length: 12 }, (_, index) => create(index)));
      assert.equal(created.filter((result) => result.status === "fulfilled").length, 1);
      const { etag } = await objects.head(bucket, key);
      const replace = (index: number) =>
        objects.put(bucket, key, Buffer.from(`new ${index}`), { conditions: { ifMatch: etag } });
      const replaced = await Promise.allSettled(Array.from({ length: 12 }, (_, index) => replace(index)));
      assert.equal(replaced.filter((result) => result.status === "fulfilled").length, 1);
      const refused = [...created, ...replaced].filter((result) => result.status === "rejected");
      assert.ok(refused.every((result) => result.reason.code === "PreconditionFailed"));
    }
    await assert.rejects(objects.put(bucket, "absent", Buffer.from(""), { conditions: { ifMatch: "*" } }), {
      code: "NoSuchKey",
    });
    await assert.rejects(objects.delete(bucket, "lock-0", { ifMatch: '"other"' }), { code: "PreconditionFailed" });
    await objects.delete(bucket, "lock-0", { ifMatch: "*" });
    await assert.rejects(objects.head(bucket, "lock-0"), { code: "NoSuchKey" });
  });

  test("copies share or read the body, and carry or replace the description", async () => {
    await using test = await openTestObjects({ graceMs: 0, orphanAgeMs: -60_000 });
    const { objects, bucket, directory } = test;
    for (const size of [10, 100_000]) {
      const bytes = randomBytes(size);
      const source = { ...bucket, key: `from-${size}` };
      const put = await objects.put(bucket, source.key, bytes, { metadata: { a: "1" }, tags: { t: "1" } });
      const copy = await objects.copy(source, { ...bucket, key: "to" });
      assert.deepEqual([copy.etag, copy.metadata, copy.tags], [put.etag, { a: "1" }, { t: "1" }]);
      await objects.copy(source, source, { metadata: { a: "2" }, headers: {} });
      await objects.copy(source, { ...bucket, key: "sha" }, { checksumAlgorithm: "SHA256" });
      assert.equal((await objects.head(bucket, "sha")).checksum?.algorithm, "SHA256");
      await objects.delete(bucket, source.key);
      await objects.sweepOrphans();
      assert.ok((await bytesOf(await objects.get(bucket, "to"))).equals(bytes));
      await assert.rejects(objects.copy(source, { ...bucket, key: "no" }), { code: "NoSuchKey" });
    }
    assert.equal((await filesBelow(directory)).length, 2);
  });
});

/** Until nothing is left to remove. */
async function sweepAll(objects: { sweepOrphans(): Promise<{ discarded: number; orphans: number }> }) {
  for (let swept = 1; swept > 0; ) {
    const { discarded, orphans } = await objects.sweepOrphans();
    swept = discarded + orphans;
  }
}

describe("bodies of replaced objects", () => {
  test("are kept while they are read, and swept afterwards; orphans too", async () => {
    await using test = await openTestObjects({ graceMs: 0, orphanAgeMs: -60_000 });
    const { objects, bucket, directory, sql } = test;
    const old = randomBytes(2_000_000);
    await objects.put(bucket, "k", old);
    const reading = (await objects.get(bucket, "k")).body as Readable;
    await objects.put(bucket, "k", randomBytes(50_000));
    assert.deepEqual(await objects.sweepOrphans(), { discarded: 0, orphans: 0 });
    assert.ok((await buffer(reading)).equals(old));
    assert.deepEqual(await objects.sweepOrphans(), { discarded: 1, orphans: 0 });
    assert.equal((await filesBelow(directory)).length, 1);

    await sql.query("delete from object_body");
    assert.deepEqual(await objects.sweepOrphans(), { discarded: 0, orphans: 1 });
    assert.equal((await filesBelow(directory)).length, 0);
  });

  test("a young body without a row is left alone", async () => {
    await using test = await openTestObjects({ graceMs: 0 });
    const { objects, bucket, directory, sql } = test;
    await objects.put(bucket, "k", randomBytes(50_000));
    await sql.query("delete from object_body");
    assert.deepEqual(await objects.sweepOrphans(), { discarded: 0, orphans: 0 });
    assert.equal((await filesBelow(directory)).length, 1);
  });
});
