import { type FileHandle, mkdir, open, opendir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { StoreError } from "../store-error.ts";
import type { Bodies } from "./bodies.ts";

/** Bytes gathered before they are written: one call of the operating system per MiB instead of one per network packet. */
const WRITE_BYTES = 1 << 20;

/** Bytes read ahead per open body. */
const READ_BYTES = 256 << 10;

const TEMPORARY = ".tmp";

/**
 * Bodies as files of one directory, in 256 folders by the id's first two characters. A body is written under a temporary name, synced and
 * renamed, and its folder is synced, so that after a power failure it is there whole or not at all.
 */
export function createDiskBodies({ directory }: { readonly directory: string }): Bodies {
  const folders = new Map<string, Promise<string>>();

  const folderOf = (id: string): Promise<string> => {
    const name = shardOf(id);
    let folder = folders.get(name);
    if (folder === undefined) {
      folder = makeFolder(directory, name);
      folder.catch(() => folders.delete(name));
      folders.set(name, folder);
    }
    return folder;
  };

  return {
    async write(id, body, signal) {
      const folder = await folderOf(id);
      const file = path.join(folder, id);
      const temporary = file + TEMPORARY;
      try {
        await writeSynced(temporary, body, signal);
        await rename(temporary, file);
        await syncFolder(folder);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    },
    async read(id, range) {
      const handle = await openBody(path.join(directory, shardOf(id), id), id);
      if (range !== undefined) await checkLength(handle, { id, end: range.end });
      return handle.createReadStream({ ...range, highWaterMark: READ_BYTES });
    },
    async remove(id) {
      const file = path.join(directory, shardOf(id), id);
      await rm(file, { force: true });
      await rm(file + TEMPORARY, { force: true });
    },
    list: (olderThan) => listFiles(directory, olderThan),
    describe: async () => ({ kind: "disk", location: directory }),
    close: async () => {},
  };
}

function shardOf(id: string): string {
  if (!/^[0-9a-zA-Z][0-9a-zA-Z-]+$/.test(id)) throw new Error(`"${id}" is no id of a body.`);
  return id.slice(0, 2);
}

async function makeFolder(directory: string, name: string): Promise<string> {
  const folder = path.join(directory, name);
  await mkdir(folder, { recursive: true });
  await syncFolder(directory);
  return folder;
}

/** Makes names in a folder durable. Windows cannot open folders and does not need it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  await using handle = await open(folder, "r");
  await handle.sync();
}

async function writeSynced(file: string, body: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<void> {
  await using handle = await open(file, "wx", 0o600);
  let chunks: Uint8Array[] = [];
  let gathered = 0;
  for await (const chunk of body) {
    signal?.throwIfAborted();
    chunks.push(chunk);
    gathered += chunk.byteLength;
    if (gathered < WRITE_BYTES) continue;
    await writeAll(handle, chunks);
    chunks = [];
    gathered = 0;
  }
  signal?.throwIfAborted();
  await writeAll(handle, chunks);
  await handle.datasync();
}

async function writeAll(handle: FileHandle, chunks: readonly Uint8Array[]): Promise<void> {
  let rest = chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks);
  while (rest.byteLength > 0) {
    const { bytesWritten } = await handle.write(rest);
    rest = rest.subarray(bytesWritten);
  }
}

async function openBody(file: string, id: string): Promise<FileHandle> {
  try {
    return await open(file, "r");
  } catch (error) {
    if (isMissing(error)) throw new StoreError("InternalError", `The body ${id} is not in ${path.dirname(file)}.`);
    throw error;
  }
}

/** A file that something cut short is an error before the answer begins, and not an answer that ends too early. */
async function checkLength(handle: FileHandle, { id, end }: { id: string; end: number }): Promise<void> {
  const { size } = await handle.stat();
  if (size > end) return;
  await handle.close();
  throw new StoreError("InternalError", `The body ${id} has ${size} bytes on disk, and byte ${end} is asked for.`);
}

/** The ids of finished and of abandoned files. */
async function* listFiles(directory: string, olderThan: Date): AsyncIterable<string> {
  for await (const shard of entriesOf(directory)) {
    for await (const name of entriesOf(path.join(directory, shard))) {
      const written = await modifiedAt(path.join(directory, shard, name));
      if (written !== undefined && written < olderThan) {
        yield name.endsWith(TEMPORARY) ? name.slice(0, -TEMPORARY.length) : name;
      }
    }
  }
}

async function* entriesOf(directory: string): AsyncIterable<string> {
  try {
    for await (const entry of await opendir(directory)) yield entry.name;
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

async function modifiedAt(file: string): Promise<Date | undefined> {
  try {
    return (await stat(file)).mtime;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
