import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { callbackify } from "node:util";
import { createGunzip } from "node:zlib";
import { type ExtractEvents, extract, type Header } from "tar-stream";
import { StoreError } from "../store-error.ts";

/** What an archive may hold; beyond it unpacking stops with StoreError "InvalidArchive". */
export interface ArchiveLimits {
  /** Bytes of all files together, unpacked. */
  readonly maxBytes: number;
  readonly maxEntries: number;
}

/** tar-stream holds extended headers in memory; more than this without a file's byte between is an attack. */
const MAX_HEADER_BYTES = 4 * 1024 * 1024;

/**
 * Unpacks a gzipped tar into a directory, which should be new: on failure the files so far stay there. Only files and directories are taken, and only
 * below the directory; links, devices, absolute paths, `..`, the same name twice, too much of anything and damage are a StoreError "InvalidArchive".
 */
export async function unpackArchive(
  source: Readable | AsyncIterable<Uint8Array>,
  directory: string,
  limits: ArchiveLimits,
  signal?: AbortSignal,
): Promise<void> {
  let sinceProgress = 0;
  async function* guard(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      sinceProgress += chunk.length;
      if (sinceProgress > MAX_HEADER_BYTES) throw invalid("a header is too large");
      yield chunk;
    }
  }
  const left = { bytes: limits.maxBytes, entries: limits.maxEntries };
  const onProgress = (): void => {
    sinceProgress = 0;
  };
  const entries = extract();
  // The events, not the async iterator: leaving its loop early may wait forever for the entry that was not read.
  entries.on("entry", (header, content, next) => {
    // When the archive fails, so does its open entry; the archive's error is the one that is told.
    content.on("error", () => undefined);
    const take = takeEntry({ header, content }, directory, { left, onProgress });
    callbackify(() => take)((error) => next(error));
  });
  try {
    await mkdir(directory, { recursive: true });
    await pipeline(source, createGunzip(), guard, entries, { signal });
  } catch (error) {
    throw toStoreError(error);
  }
}

interface Entry {
  readonly header: Header;
  readonly content: ExtractEvents["entry"][1];
}

interface Progress {
  readonly left: { bytes: number; entries: number };
  readonly onProgress: () => void;
}

async function takeEntry(entry: Entry, directory: string, { left, onProgress }: Progress): Promise<void> {
  onProgress();
  const { name, type, size } = entry.header;
  const path = join(directory, ...safeSegments(name));
  left.entries -= 1;
  left.bytes -= size;
  if (left.entries < 0) throw invalid("it holds too many files");
  if (left.bytes < 0) throw invalid("it is too large when unpacked");
  if (type === "directory") {
    await mkdir(path, { recursive: true });
    entry.content.resume();
  } else if (type === "file" || type === "contiguous-file") {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(entry, path, onProgress);
  } else {
    throw invalid(`${name} is a ${type}; only files and directories are allowed`);
  }
}

async function writeFile(entry: Entry, path: string, onProgress: () => void): Promise<void> {
  entry.content.on("data", onProgress);
  const mode = (entry.header.mode & 0o100) === 0 ? 0o644 : 0o755;
  // "wx": the same name twice is refused, so that nothing is ever written through something that an entry before has made.
  await pipeline(entry.content, createWriteStream(path, { flags: "wx", mode }));
}

function safeSegments(name: string): string[] {
  const segments = name.split("/").filter((segment) => segment !== "" && segment !== ".");
  const isUnsafe = name.startsWith("/") || name.includes("\0") || name.includes("\\") || segments.includes("..");
  if (isUnsafe) throw invalid(`the path ${JSON.stringify(name)} leads out of it`);
  return segments;
}

function invalid(reason: string): StoreError {
  return new StoreError("InvalidArchive", `The archive cannot be unpacked: ${reason}.`);
}

/** Damage shows in gzip, tar or the file system, each in its own words; an abort stays one. */
function toStoreError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof StoreError || error.name === "AbortError") return error;
  const { code } = error as NodeJS.ErrnoException;
  const isOurs = code === "ENOSPC" || code === "EACCES" || code === "EMFILE" || code === "EROFS";
  return isOurs ? error : invalid(error.message);
}
