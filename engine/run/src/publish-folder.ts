import type { Dirent } from "node:fs";
import { lstat, opendir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { type Objects, StoreError } from "@rondo/store";
import { openWithoutFollowing } from "./open-without-following.ts";
import { parseS3Uri } from "./s3-uri.ts";

export interface PublishOptions {
  readonly objects: Objects;
  readonly accountId: string;
  /** What stands for `/opt/ml`. */
  readonly directory: string;
  /** Below it, with `/` between segments. */
  readonly folder: string;
  /** Where the folder's files go: `s3://bucket/prefix`. */
  readonly s3Uri: string;
  /** Only files that changed after this, as an earlier call returned it. Default: all. */
  readonly since?: string;
  readonly signal: AbortSignal;
}

/**
 * Puts each file below a folder as an object of its own, by its path, and returns a mark to go on from: nanoseconds of the last change before this call
 * began, so that a file that changes meanwhile is one of the next call's. Of a file that grows the part that was there is taken. Symbolic links are not
 * followed; empty folders and what is no file make no objects. Repeating it replaces the objects. Throws StoreError.
 */
export async function publishFolder(options: PublishOptions): Promise<string> {
  const { objects, accountId, s3Uri, signal, since = "0" } = options;
  const location = parseS3Uri(s3Uri.replace(/\/+$/, ""));
  if (location === undefined) throw new StoreError("InvalidLocation", `${s3Uri} is not of the form s3://bucket/key.`);
  const root = join(options.directory, options.folder);
  const mark = await lastChange(options, root);
  for await (const path of filesBelow(options.directory, root)) {
    signal.throwIfAborted();
    await using file = await openPlainFile(join(root, path));
    if (file === undefined || file.status.ctimeNs <= BigInt(since)) continue;
    const key = location.key === "" ? path : `${location.key}/${path}`;
    await objects.put({ accountId, bucket: location.bucket }, key, file.content(signal), { signal });
  }
  return mark.toString();
}

/** When the last of the files changed, in nanoseconds. The time of the inode's change, which also moving a file there sets; the program may set the other one as it likes. */
async function lastChange({ directory, since = "0", signal }: PublishOptions, root: string): Promise<bigint> {
  let latest = BigInt(since);
  for await (const path of filesBelow(directory, root)) {
    signal.throwIfAborted();
    const changed = (await lstat(join(root, path), { bigint: true }).catch(() => undefined))?.ctimeNs ?? 0n;
    if (changed > latest) latest = changed;
  }
  return latest;
}

/** Relative paths of the files below a folder, folder by folder; none when a link leads there. */
async function* filesBelow(directory: string, root: string): AsyncGenerator<string> {
  const expected = root.slice(directory.length);
  if ((await realpath(root).catch(() => undefined)) !== (await realpath(directory)) + expected) return;
  const folders = [""];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for await (const entry of entriesOf(join(root, folder))) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) folders.push(path);
      if (entry.isFile()) yield path;
    }
  }
}

async function* entriesOf(folder: string): AsyncGenerator<Dirent> {
  try {
    yield* await opendir(folder);
  } catch (error) {
    // A running program deletes folders as it likes.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

/** Undefined for what a running program has deleted or replaced since it was listed. */
async function openPlainFile(path: string) {
  const handle = await openWithoutFollowing(path);
  if (handle === undefined) return undefined;
  const status = await handle.stat({ bigint: true });
  const end = Number(status.size) - 1;
  return {
    status,
    content: (signal: AbortSignal): Readable =>
      end < 0 ? Readable.from([]) : handle.createReadStream({ autoClose: false, end, signal }),
    [Symbol.asyncDispose]: () => handle.close(),
  };
}
