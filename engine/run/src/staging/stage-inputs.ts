import { createWriteStream } from "node:fs";
import { link, mkdir, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ClientError } from "@rondo/images";
import { type Objects, StoreError } from "@rondo/store";
import { type InputObject, type InputObjects, inputObjects } from "./input-objects.ts";

const PARALLEL = 4;
/** Longest name of a file on the usual file systems. */
const MAX_NAME_BYTES = 255;

/** Where an input's objects go. */
export interface StagedInput extends InputObjects {
  /** Below the job's directory, with `/` between segments: `input/data/train`. */
  readonly folder: string;
}

export interface StagingOptions {
  readonly objects: Objects;
  readonly accountId: string;
  readonly inputs: readonly StagedInput[];
  /** What stands for `/opt/ml`. */
  readonly directory: string;
  readonly signal: AbortSignal;
}

/**
 * Copies the objects of each input to its folder, a few at a time. An input whose folder lies within another one's hides what that one has there, as a
 * mount does. Repeated after a crash it goes on: a file is there complete or not at all, and carries its object's size and time, by which it is
 * recognised; an object that was replaced meanwhile replaces its file. Throws ClientError for what the user can put right.
 */
export async function stageInputs(options: StagingOptions): Promise<void> {
  const { objects, accountId, inputs, directory } = options;
  const partial = join(directory, "tmp", "staging");
  // Left over from a crash.
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  const { ctimeNs: began } = await stat(partial, { bigint: true });
  for (const input of inputs) {
    const target = join(directory, input.folder);
    const hidden = inputs.map(({ folder }) => folder).filter((folder) => folder.startsWith(`${input.folder}/`));
    await mkdir(target, { recursive: true });
    const queue = inputObjects(objects, accountId, input);
    const abort = new AbortController();
    const signal = AbortSignal.any([options.signal, abort.signal]);
    const workers = Array.from({ length: PARALLEL }, async (_, worker) => {
      for await (const item of queue) {
        signal.throwIfAborted();
        if (hidden.some((folder) => isWithin(folder, `${input.folder}/${item.path}`))) continue;
        await stageObject(options, item, { target, temporary: join(partial, `${worker}`), began, signal });
      }
    });
    try {
      await Promise.all(workers);
    } finally {
      abort.abort();
      await Promise.allSettled(workers);
    }
  }
  await rm(partial, { recursive: true, force: true });
}

/** Whether `path` is `folder` or lies below it. */
function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

interface Placement {
  readonly target: string;
  readonly temporary: string;
  /** By the file system's clock, in nanoseconds: what changed before is of an earlier attempt. */
  readonly began: bigint;
  readonly signal: AbortSignal;
}

async function stageObject(
  { objects }: StagingOptions,
  { object, path }: InputObject,
  place: Placement,
): Promise<void> {
  const file = join(place.target, ...safeSegments(path, object.key));
  const { bucket, accountId, key, lastModified } = object;
  if (await isStaged(file, object)) {
    // From now on it is of this attempt.
    await utimes(file, lastModified, lastModified);
    return;
  }
  const { body, info } = await objects.get({ accountId, bucket }, key).catch((error: unknown) => {
    if (!(error instanceof StoreError)) throw error;
    throw new ClientError(`Data download failed: ${error.code}: s3://${bucket}/${key} is gone since it was listed.`);
  });
  const content = Buffer.isBuffer(body) ? Readable.from([body]) : body;
  await pipeline(content, createWriteStream(place.temporary), { signal: place.signal });
  await utimes(place.temporary, info.lastModified, info.lastModified);
  await settle(place, file, `s3://${bucket}/${key}`);
}

/** Gives the complete file its name, never over another one of this attempt: two keys may differ in less than file names do. */
async function settle({ temporary, began }: Placement, file: string, uri: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await link(temporary, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EEXIST" && code !== "ENOTDIR") throw error;
    const found = await stat(file, { bigint: true }).catch(() => undefined);
    if (found?.isFile() === true && found.ctimeNs < began) return await rename(temporary, file);
    throw new ClientError(`Data download failed: ${uri} and another object of the job have the same file name.`);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function isStaged(file: string, object: InputObject["object"]): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  const seconds = Math.floor(object.lastModified.getTime() / 1000);
  return found?.isFile() === true && found.size === object.size && Math.floor(found.mtimeMs / 1000) === seconds;
}

/** Keys are data and may hold anything; as a path each segment must be a name. */
function safeSegments(path: string, key: string): string[] {
  const segments = path.split("/");
  const isName = (segment: string): boolean =>
    segment !== "" &&
    segment !== "." &&
    segment !== ".." &&
    !segment.includes("\0") &&
    Buffer.byteLength(segment) <= MAX_NAME_BYTES;
  if (!segments.every(isName)) {
    throw new ClientError(`Data download failed: the key ${JSON.stringify(key)} cannot be the name of a file.`);
  }
  return segments;
}
