import { createHash, randomUUID } from "node:crypto";
import { renameSync } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { type Objects, StoreError, unpackArchive } from "@rondo/store";
import { ServeError } from "./serve-error.ts";

/** A model artifact to unpack; without a URL an empty directory. */
export interface ModelSource {
  /** Whose bucket it is in. */
  readonly accountId: string;
  /** `s3://bucket/key` of a tar.gz. */
  readonly url?: string;
  /** Only these bytes: what is cached under it is used without asking for the object, and another object is refused. */
  readonly etag?: string;
}

/** An unpacked model that stays on disk until `release`. */
export interface CachedModel {
  readonly directory: string;
  readonly etag?: string;
  readonly release: () => void;
}

export interface ModelCacheOptions {
  /** Made when it is missing; whatever else lies in it is deleted. */
  readonly directory: string;
  readonly objects: Pick<Objects, "head" | "get">;
  readonly clock: { now(): Date };
  /** What models that nobody uses may take on disk. Default 10 GB. */
  readonly maxBytes?: number;
}

interface Entry {
  /** Settles when the directory is complete. */
  ready: Promise<void>;
  bytes: number;
  lastUsed: number;
  /** Counted before `ready`, so that an entry somebody waits for is never evicted. */
  users: number;
}

const DEFAULT_MAX_BYTES = 10_000_000_000;
/** Of one unpacked model; ours and the ecosystem's are far below. */
const LIMITS = { maxBytes: 50_000_000_000, maxEntries: 100_000 };
const ENTRY_NAME = /^[0-9a-f]{64}$/;

/**
 * Unpacked models on disk, by the digest of where they came from and their ETag: an endpoint that starts again after a restart finds its model
 * here even when the object has been deleted or replaced since. An entry appears by one rename when it is complete; those least recently used
 * go first when there is too much.
 */
export class ModelCache {
  readonly #options: ModelCacheOptions;
  readonly #entries = new Map<string, Entry>();
  #opened: Promise<void> | undefined;

  constructor(options: ModelCacheOptions) {
    this.#options = options;
  }

  /** Throws ServeError `ModelNotLoadable` for an object that is missing, replaced or no safe tar.gz. */
  async acquire(source: ModelSource, signal: AbortSignal): Promise<CachedModel> {
    this.#opened ??= this.#open();
    await this.#opened;
    const etag = source.url === undefined ? undefined : (source.etag ?? (await this.#currentETag(source)));
    const name = createHash("sha256")
      .update(JSON.stringify([source.accountId, source.url ?? "", etag ?? ""]))
      .digest("hex");
    const entry = this.#entries.get(name) ?? this.#add(name, { ...source, etag }, signal);
    entry.users += 1;
    let held = true;
    const release = () => {
      if (held) entry.users -= 1;
      held = false;
    };
    try {
      await entry.ready;
    } catch (error) {
      release();
      throw error;
    }
    const now = this.#options.clock.now();
    entry.lastUsed = now.getTime();
    const directory = path.join(this.#options.directory, name);
    await utimes(directory, now, now);
    await this.#evict();
    return { directory: path.join(directory, "model"), etag, release };
  }

  /** What an earlier run left: complete entries are kept, all else is the rest of a crash. */
  async #open(): Promise<void> {
    const { directory } = this.#options;
    await mkdir(directory, { recursive: true });
    for (const name of await readdir(directory)) {
      const home = path.join(directory, name);
      const bytes = ENTRY_NAME.test(name)
        ? Number(await readFile(path.join(home, "bytes"), "utf8").catch(() => ""))
        : 0;
      if (bytes > 0) {
        const lastUsed = (await stat(home)).mtimeMs;
        this.#entries.set(name, { ready: Promise.resolve(), bytes, lastUsed, users: 0 });
      } else await rm(home, { recursive: true, force: true });
    }
  }

  #add(name: string, source: ModelSource, signal: AbortSignal): Entry {
    const entry: Entry = { ready: Promise.resolve(), bytes: 0, lastUsed: 0, users: 0 };
    entry.ready = this.#fill(name, source, signal).then(
      (bytes) => void (entry.bytes = bytes),
      (error: unknown) => {
        this.#entries.delete(name);
        throw error;
      },
    );
    this.#entries.set(name, entry);
    return entry;
  }

  /** Resolves to the bytes on disk, at least 1. */
  async #fill(name: string, source: ModelSource, signal: AbortSignal): Promise<number> {
    const partial = path.join(this.#options.directory, `partial-${randomUUID()}`);
    try {
      const model = path.join(partial, "model");
      await mkdir(model, { recursive: true });
      const unpacked = source.url === undefined ? 0 : await this.#download(source, model, signal);
      const bytes = Math.max(1, unpacked);
      await writeFile(path.join(partial, "bytes"), String(bytes));
      await rename(partial, path.join(this.#options.directory, name));
      return bytes;
    } catch (error) {
      await rm(partial, { recursive: true, force: true });
      throw error;
    }
  }

  async #currentETag(source: ModelSource): Promise<string> {
    const { bucket, key } = locate(source);
    const info = await this.#options.objects.head({ accountId: source.accountId, bucket }, key).catch(refuse(source));
    return info.etag;
  }

  async #download(source: ModelSource, directory: string, signal: AbortSignal): Promise<number> {
    const { bucket, key } = locate(source);
    try {
      const content = await this.#options.objects.get({ accountId: source.accountId, bucket }, key, {
        conditions: { ifMatch: source.etag },
      });
      const archive = Buffer.isBuffer(content.body) ? Readable.from([content.body]) : content.body;
      await unpackArchive(archive, directory, LIMITS, signal);
      return await syncFiles(directory);
    } catch (error) {
      signal.throwIfAborted();
      return refuse(source)(error);
    }
  }

  async #evict(): Promise<void> {
    const idle = [...this.#entries]
      .filter(([, entry]) => entry.users === 0)
      .sort(([, one], [, other]) => other.lastUsed - one.lastUsed);
    const evicted: string[] = [];
    let kept = 0;
    for (const [name, entry] of idle) {
      kept += entry.bytes;
      if (kept <= (this.#options.maxBytes ?? DEFAULT_MAX_BYTES)) continue;
      // Out of the way in the same turn of the event loop, so that nobody finds a directory that is being deleted.
      this.#entries.delete(name);
      const doomed = path.join(this.#options.directory, `partial-${randomUUID()}`);
      renameSync(path.join(this.#options.directory, name), doomed);
      evicted.push(doomed);
    }
    for (const directory of evicted) await rm(directory, { recursive: true, force: true });
  }
}

function locate(source: ModelSource): { readonly bucket: string; readonly key: string } {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(source.url ?? "") ?? [];
  if (bucket !== undefined && key !== undefined) return { bucket, key };
  throw new ServeError("ModelNotLoadable", `ModelDataUrl ${source.url} is not of the form s3://bucket/key.`);
}

/** Puts every file on disk for good, so that an entry that a power cut finds renamed is whole. Resolves to the bytes of all files. */
async function syncFiles(directory: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    await using file = await open(path.join(entry.parentPath, entry.name));
    await file.sync();
    bytes += (await file.stat()).size;
  }
  return bytes;
}

/** What the store refuses for good becomes the reason that the user reads; anything else may pass and is thrown on. */
function refuse(source: ModelSource): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof StoreError)) throw error;
    const why =
      error.code === "PreconditionFailed" ? "the object has been replaced since it was deployed" : error.message;
    throw new ServeError("ModelNotLoadable", `Could not load the model data at ${source.url}: ${why}`, {
      cause: error,
    });
  };
}
