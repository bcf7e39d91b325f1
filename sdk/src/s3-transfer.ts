import { createWriteStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { formatS3Uri, joinKey, type S3Location } from "./s3-uri.ts";

/** Above this a file travels in parts, each of which is retried by itself. Memory stays at `PARTS_AT_ONCE` parts. */
const PART_BYTES = 8 * 1024 * 1024;
const PARTS_AT_ONCE = 4;
/** S3's limit of parts in one upload. */
const MOST_PARTS = 10_000;

export interface TransferOptions {
  readonly signal?: AbortSignal;
  /** Called after each file or part with the bytes moved so far, of this call. */
  readonly onProgress?: (bytes: number) => void;
}

/** Uploads a file to the key, or the files of a folder, recursively, under it. */
export async function uploadPath(
  s3: S3Client,
  path: string,
  target: S3Location,
  options: TransferOptions = {},
): Promise<void> {
  let moved = 0;
  const count = (bytes: number) => {
    moved += bytes;
    options.onProgress?.(moved);
  };
  if (!(await stat(path)).isDirectory()) {
    await uploadFile(s3, path, target, { ...options, onProgress: count });
    return;
  }
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const key = joinKey(target.key, relative(path, file).split(sep).join("/"));
    await uploadFile(s3, file, { bucket: target.bucket, key }, { ...options, onProgress: count });
  }
}

async function uploadFile(s3: S3Client, path: string, target: S3Location, options: TransferOptions): Promise<void> {
  await using file = await open(path);
  const { size } = await file.stat();
  const readPart = async (start: number, length: number) => {
    const part = Buffer.allocUnsafe(Math.min(length, size - start));
    const { bytesRead } = await file.read(part, 0, part.length, start);
    if (bytesRead !== part.length) throw new Error(`${path} became shorter while it was uploaded.`);
    return part;
  };
  if (size <= PART_BYTES) {
    const command = new PutObjectCommand({ Bucket: target.bucket, Key: target.key, Body: await readPart(0, size) });
    await s3.send(command, { abortSignal: options.signal });
    options.onProgress?.(size);
    return;
  }
  await uploadParts(s3, target, { size, readPart }, options);
}

interface PartSource {
  readonly size: number;
  readonly readPart: (start: number, length: number) => Promise<Buffer>;
}

async function uploadParts(s3: S3Client, target: S3Location, source: PartSource, options: TransferOptions) {
  const where = { Bucket: target.bucket, Key: target.key };
  const send = { abortSignal: options.signal };
  // The clients check each part by CRC32 of their own accord, and S3 refuses that unless the upload was announced with it.
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ ...where, ChecksumAlgorithm: "CRC32" }), send);
  const partBytes = Math.max(PART_BYTES, Math.ceil(source.size / MOST_PARTS));
  const parts: CompletedPart[] = [];
  let next = 0;
  const isLeft = () => next * partBytes < source.size;
  const worker = async () => {
    while (isLeft()) {
      const index = next++;
      const Body = await source.readPart(index * partBytes, partBytes);
      const command = new UploadPartCommand({ ...where, UploadId, PartNumber: index + 1, Body });
      const { ETag, ChecksumCRC32 } = await s3.send(command, send);
      parts[index] = { ETag, ChecksumCRC32, PartNumber: index + 1 };
      options.onProgress?.(Body.length);
    }
  };
  try {
    const stopOthers = (error: unknown) => {
      next = Number.POSITIVE_INFINITY;
      throw error;
    };
    // All have ended before the upload is given up: a part that arrives after that would stay and be paid for.
    const outcomes = await Promise.allSettled(Array.from({ length: PARTS_AT_ONCE }, () => worker().catch(stopOthers)));
    const failure = outcomes.find((outcome) => outcome.status === "rejected");
    if (failure !== undefined) throw failure.reason;
    const command = new CompleteMultipartUploadCommand({ ...where, UploadId, MultipartUpload: { Parts: parts } });
    await s3.send(command, send);
  } catch (error) {
    // Without the abort signal: what was uploaded must go even when the caller gave up. Its failure would hide the reason.
    await s3.send(new AbortMultipartUploadCommand({ ...where, UploadId })).catch(() => undefined);
    throw error;
  }
}

/**
 * Downloads the object, or all objects under `<key>/`, into a folder and returns the paths written. A file appears under its name only when
 * it is complete. Keys that would lead out of the folder are refused.
 */
export async function downloadTo(
  s3: S3Client,
  source: S3Location,
  directory: string,
  options: TransferOptions = {},
): Promise<string[]> {
  const written: string[] = [];
  let moved = 0;
  const folder = source.key === "" || source.key.endsWith("/") ? source.key : `${source.key}/`;
  const query = { Bucket: source.bucket, Prefix: source.key };
  for await (const page of paginateListObjectsV2({ client: s3 }, query, { abortSignal: options.signal })) {
    for (const { Key: key = "", Size: size = 0 } of page.Contents ?? []) {
      if (key.endsWith("/") || (key !== source.key && !key.startsWith(folder))) continue;
      const name = key === source.key ? (key.split("/").at(-1) ?? key) : key.slice(folder.length);
      const path = resolve(directory, name);
      if (!path.startsWith(resolve(directory) + sep)) {
        throw new Error(
          `The object ${formatS3Uri({ bucket: source.bucket, key })} would be written outside ${directory}.`,
        );
      }
      await downloadObject(s3, { bucket: source.bucket, key }, path, options.signal);
      moved += size;
      options.onProgress?.(moved);
      written.push(path);
    }
  }
  if (written.length === 0) throw new Error(`There is no object at ${formatS3Uri(source)}.`);
  return written;
}

async function downloadObject(s3: S3Client, source: S3Location, path: string, signal: AbortSignal | undefined) {
  const command = new GetObjectCommand({ Bucket: source.bucket, Key: source.key });
  const { Body: body } = await s3.send(command, { abortSignal: signal });
  if (!(body instanceof Readable)) throw new Error(`${formatS3Uri(source)} came without a body.`);
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.partial`;
  try {
    await pipeline(body, createWriteStream(partial), { signal });
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
