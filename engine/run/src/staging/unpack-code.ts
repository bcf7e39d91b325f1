import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { ClientError } from "@rondo/images";
import { type Objects, StoreError, unpackArchive } from "@rondo/store";
import { parseS3Uri } from "../s3-uri.ts";

export interface CodeOptions {
  readonly objects: Objects;
  readonly accountId: string;
  /** `s3://bucket/…/sourcedir.tar.gz` */
  readonly s3Uri: string;
  /** What stands for `/opt/ml`. */
  readonly directory: string;
  readonly signal: AbortSignal;
}

/** Source code with what it brings along; more than this is data and belongs into a channel. */
const LIMITS = { maxBytes: 1024 ** 3, maxEntries: 50_000 };

/** Unpacks a script's source archive to `code/`, anew each time. Throws ClientError for what the user can put right. */
export async function unpackCode({ objects, accountId, s3Uri, directory, signal }: CodeOptions): Promise<void> {
  const location = parseS3Uri(s3Uri);
  if (location === undefined) {
    throw new ClientError(`The source code ${s3Uri} cannot be read: it must be an archive s3://bucket/….tar.gz.`);
  }
  const code = join(directory, "code");
  await rm(code, { recursive: true, force: true });
  try {
    const { body } = await objects.get({ accountId, bucket: location.bucket }, location.key);
    await unpackArchive(Buffer.isBuffer(body) ? Readable.from([body]) : body, code, LIMITS, signal);
  } catch (error) {
    if (!(error instanceof StoreError) || !/^(NoSuch|Invalid)/.test(error.code)) throw error;
    throw new ClientError(`The source code ${s3Uri} cannot be unpacked: ${error.code}: ${error.message}`);
  }
}
