import assert from "node:assert/strict";
import { hash, randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { describe, test } from "node:test";
import { checksumOf } from "./digest.ts";
import type { CompletedPart, MultipartUploads, UploadedPart, UploadRef } from "./multipart-uploads.ts";
import type { ObjectContent } from "./objects.ts";
import { openTestObjects } from "./testing/open-test-objects.ts";

const MIB = 1 << 20;
const bytesOf = async ({ body }: ObjectContent) => (Buffer.isBuffer(body) ? body : buffer(body));

/** As a client names it to complete the upload. */
const named = ({ number, etag, checksum }: UploadedPart): CompletedPart => ({ number, etag, checksum: checksum.value });

async function putParts(uploads: MultipartUploads, upload: UploadRef, bodies: readonly Buffer[]) {
  const parts: CompletedPart[] = [];
  for (const [index, body] of bodies.entries()) parts.push(named(await uploads.putPart(upload, index + 1, body)));
  return parts;
}

describe("multipart uploads", () => {
  test("make one object of their parts, read whole, in ranges and by part", async () => {
    await using test = await openTestObjects({ graceMs: 0, orphanAgeMs: -60_000 });
    const { objects, bucket } = test;
    const upload = await objects.uploads.create(
      { ...bucket, key: "model.bin" },
      { headers: { contentType: "application/x-model" }, metadata: { a: "b" }, tags: { t: "1" } },
    );
    const bodies = [randomBytes(5 * MIB), randomBytes(5 * MIB + 3), randomBytes(17)];
    await objects.uploads.putPart(upload, 2, randomBytes(100));
    const parts = await putParts(objects.uploads, upload, bodies);
    await objects.uploads.putPart(upload, 9, Buffer.from("not named by the client"));
    const info = await objects.uploads.complete(upload, { parts, size: 10 * MIB + 20 });
    const whole = Buffer.concat(bodies);
    const digests = Buffer.concat(bodies.map((body) => hash("md5", body, "buffer")));
    assert.equal(info.etag, `"${hash("md5", digests)}-3"`);
    assert.deepEqual(info.checksum, {
      algorithm: "CRC64NVME",
      type: "FULL_OBJECT",
      value: checksumOf("CRC64NVME", whole),
    });
    assert.equal((await objects.sweepOrphans()).discarded, 2);
    assert.deepEqual(await objects.head(bucket, "model.bin"), info);
    assert.ok((await bytesOf(await objects.get(bucket, "model.bin"))).equals(whole));
    const range = { range: `bytes=${5 * MIB - 2}-${10 * MIB + 10}` };
    const slice = await bytesOf(await objects.get(bucket, "model.bin", range));
    assert.ok(slice.equals(whole.subarray(5 * MIB - 2, 10 * MIB + 11)));
    const third = await objects.get(bucket, "model.bin", { partNumber: 3 });
    assert.ok((await bytesOf(third)).equals(bodies[2] as Buffer));
    await assert.rejects(objects.get(bucket, "model.bin", { partNumber: 4 }), { code: "InvalidPartNumber" });
    await assert.rejects(objects.uploads.complete(upload, { parts }), { code: "NoSuchUpload" });

    const copy = await objects.copy({ ...bucket, key: "model.bin" }, { ...bucket, key: "copy" });
    assert.equal(copy.etag, `"${hash("md5", whole)}"`);
    await objects.delete(bucket, "model.bin");
    assert.equal((await objects.sweepOrphans()).discarded, 3);
  });

  test("checksums: composite by default, full object on request, and compared", async () => {
    await using test = await openTestObjects();
    const { objects, bucket } = test;
    const bodies = [randomBytes(5 * MIB), randomBytes(1234)];
    for (const algorithm of ["CRC32", "CRC32C", "SHA1", "SHA256"] as const) {
      const upload = await objects.uploads.create({ ...bucket, key: "k" }, { checksumAlgorithm: algorithm });
      const parts = await putParts(objects.uploads, upload, bodies);
      const wrong = parts.map((part) => ({ ...part, checksum: "AAAA" }));
      await assert.rejects(objects.uploads.complete(upload, { parts: wrong }), { code: "InvalidPart" });
      const values = Buffer.concat(bodies.map((body) => Buffer.from(checksumOf(algorithm, body), "base64")));
      const value = `${checksumOf(algorithm, values)}-2`;
      await assert.rejects(objects.uploads.complete(upload, { parts, checksum: { algorithm, value: "AAAA" } }), {
        code: "BadDigest",
      });
      const info = await objects.uploads.complete(upload, { parts, checksum: { algorithm, value } });
      assert.deepEqual(info.checksum, { algorithm, value, type: "COMPOSITE" });
    }
    const unnamed = await objects.uploads.create({ ...bucket, key: "k" });
    const named32 = [];
    for (const [index, body] of bodies.entries()) {
      const part = await objects.uploads.putPart(unnamed, index + 1, body, { checksum: { algorithm: "CRC32" } });
      named32.push(named(part));
    }
    const whole = (await objects.uploads.complete(unnamed, { parts: named32 })).checksum;
    const value = checksumOf("CRC32", Buffer.concat(bodies));
    assert.deepEqual(whole, { algorithm: "CRC32", type: "FULL_OBJECT", value });
    for (const algorithm of ["CRC32", "CRC32C"] as const) {
      const upload = await objects.uploads.create(
        { ...bucket, key: "k" },
        { checksumAlgorithm: algorithm, checksumType: "FULL_OBJECT" },
      );
      await assert.rejects(
        objects.uploads.putPart(upload, 1, bodies[0] as Buffer, { checksum: { algorithm: "SHA256" } }),
        { code: "InvalidRequest" },
      );
      const parts = await putParts(objects.uploads, upload, bodies);
      const info = await objects.uploads.complete(upload, { parts });
      assert.deepEqual(info.checksum?.value, checksumOf(algorithm, Buffer.concat(bodies)));
    }
  });

  test("refuse parts that are missing, out of order or too small", async () => {
    await using test = await openTestObjects();
    const { objects, bucket } = test;
    const upload = await objects.uploads.create({ ...bucket, key: "k" });
    const [first, second] = await putParts(objects.uploads, upload, [randomBytes(100), randomBytes(100)]);
    assert.ok(first && second);
    const complete = (parts: Parameters<MultipartUploads["complete"]>[1]["parts"]) =>
      objects.uploads.complete(upload, { parts });
    await assert.rejects(complete([]), { code: "MalformedXML" });
    await assert.rejects(complete([second, first]), { code: "InvalidPartOrder" });
    await assert.rejects(complete([first, first]), { code: "InvalidPartOrder" });
    await assert.rejects(complete([first, { ...second, number: 3 }]), { code: "InvalidPart" });
    await assert.rejects(complete([{ ...first, etag: '"0"' }]), { code: "InvalidPart" });
    await assert.rejects(complete([first, second]), { code: "EntityTooSmall" });
    for (const number of [0, 10_001, 1.5]) {
      await assert.rejects(objects.uploads.putPart(upload, number, Buffer.of()), { code: "InvalidArgument" });
    }
    await objects.put(bucket, "k", Buffer.from("there"));
    await assert.rejects(objects.uploads.complete(upload, { parts: [first], conditions: { ifNoneMatch: "*" } }), {
      code: "PreconditionFailed",
    });
    await complete([second]);
    assert.equal((await objects.head(bucket, "k")).size, 100);
    await assert.rejects(objects.uploads.create({ ...bucket, bucket: "none", key: "k" }), { code: "NoSuchBucket" });
  });

  test("an aborted upload is gone with its parts; so is one whose bucket is deleted", async () => {
    await using test = await openTestObjects({ graceMs: 0 });
    const { objects, bucket } = test;
    const upload = await objects.uploads.create({ ...bucket, key: "k" });
    await putParts(objects.uploads, upload, [randomBytes(100)]);
    await objects.uploads.abort(upload);
    await assert.rejects(objects.uploads.abort(upload), { code: "NoSuchUpload" });
    await assert.rejects(objects.uploads.putPart(upload, 1, Buffer.of()), { code: "NoSuchUpload" });
    const other = await objects.uploads.create({ ...bucket, key: "k" });
    await assert.rejects(objects.uploads.putPart({ ...other, key: "l" }, 1, Buffer.of()), { code: "NoSuchUpload" });
    await putParts(objects.uploads, other, [randomBytes(100)]);
    await objects.deleteBucket(bucket);
    assert.equal((await objects.sweepOrphans()).discarded, 2);
  });

  test("copy parts out of other objects", async () => {
    await using test = await openTestObjects();
    const { objects, bucket } = test;
    const bytes = randomBytes(6 * MIB);
    await objects.put(bucket, "source", bytes);
    const source = { ...bucket, key: "source" };
    const upload = await objects.uploads.create({ ...bucket, key: "k" });
    const range = `bytes=0-${5 * MIB - 1}`;
    const first = named(await objects.uploads.copyPart(upload, 1, { source, range }));
    const second = named(await objects.uploads.copyPart(upload, 2, { source }));
    await objects.uploads.complete(upload, { parts: [first, second] });
    const expected = Buffer.concat([bytes.subarray(0, 5 * MIB), bytes]);
    assert.ok((await bytesOf(await objects.get(bucket, "k"))).equals(expected));
    const again = await objects.uploads.create({ ...bucket, key: "k" });
    for (const bad of ["bytes=0-", `bytes=0-${6 * MIB}`, "bytes=5-1"]) {
      await assert.rejects(objects.uploads.copyPart(again, 1, { source, range: bad }), { code: "InvalidArgument" });
    }
    await assert.rejects(objects.uploads.copyPart(again, 1, { source, conditions: { ifNoneMatch: "*" } }), {
      code: "PreconditionFailed",
    });
  });

  test("list parts and uploads in pages", async () => {
    await using test = await openTestObjects();
    const { objects, bucket } = test;
    const upload = await objects.uploads.create({ ...bucket, key: "a" });
    await putParts(objects.uploads, upload, [randomBytes(1), randomBytes(2), randomBytes(3)]);
    const page = await objects.uploads.listParts(upload, { after: 1, limit: 1 });
    assert.deepEqual([page.parts.map((part) => part.size), page.more], [[2], true]);
    for (const key of ["b/1", "b/2", "c", "c", "d/1"]) await objects.uploads.create({ ...bucket, key });
    const seen: string[] = [];
    let markers = {};
    for (;;) {
      const found = await objects.uploads.list({ ...bucket, delimiter: "/", limit: 2, ...markers });
      seen.push(...[...found.uploads.map((each) => each.key), ...found.commonPrefixes].toSorted());
      if (found.next === undefined) break;
      markers = found.next;
    }
    assert.deepEqual(seen, ["a", "b/", "c", "c", "d/"]);
    const below = await objects.uploads.list({ ...bucket, prefix: "b/", limit: 10 });
    assert.deepEqual(
      below.uploads.map((each) => each.key),
      ["b/1", "b/2"],
    );
  });
});
