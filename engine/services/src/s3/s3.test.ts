import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { describe, test } from "node:test";
import * as S3 from "@aws-sdk/client-s3";
import { clientConfig } from "@rondo/wire/testing";
import { startS3, type TestS3 } from "./testing/start-s3.ts";

const Bucket = "reviews";
const md5 = (bytes: Uint8Array | string) => createHash("md5").update(bytes).digest("hex");

/** How the SDK reports a refusal. */
const refusal = (name: string, status: number) => (error: Error & { $metadata?: { httpStatusCode?: number } }) => {
  assert.deepEqual([error.name, error.$metadata?.httpStatusCode], [name, status]);
  return true;
};

/** A client that sends no checksums of its own accord. */
function openPlainClient({ server }: TestS3) {
  const client = new S3.S3Client({ ...clientConfig(server), requestChecksumCalculation: "WHEN_REQUIRED" });
  return { client, [Symbol.dispose]: () => client.destroy() };
}

describe("buckets over the wire", () => {
  test("create, head, list, locate, tag, delete", async () => {
    await using server = await startS3();
    const { client } = server;
    await assert.rejects(client.send(new S3.CreateBucketCommand({ Bucket })), refusal("BucketAlreadyOwnedByYou", 409));
    await assert.rejects(
      client.send(new S3.CreateBucketCommand({ Bucket: "Not_A_Name" })),
      refusal("InvalidBucketName", 400),
    );
    await client.send(new S3.CreateBucketCommand({ Bucket: "models" }));
    assert.equal((await client.send(new S3.HeadBucketCommand({ Bucket: "models" }))).BucketRegion, "eu-central-1");
    await assert.rejects(client.send(new S3.HeadBucketCommand({ Bucket: "none" })), refusal("NotFound", 404));
    const location = await client.send(new S3.GetBucketLocationCommand({ Bucket: "models" }));
    assert.equal(location.LocationConstraint, "eu-central-1");
    const first = await client.send(new S3.ListBucketsCommand({ MaxBuckets: 1 }));
    assert.deepEqual(
      first.Buckets?.map((bucket) => bucket.Name),
      ["models"],
    );
    const { ContinuationToken } = first;
    const second = await client.send(new S3.ListBucketsCommand({ ContinuationToken }));
    assert.deepEqual(
      second.Buckets?.map((bucket) => bucket.Name),
      ["reviews"],
    );
    await assert.rejects(client.send(new S3.GetBucketTaggingCommand({ Bucket })), refusal("NoSuchTagSet", 404));
    const TagSet = [{ Key: "team", Value: "one & two" }];
    await client.send(new S3.PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
    assert.deepEqual((await client.send(new S3.GetBucketTaggingCommand({ Bucket }))).TagSet, TagSet);
    await assert.rejects(client.send(new S3.GetBucketPolicyCommand({ Bucket })), refusal("NoSuchBucketPolicy", 404));
    const Policy = '{"Version":"2012-10-17"}';
    await client.send(new S3.PutBucketPolicyCommand({ Bucket, Policy }));
    assert.equal((await client.send(new S3.GetBucketPolicyCommand({ Bucket }))).Policy, Policy);
    await client.send(new S3.DeleteBucketPolicyCommand({ Bucket }));
    assert.equal((await client.send(new S3.GetBucketVersioningCommand({ Bucket }))).Status, undefined);
    await client.send(new S3.PutObjectCommand({ Bucket, Key: "k", Body: "x" }));
    await assert.rejects(client.send(new S3.DeleteBucketCommand({ Bucket })), refusal("BucketNotEmpty", 409));
    await client.send(new S3.DeleteBucketCommand({ Bucket: "models" }));
  });
});

describe("objects over the wire", () => {
  test("everything that a put says comes back", async () => {
    await using server = await startS3();
    const { client } = server;
    const put = await client.send(
      new S3.PutObjectCommand({
        Bucket,
        Key: "k",
        Body: "text",
        ContentType: "text/plain",
        ContentEncoding: "gzip",
        ContentDisposition: "attachment",
        ContentLanguage: "de",
        CacheControl: "no-cache",
        Expires: new Date("2030-01-01T00:00:00Z"),
        Metadata: { author: "someone" },
        Tagging: "a=1&b=two%20words",
      }),
    );
    assert.equal(put.ETag, `"${md5("text")}"`);
    assert.equal(typeof put.ChecksumCRC32, "string");
    for (const Command of [S3.GetObjectCommand, S3.HeadObjectCommand]) {
      const got = await client.send(new Command({ Bucket, Key: "k", ChecksumMode: "ENABLED" }) as S3.GetObjectCommand);
      assert.deepEqual(
        [got.ContentType, got.ContentEncoding, got.ContentDisposition, got.ContentLanguage, got.CacheControl],
        ["text/plain", "gzip", "attachment", "de", "no-cache"],
      );
      assert.equal(got.ExpiresString, "Tue, 01 Jan 2030 00:00:00 GMT");
      assert.deepEqual(got.Metadata, { author: "someone" });
      assert.deepEqual([got.ContentLength, got.ETag, got.ChecksumCRC32], [4, put.ETag, put.ChecksumCRC32]);
      assert.ok(got.LastModified instanceof Date);
    }
    const { TagSet } = await client.send(new S3.GetObjectTaggingCommand({ Bucket, Key: "k" }));
    assert.deepEqual(TagSet, [
      { Key: "a", Value: "1" },
      { Key: "b", Value: "two words" },
    ]);
    await client.send(new S3.DeleteObjectTaggingCommand({ Bucket, Key: "k" }));
    assert.deepEqual((await client.send(new S3.GetObjectTaggingCommand({ Bucket, Key: "k" }))).TagSet, []);
    await assert.rejects(
      client.send(new S3.PutObjectCommand({ Bucket, Key: "k", Body: "", Metadata: { long: "x".repeat(2048) } })),
      refusal("MetadataTooLarge", 400),
    );
  });

  test("refusals carry S3's codes, statuses and fields", async () => {
    await using server = await startS3();
    const { client } = server;
    await assert.rejects(client.send(new S3.GetObjectCommand({ Bucket, Key: "none" })), (error: S3.NoSuchKey) => {
      assert.ok(error instanceof S3.NoSuchKey);
      assert.equal((error as unknown as { Key: string }).Key, "none");
      return refusal("NoSuchKey", 404)(error);
    });
    await assert.rejects(client.send(new S3.HeadObjectCommand({ Bucket, Key: "none" })), refusal("NotFound", 404));
    await assert.rejects(
      client.send(new S3.PutObjectCommand({ Bucket: "none", Key: "k", Body: "x" })),
      refusal("NoSuchBucket", 404),
    );
    await assert.rejects(
      client.send(new S3.PutObjectCommand({ Bucket, Key: "x".repeat(1025), Body: "x" })),
      refusal("KeyTooLongError", 400),
    );
    await assert.rejects(
      client.send(new S3.PutObjectCommand({ Bucket, Key: "k", Body: "x", ContentMD5: "AAAAAAAAAAAAAAAAAAAAAA==" })),
      refusal("BadDigest", 400),
    );
    await assert.rejects(
      client.send(
        new S3.PutObjectCommand({ Bucket, Key: "k", Body: "x", ChecksumSHA1: "AAAAAAAAAAAAAAAAAAAAAAAAAAA=" }),
      ),
      refusal("BadDigest", 400),
    );
    await assert.rejects(
      client.send(new S3.PutObjectCommand({ Bucket, Key: "k", Body: "x", ACL: "public-read" })),
      refusal("AccessControlListNotSupported", 400),
    );
    await assert.rejects(
      client.send(new S3.GetObjectCommand({ Bucket, Key: "k", VersionId: "1" })),
      refusal("NoSuchVersion", 404),
    );
  });

  test("ranges, conditions and overrides", async () => {
    await using server = await startS3();
    const { client } = server;
    for (const size of [1000, 100_000]) {
      const Body = randomBytes(size);
      const { ETag } = await client.send(new S3.PutObjectCommand({ Bucket, Key: "k", Body }));
      const part = await client.send(new S3.GetObjectCommand({ Bucket, Key: "k", Range: "bytes=10-19" }));
      assert.deepEqual([part.$metadata.httpStatusCode, part.ContentRange], [206, `bytes 10-19/${size}`]);
      assert.ok(Buffer.from((await part.Body?.transformToByteArray()) ?? []).equals(Body.subarray(10, 20)));
      const head = await client.send(new S3.HeadObjectCommand({ Bucket, Key: "k", Range: "bytes=-5" }));
      assert.deepEqual([head.ContentLength, head.ContentRange], [5, `bytes ${size - 5}-${size - 1}/${size}`]);
      const get = (input: object) => client.send(new S3.GetObjectCommand({ Bucket, Key: "k", ...input }));
      await assert.rejects(get({ Range: `bytes=${size}-` }), refusal("InvalidRange", 416));
      await assert.rejects(get({ IfMatch: '"x"' }), refusal("PreconditionFailed", 412));
      await assert.rejects(get({ IfNoneMatch: ETag }), (error: { $metadata: { httpStatusCode: number } }) => {
        return error.$metadata.httpStatusCode === 304;
      });
      const overridden = await get({ ResponseContentType: "text/html", ResponseCacheControl: "max-age=1" });
      assert.deepEqual([overridden.ContentType, overridden.CacheControl], ["text/html", "max-age=1"]);
      await overridden.Body?.transformToByteArray();
    }
    await assert.rejects(
      client.send(new S3.PutObjectCommand({ Bucket, Key: "k", Body: "", IfNoneMatch: "*" })),
      refusal("PreconditionFailed", 412),
    );
  });

  test("streams of known and of unknown length, with a checksum in the trailer", async () => {
    await using server = await startS3();
    const { client } = server;
    const bytes = randomBytes(300_000);
    const chunks = function* () {
      for (let at = 0; at < bytes.length; at += 50_000) yield bytes.subarray(at, at + 50_000);
    };
    const ContentLength = bytes.length;
    for (const ChecksumAlgorithm of [undefined, "CRC32C", "CRC64NVME", "SHA256"] as const) {
      const Body = Readable.from(chunks());
      const put = new S3.PutObjectCommand({ Bucket, Key: "k", Body, ContentLength, ChecksumAlgorithm });
      assert.equal((await client.send(put)).ETag, `"${md5(bytes)}"`);
      const got = await client.send(new S3.GetObjectCommand({ Bucket, Key: "k", ChecksumMode: "ENABLED" }));
      assert.ok(got[`Checksum${ChecksumAlgorithm ?? "CRC32"}`], `${ChecksumAlgorithm} is stored`);
      assert.ok(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(bytes));
    }
    // The client cannot write a trailer when it does not know the length.
    using plain = openPlainClient(server);
    const put = new S3.PutObjectCommand({ Bucket, Key: "unknown", Body: Readable.from(chunks()) });
    assert.equal((await plain.client.send(put)).ETag, `"${md5(bytes)}"`);
    const got = await client.send(new S3.GetObjectCommand({ Bucket, Key: "unknown" }));
    assert.ok(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(bytes));
  });

  test("odd keys go in, out and through listings", async () => {
    await using server = await startS3();
    const { client } = server;
    const keys = [
      "..",
      "../a",
      "a//b",
      "/lead",
      "trailing/",
      "😀 ä",
      "%2F",
      "%",
      "a+b",
      "a b",
      "\u0001\t\n",
      "a&<>'\"",
      "~!*()",
    ];
    for (const Key of keys) await client.send(new S3.PutObjectCommand({ Bucket, Key, Body: Key }));
    for (const Key of keys) {
      const { Body } = await client.send(new S3.GetObjectCommand({ Bucket, Key }));
      assert.equal(await Body?.transformToString(), Key);
      await client.send(
        new S3.CopyObjectCommand({ Bucket, Key: `copy/${Key}`, CopySource: `${Bucket}/${encodeURIComponent(Key)}` }),
      );
    }
    const encoded = await client.send(new S3.ListObjectsV2Command({ Bucket, EncodingType: "url" }));
    const listed = encoded.Contents?.map((object) => decodeURIComponent(object.Key ?? "")).toSorted();
    assert.deepEqual(listed, [...keys, ...keys.map((key) => `copy/${key}`)].toSorted());
    const Objects = keys.map((Key) => ({ Key }));
    const deleted = await client.send(new S3.DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    assert.deepEqual(
      deleted.Deleted?.map((object) => object.Key),
      keys,
    );
    const quiet = await client.send(new S3.DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
    assert.deepEqual([quiet.Deleted ?? [], quiet.Errors ?? []], [[], []]);
    await client.send(new S3.DeleteObjectCommand({ Bucket, Key: "never there" }));
  });

  test("copies: directives, conditions and onto itself", async () => {
    await using server = await startS3();
    const { client } = server;
    const { ETag } = await client.send(new S3.PutObjectCommand({ Bucket, Key: "k", Body: "x", Metadata: { a: "1" } }));
    const copy = (input: object) =>
      client.send(new S3.CopyObjectCommand({ Bucket, Key: "k", CopySource: `/${Bucket}/k`, ...input }));
    await assert.rejects(copy({}), refusal("InvalidRequest", 400));
    await copy({ MetadataDirective: "REPLACE", Metadata: { a: "2" }, ContentType: "text/csv" });
    const head = await client.send(new S3.HeadObjectCommand({ Bucket, Key: "k" }));
    assert.deepEqual([head.Metadata, head.ContentType, head.ETag], [{ a: "2" }, "text/csv", ETag]);
    const result = await copy({ Key: "l", CopySourceIfMatch: ETag });
    assert.equal(result.CopyObjectResult?.ETag, ETag);
    await assert.rejects(copy({ Key: "l", CopySourceIfNoneMatch: ETag }), refusal("PreconditionFailed", 412));
    await assert.rejects(copy({ Key: "l", CopySource: `${Bucket}/none` }), refusal("NoSuchKey", 404));
    await assert.rejects(copy({ Key: "l", CopySource: "nonsense" }), refusal("InvalidArgument", 400));
  });
});

describe("listings over the wire", () => {
  test("both versions page through keys and common prefixes", async () => {
    await using server = await startS3();
    const { client } = server;
    const keys = ["a", "b/1", "b/2", "c", "d/x/1", "e"];
    await Promise.all(keys.map((Key) => client.send(new S3.PutObjectCommand({ Bucket, Key, Body: "" }))));
    const seen: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await client.send(
        new S3.ListObjectsV2Command({ Bucket, Delimiter: "/", MaxKeys: 2, ContinuationToken, FetchOwner: true }),
      );
      assert.ok(page.Contents?.every((object) => object.Owner?.ID?.length === 64) ?? true);
      assert.equal(page.KeyCount, (page.Contents?.length ?? 0) + (page.CommonPrefixes?.length ?? 0));
      seen.push(...(page.Contents ?? []).map((object) => object.Key ?? ""));
      seen.push(...(page.CommonPrefixes ?? []).map((common) => common.Prefix ?? ""));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    assert.deepEqual(seen.toSorted(), ["a", "b/", "c", "d/", "e"]);
    const first = await client.send(new S3.ListObjectsCommand({ Bucket, Delimiter: "/", MaxKeys: 2 }));
    assert.deepEqual([first.IsTruncated, first.NextMarker], [true, "b/"]);
    const second = await client.send(new S3.ListObjectsCommand({ Bucket, Delimiter: "/", Marker: first.NextMarker }));
    assert.deepEqual(
      second.Contents?.map((object) => object.Key),
      ["c", "e"],
    );
    const none = await client.send(new S3.ListObjectsV2Command({ Bucket, MaxKeys: 0 }));
    assert.deepEqual([none.KeyCount, none.IsTruncated], [0, false]);
    await assert.rejects(
      client.send(new S3.ListObjectsV2Command({ Bucket, ContinuationToken: "?" })),
      refusal("InvalidArgument", 400),
    );
  });
});

describe("multipart uploads over the wire", () => {
  test("from creation to completion", async () => {
    await using server = await startS3();
    const { client } = server;
    const Key = "models/model.tar.gz";
    const bodies = [randomBytes(5 << 20), randomBytes(1000)];
    const { UploadId } = await client.send(
      new S3.CreateMultipartUploadCommand({
        Bucket,
        Key,
        ContentType: "application/gzip",
        ChecksumAlgorithm: "SHA256",
      }),
    );
    const Parts = [];
    for (const [index, Body] of bodies.entries()) {
      const PartNumber = index + 1;
      const part = await client.send(
        new S3.UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ChecksumAlgorithm: "SHA256" }),
      );
      Parts.push({ PartNumber, ETag: part.ETag, ChecksumSHA256: part.ChecksumSHA256 });
    }
    const listed = await client.send(new S3.ListPartsCommand({ Bucket, Key, UploadId, MaxParts: 1 }));
    assert.deepEqual([listed.IsTruncated, listed.NextPartNumberMarker, listed.Parts?.[0]?.Size], [true, "1", 5 << 20]);
    const uploads = await client.send(new S3.ListMultipartUploadsCommand({ Bucket }));
    assert.deepEqual(
      uploads.Uploads?.map((upload) => upload.UploadId),
      [UploadId],
    );
    const completed = await client.send(
      new S3.CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }),
    );
    assert.match(completed.ETag ?? "", /^"[0-9a-f]{32}-2"$/);
    assert.match(completed.ChecksumSHA256 ?? "", /-2$/);
    const got = await client.send(new S3.GetObjectCommand({ Bucket, Key }));
    assert.equal(got.ContentType, "application/gzip");
    assert.ok(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(Buffer.concat(bodies)));
    const second = await client.send(new S3.GetObjectCommand({ Bucket, Key, PartNumber: 2 }));
    assert.deepEqual([second.ContentLength, second.PartsCount, second.$metadata.httpStatusCode], [1000, 2, 206]);
    assert.ok(Buffer.from((await second.Body?.transformToByteArray()) ?? []).equals(bodies[1] as Buffer));
    const attributes = await client.send(
      new S3.GetObjectAttributesCommand({
        Bucket,
        Key,
        ObjectAttributes: ["ETag", "Checksum", "ObjectParts", "ObjectSize"],
      }),
    );
    assert.deepEqual([attributes.ObjectParts?.TotalPartsCount, attributes.ObjectSize], [2, (5 << 20) + 1000]);
    const again = await client.send(new S3.CreateMultipartUploadCommand({ Bucket, Key }));
    const copied = await client.send(
      new S3.UploadPartCopyCommand({
        Bucket,
        Key,
        UploadId: again.UploadId,
        PartNumber: 1,
        CopySource: `${Bucket}/${Key}`,
        CopySourceRange: "bytes=0-99",
      }),
    );
    assert.equal(copied.CopyPartResult?.ETag, `"${md5((bodies[0] as Buffer).subarray(0, 100))}"`);
    await client.send(new S3.AbortMultipartUploadCommand({ Bucket, Key, UploadId: again.UploadId }));
    await assert.rejects(
      client.send(new S3.ListPartsCommand({ Bucket, Key, UploadId: again.UploadId })),
      refusal("NoSuchUpload", 404),
    );
  });
});
