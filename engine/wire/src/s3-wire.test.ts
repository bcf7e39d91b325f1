import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { Readable } from "node:stream";
import { test } from "node:test";
import {
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadRequest,
  DeleteObjectsCommand,
  type DeleteObjectsRequest,
  GetBucketLocationCommand,
  GetBucketWebsiteCommand,
  GetObjectCommand,
  type GetObjectRequest,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  type PutObjectRequest,
  S3Client,
} from "@aws-sdk/client-s3";
import { awsError } from "./error.ts";
import { withStatus } from "./output-status.ts";
import type { ServiceDefinition } from "./service.ts";
import { clientConfig, startWire } from "./testing/start-wire.ts";

const require = createRequire(import.meta.url);

interface Stored {
  readonly bytes: Buffer;
  readonly input: PutObjectRequest;
}

function exampleS3(objects = new Map<string, Stored>()) {
  const find = (input: { Bucket?: string | undefined; Key?: string | undefined }, code: string): Stored => {
    const stored = objects.get(`${input.Bucket}:${input.Key}`);
    if (stored === undefined) throw awsError(code, "The specified key does not exist.");
    return stored;
  };
  const service: ServiceDefinition = {
    id: "s3",
    signingName: "s3",
    protocols: ["rest-xml"],
    load: () => require("@aws-sdk/client-s3"),
    client: "S3Client",
    operations: {
      async PutObject(input: PutObjectRequest) {
        const chunks: Buffer[] = [];
        for await (const chunk of input.Body as Readable) chunks.push(chunk as Buffer);
        const bytes = Buffer.concat(chunks);
        objects.set(`${input.Bucket}:${input.Key}`, { bytes, input });
        return { ETag: `"${createHash("md5").update(bytes).digest("hex")}"` };
      },
      GetObject(input: GetObjectRequest) {
        const { bytes, input: put } = find(input, "NoSuchKey");
        const part = input.Range === "bytes=1-2" ? bytes.subarray(1, 3) : bytes;
        const type = input.ResponseContentType ?? put.ContentType;
        const output = {
          Body: Readable.from([part]),
          ContentLength: part.length,
          ContentType: type,
          Metadata: put.Metadata,
        };
        return part === bytes ? output : withStatus({ ...output, ContentRange: `bytes 1-2/${bytes.length}` }, 206);
      },
      HeadObject(input: GetObjectRequest) {
        const { bytes, input: put } = find(input, "NotFound");
        return { ContentLength: bytes.length, Metadata: put.Metadata };
      },
      ListObjectsV2: () => ({
        Name: "bucket",
        KeyCount: 1,
        Contents: [{ Key: "a&<b>\u0001\r", Size: 3, LastModified: new Date(0) }],
        CommonPrefixes: [{ Prefix: "p/" }],
      }),
      CompleteMultipartUpload: (input: CompleteMultipartUploadRequest) => ({
        ETag: input.MultipartUpload?.Parts?.map(({ ETag }) => ETag).join("+"),
      }),
      DeleteObjects: (input: DeleteObjectsRequest) => ({ Deleted: input.Delete?.Objects?.map(({ Key }) => ({ Key })) }),
      GetBucketLocation: () => ({ LocationConstraint: "eu-central-1" }),
    },
  };
  return { service, objects };
}

test("objects go in and out, with odd keys, metadata, ranges and response overrides", async () => {
  const { service, objects } = exampleS3();
  await using server = await startWire({ services: [service] });
  const client = new S3Client(clientConfig(server));
  for (const Key of ["a", "../up", "a//b", "dir/", "ü ñ+%2F&?=#'()*!~", "日本/🙂"]) {
    const Body = `body of ${Key}`;
    const put = await client.send(
      new PutObjectCommand({
        Bucket: "bucket",
        Key,
        Body,
        ContentType: "text/plain",
        Metadata: { colour: "dark  blue" },
      }),
    );
    assert.equal(put.ETag, `"${createHash("md5").update(Body).digest("hex")}"`);
    assert.ok(objects.has(`bucket:${Key}`), Key);
    const got = await client.send(new GetObjectCommand({ Bucket: "bucket", Key, ResponseContentType: "text/html" }));
    assert.equal(await got.Body?.transformToString(), Body);
    assert.equal(got.ContentType, "text/html");
    assert.equal(got.Metadata?.["colour"], "dark  blue");
  }
  const part = await client.send(new GetObjectCommand({ Bucket: "bucket", Key: "a", Range: "bytes=1-2" }));
  assert.deepEqual(
    [part.$metadata.httpStatusCode, part.ContentRange, await part.Body?.transformToString()],
    [206, "bytes 1-2/9", "od"],
  );
  assert.equal((await client.send(new HeadObjectCommand({ Bucket: "bucket", Key: "a" }))).ContentLength, 9);
});

test("a stream arrives in chunks with an unsigned trailer", async () => {
  const { service, objects } = exampleS3();
  await using server = await startWire({ services: [service] });
  const client = new S3Client(clientConfig(server));
  const bytes = Buffer.alloc(300_000, "abc");
  await client.send(
    new PutObjectCommand({ Bucket: "b", Key: "k", Body: Readable.from([bytes]), ContentLength: bytes.length }),
  );
  const stored = objects.get("b:k");
  assert.ok(stored?.bytes.equals(bytes));
});

test("XML in and out", async () => {
  await using server = await startWire({ services: [exampleS3().service] });
  const client = new S3Client(clientConfig(server));
  const Parts = [1, 2].map((PartNumber) => ({ PartNumber, ETag: `"e${PartNumber}"` }));
  const completed = await client.send(
    new CompleteMultipartUploadCommand({ Bucket: "b", Key: "k", UploadId: "u", MultipartUpload: { Parts } }),
  );
  assert.equal(completed.ETag, '"e1"+"e2"');
  const deleted = await client.send(
    new DeleteObjectsCommand({ Bucket: "b", Delete: { Objects: [{ Key: "x & y" }, { Key: "<z>" }] } }),
  );
  assert.deepEqual(deleted.Deleted, [{ Key: "x & y" }, { Key: "<z>" }]);
  const listed = await client.send(new ListObjectsV2Command({ Bucket: "b" }));
  assert.deepEqual(listed.CommonPrefixes, [{ Prefix: "p/" }]);
  assert.deepEqual(listed.Contents?.[0]?.LastModified, new Date(0));
  assert.equal((await client.send(new GetBucketLocationCommand({ Bucket: "b" }))).LocationConstraint, "eu-central-1");
});

test("errors: S3's codes, no body for HEAD, and what we lack says so", async () => {
  await using server = await startWire({ services: [exampleS3().service] });
  const client = new S3Client(clientConfig(server));
  await assert.rejects(
    client.send(new GetObjectCommand({ Bucket: "b", Key: "none" })),
    (error) => error instanceof NoSuchKey,
  );
  await assert.rejects(
    client.send(new HeadObjectCommand({ Bucket: "b", Key: "none" })),
    (error) => error instanceof NotFound,
  );
  await assert.rejects(
    client.send(new GetBucketWebsiteCommand({ Bucket: "b" })),
    (error: Error & { $metadata: { httpStatusCode: number } }) => {
      return (
        error.name === "NotImplemented" &&
        /GetBucketWebsite.*docs\/operations\.md/.test(error.message) &&
        error.$metadata.httpStatusCode === 501
      );
    },
  );
});
