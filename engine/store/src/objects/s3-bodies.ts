import { Readable } from "node:stream";
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { StoreError } from "../store-error.ts";
import type { Bodies } from "./bodies.ts";

/**
 * Bytes of one part, all of which are held in memory. S3 takes 10,000 parts of at least 5 MiB: this size suffices for bodies of 80 GB, and ours
 * have at most 5 GiB.
 */
const PART_BYTES = 8 << 20;

export interface S3BodiesOptions {
  readonly client: S3Client;
  readonly bucket: string;
  /** Put before each id; `""` or something that ends in `/`. */
  readonly prefix: string;
}

/**
 * Bodies as objects of any S3. Parts of a write that a crash interrupted stay with that S3 until its lifecycle rule
 * AbortIncompleteMultipartUpload removes them.
 */
export function createS3Bodies({ client, bucket, prefix }: S3BodiesOptions): Bodies {
  const keyOf = (id: string): { Bucket: string; Key: string } => ({ Bucket: bucket, Key: prefix + id });
  return {
    async write(id, body, signal) {
      const parts = cutIntoParts(body);
      const first = (await parts.next()).value ?? Buffer.alloc(0);
      const second = await parts.next();
      if (second.done) {
        await client.send(new PutObjectCommand({ ...keyOf(id), Body: first }), { abortSignal: signal });
        return;
      }
      const queue = chain([first, second.value], parts);
      await uploadParts({ client, target: keyOf(id), parts: queue, signal });
    },
    async read(id, range) {
      const Range = range && `bytes=${range.start}-${range.end}`;
      try {
        const { Body } = await client.send(new GetObjectCommand({ ...keyOf(id), Range }));
        if (Body instanceof Readable) return Body;
      } catch (error) {
        if (!(error instanceof NoSuchKey)) throw error;
      }
      throw new StoreError("InternalError", `The body ${id} is not in s3://${bucket}/${prefix}.`);
    },
    async remove(id) {
      await client.send(new DeleteObjectCommand(keyOf(id)));
    },
    async *list(olderThan) {
      let ContinuationToken: string | undefined;
      do {
        const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken }));
        for (const { Key, LastModified } of page.Contents ?? []) {
          if (Key !== undefined && LastModified !== undefined && LastModified < olderThan) {
            yield Key.slice(prefix.length);
          }
        }
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
    },
    describe: async () => ({ kind: "s3", location: `s3://${bucket}/${prefix}` }),
    close: async () => client.destroy(),
  };
}

/** Parts of PART_BYTES, the last one shorter. */
async function* cutIntoParts(body: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, undefined> {
  let chunks: Uint8Array[] = [];
  let gathered = 0;
  for await (const chunk of body) {
    let rest = chunk;
    while (gathered + rest.byteLength >= PART_BYTES) {
      const cut = PART_BYTES - gathered;
      yield Buffer.concat([...chunks, rest.subarray(0, cut)]);
      rest = rest.subarray(cut);
      chunks = [];
      gathered = 0;
    }
    if (rest.byteLength > 0) chunks.push(rest);
    gathered += rest.byteLength;
  }
  if (gathered > 0) yield Buffer.concat(chunks);
  return undefined;
}

async function* chain<Item>(first: readonly Item[], rest: AsyncIterable<Item>): AsyncIterable<Item> {
  yield* first;
  yield* rest;
}

interface PartUpload {
  readonly client: S3Client;
  readonly target: { Bucket: string; Key: string };
  readonly parts: AsyncIterable<Buffer>;
  readonly signal: AbortSignal | undefined;
}

async function uploadParts({ client, target, parts, signal }: PartUpload): Promise<void> {
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(target), { abortSignal: signal });
  try {
    const uploaded: CompletedPart[] = [];
    for await (const Body of parts) {
      const PartNumber = uploaded.length + 1;
      const answer = await client.send(new UploadPartCommand({ ...target, UploadId, PartNumber, Body }), {
        abortSignal: signal,
      });
      uploaded.push({
        PartNumber,
        ETag: answer.ETag,
        ChecksumCRC32: answer.ChecksumCRC32,
        ChecksumCRC64NVME: answer.ChecksumCRC64NVME,
      });
    }
    await client.send(
      new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts: uploaded } }),
      { abortSignal: signal },
    );
  } catch (error) {
    await client.send(new AbortMultipartUploadCommand({ ...target, UploadId }));
    throw error;
  }
}
