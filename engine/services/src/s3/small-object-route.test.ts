import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { startS3 } from "./testing/start-s3.ts";

/** What a client sees of an answer: status, headers but those of the moment, and body or error. */
interface Seen {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** Everything that the client receives, by the order of the requests. */
function observe(client: S3Client): Seen[] {
  const seen: Seen[] = [];
  client.middlewareStack.add(
    (next) => async (request) => {
      const result = await next(request);
      const { statusCode, headers } = result.response as { statusCode: number; headers: Record<string, string> };
      const kept = Object.entries(headers).filter(
        ([name]) =>
          !["date", "x-amz-request-id", "x-amz-id-2", "last-modified", "connection", "keep-alive"].includes(name),
      );
      seen.push({ status: statusCode, headers: Object.fromEntries(kept.toSorted()) });
      return result;
    },
    { step: "deserialize", priority: "low" },
  );
  return seen;
}

async function converse(client: S3Client): Promise<unknown[]> {
  const Bucket = "reviews";
  const bytes = [Buffer.of(), Buffer.from("small"), Buffer.alloc(1024, "x"), Buffer.alloc(20_000, "y")];
  const outcomes: unknown[] = [];
  const note = async (
    work: Promise<{ Body?: { transformToString(): Promise<string> } | undefined }>,
  ): Promise<void> => {
    try {
      outcomes.push((await (await work).Body?.transformToString()) ?? "");
    } catch (error) {
      const { name, message, Key, Code } = error as Error & { Key?: string; Code?: string };
      outcomes.push({ name, message, Key, Code });
    }
  };
  for (const Key of ["k", "a b/ä+%2F//..", "😀"]) {
    for (const Body of bytes) {
      await note(client.send(new PutObjectCommand({ Bucket, Key, Body })) as Promise<object>);
      await note(client.send(new GetObjectCommand({ Bucket, Key })));
      await note(client.send(new HeadObjectCommand({ Bucket, Key })) as Promise<object>);
    }
    await note(
      client.send(
        new PutObjectCommand({ Bucket, Key, Body: "s", ChecksumAlgorithm: "SHA256", ContentType: "text/plain" }),
      ) as Promise<object>,
    );
    await note(client.send(new GetObjectCommand({ Bucket, Key, ChecksumMode: "ENABLED" })));
    await note(client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: "ENABLED" })) as Promise<object>);
    await note(
      client.send(
        new PutObjectCommand({
          Bucket,
          Key,
          Body: "s",
          CacheControl: "no-cache",
          Tagging: "a=b",
          Metadata: { m: "1" },
          Expires: new Date(1e12),
        }),
      ) as Promise<object>,
    );
    await note(client.send(new GetObjectCommand({ Bucket, Key })));
    await note(
      client.send(new PutObjectCommand({ Bucket, Key, Body: "s", ChecksumCRC32: "AAAAAA==" })) as Promise<object>,
    );
    await note(
      client.send(new PutObjectCommand({ Bucket, Key, Body: "s", ChecksumCRC32: "nonsense" })) as Promise<object>,
    );
    await note(client.send(new PutObjectCommand({ Bucket: "none", Key, Body: "s" })) as Promise<object>);
  }
  await note(client.send(new GetObjectCommand({ Bucket, Key: "none" })));
  await note(client.send(new HeadObjectCommand({ Bucket, Key: "none" })) as Promise<object>);
  await note(client.send(new GetObjectCommand({ Bucket: "none", Key: "none" })));
  await note(client.send(new PutObjectCommand({ Bucket, Key: "x".repeat(1025), Body: "s" })) as Promise<object>);
  return outcomes;
}

test("the direct way and the way through the schemas give the same answers", async () => {
  await using direct = await startS3();
  await using schemas = await startS3({ direct: false });
  const seenDirect = observe(direct.client);
  const seenSchemas = observe(schemas.client);
  const outcomes = await converse(direct.client);
  assert.deepEqual(outcomes, await converse(schemas.client));
  assert.deepEqual(seenDirect, seenSchemas);
  assert.ok(seenDirect.length > 50);
  assert.ok(direct.directRequests() > 40, `${direct.directRequests()} requests took the direct way`);
  assert.equal(schemas.directRequests(), 0);
});

test("concurrent small puts are all there", async () => {
  await using server = await startS3();
  const { client } = server;
  const bodies = Array.from({ length: 200 }, () => randomBytes(500));
  const put = (Body: Buffer, index: number) =>
    client.send(new PutObjectCommand({ Bucket: "reviews", Key: `k${index}`, Body }));
  await Promise.all(bodies.map(put));
  for (const [index, body] of bodies.entries()) {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: "reviews", Key: `k${index}` }));
    assert.ok(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(body));
  }
});
