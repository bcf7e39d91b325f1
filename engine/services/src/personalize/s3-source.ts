import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ClientError } from "@rondo/images";
import { parseS3Uri } from "@rondo/run";
import { type BucketRef, type Objects, StoreError } from "@rondo/store";
import { awsError } from "@rondo/wire";

export interface S3Source {
  readonly objects: Objects;
  readonly accountId: string;
  /** Of an object, or of a folder, of which the objects right in it are taken and those in folders of its own are not. */
  readonly s3Uri: string;
  /** What stands for `/opt/ml`. */
  readonly directory: string;
  /** Below it, where the program looks for them. */
  readonly folder: string;
  /** What the objects are: `CSV file`. */
  readonly noun: string;
  readonly signal: AbortSignal;
}

const PAGE = 1000;
/** Longest name of a file on the usual file systems. */
const MAX_NAME_BYTES = 255;

/** Throws InvalidInputException unless a location is of the form that jobs read and write. */
export function requireS3Location(location: string | undefined, member: string): string {
  if (location !== undefined && parseS3Uri(location) !== undefined) return location;
  throw awsError(
    "InvalidInputException",
    `The S3 location in ${member} must be of the form s3://bucket/key, not ${location}.`,
  );
}

/** Copies what a user's location holds for a program. May be repeated. Throws ClientError when there is nothing, and for what else the user can put right. */
export async function stageSource(source: S3Source): Promise<void> {
  const { objects, accountId, s3Uri, noun, signal } = source;
  const { bucket = "", key = "" } = parseS3Uri(s3Uri) ?? {};
  const folder = join(source.directory, source.folder);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  try {
    let count = 0;
    for await (const found of findKeys(objects, { accountId, bucket }, key)) {
      const { body } = await objects.get({ accountId, bucket }, found);
      const target = createWriteStream(join(folder, fileName(found)));
      await pipeline(Buffer.isBuffer(body) ? Readable.from([body]) : body, target, { signal });
      count += 1;
    }
    if (count === 0) throw new ClientError(`There is no ${noun} at ${s3Uri}.`);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw new ClientError(`The data at ${s3Uri} cannot be read: ${error.code}: ${error.message}`);
  }
}

/** The object itself, or those right in the folder. What begins with `_` or `.` is no data: `_SUCCESS`, `.metadata`. */
async function* findKeys(objects: Objects, bucket: BucketRef, key: string): AsyncGenerator<string> {
  const isFolder = key === "" || key.endsWith("/");
  if (!isFolder && (await hasObject(objects, bucket, key))) {
    yield key;
    return;
  }
  const prefix = isFolder ? key : `${key}/`;
  for (let startAfter: string | undefined; ; ) {
    const page = await objects.list({ ...bucket, prefix, delimiter: "/", startAfter, limit: PAGE });
    for (const object of page.objects) {
      const name = object.key.slice(prefix.length);
      if (name !== "" && !/^[._]/.test(name)) yield object.key;
    }
    if (page.nextStartAfter === undefined) return;
    startAfter = page.nextStartAfter;
  }
}

async function hasObject(objects: Objects, bucket: BucketRef, key: string): Promise<boolean> {
  return await objects.head(bucket, key).then(
    () => true,
    (error: unknown) => {
      if (error instanceof StoreError && error.code === "NoSuchKey") return false;
      throw error;
    },
  );
}

/** Keys are data and may hold anything; what follows the last slash must be a name. */
function fileName(key: string): string {
  const name = key.slice(key.lastIndexOf("/") + 1);
  if (name !== "." && name !== ".." && !name.includes("\0") && Buffer.byteLength(name) <= MAX_NAME_BYTES) return name;
  throw new ClientError(`The key ${JSON.stringify(key)} cannot be the name of a file.`);
}
