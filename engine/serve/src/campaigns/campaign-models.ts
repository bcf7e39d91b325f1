import type { AnsweringModel } from "@rondo/personalize";
import type { ModelCache } from "../model-cache.ts";
import { settleOrAbort } from "../settle-or-abort.ts";

export interface CampaignModelsOptions {
  readonly cache: Pick<ModelCache, "acquire">;
  /** Reads an unpacked model. */
  readonly open: (directory: string) => Promise<AnsweringModel>;
  /** Whose bucket models are in. */
  readonly accountId: string;
  /** Aborted when the server stops. */
  readonly signal: AbortSignal;
  /** What models that no campaign answers with may take in memory. */
  readonly maxIdleBytes?: number;
}

interface Entry {
  readonly model: Promise<AnsweringModel>;
  opened?: AnsweringModel;
  bytes: number;
  users: number;
}

const DEFAULT_MAX_IDLE_BYTES = 500_000_000;
/** Of an id in a Map, besides its characters: V8's string, its slot, its number. */
const BYTES_OF_ID = 64;

/** Models in memory by their URI: each is read once, however many campaigns answer with it, and idle ones go, the longest idle first. */
export class CampaignModels {
  readonly #options: CampaignModelsOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: CampaignModelsOptions) {
    this.#options = options;
  }

  /** The model, if it is in memory. */
  peek(uri: string): AnsweringModel | undefined {
    return this.#entries.get(uri)?.opened;
  }

  /**
   * Reads the model unless it is there; who gives up leaves it to the others. Rejects with ServeError `ModelNotLoadable` or the reader's error, and then
   * the next call tries again.
   */
  async load(uri: string, signal: AbortSignal): Promise<AnsweringModel> {
    const entry = this.#entries.get(uri) ?? this.#add(uri);
    // What was used last goes last.
    this.#entries.delete(uri);
    this.#entries.set(uri, entry);
    return await settleOrAbort(entry.model, signal);
  }

  /** Keeps a model that is in memory there until the result is disposed of. */
  hold(uri: string): Disposable {
    const entry = this.#entries.get(uri);
    if (entry === undefined) throw new Error(`The model ${uri} is not in memory.`);
    entry.users += 1;
    let isHeld = true;
    return {
      [Symbol.dispose]: () => {
        if (isHeld) entry.users -= 1;
        isHeld = false;
        this.#evict();
      },
    };
  }

  #add(uri: string): Entry {
    const entry: Entry = { model: this.#read(uri), bytes: 0, users: 0 };
    this.#entries.set(uri, entry);
    entry.model.then(
      (model) => {
        entry.opened = model;
        entry.bytes = modelBytes(model);
        this.#evict();
      },
      () => this.#entries.delete(uri),
    );
    return entry;
  }

  async #read(uri: string): Promise<AnsweringModel> {
    const { cache, accountId, open, signal } = this.#options;
    const cached = await cache.acquire({ accountId, url: uri }, signal);
    try {
      return await open(cached.directory);
    } finally {
      cached.release();
    }
  }

  #evict(): void {
    const { maxIdleBytes = DEFAULT_MAX_IDLE_BYTES } = this.#options;
    let idle = 0;
    for (const [uri, { users, bytes, opened }] of [...this.#entries].reverse()) {
      if (users > 0 || opened === undefined) continue;
      // The newest stays in any case: it may just have been prepared.
      if (idle > 0 && idle + bytes > maxIdleBytes) this.#entries.delete(uri);
      idle += bytes;
    }
  }
}

/** What a model takes in memory, about: its arrays and its ids. */
export function modelBytes({ trained }: Pick<AnsweringModel, "trained">): number {
  let bytes = 0;
  for (const { ids } of [trained.items, trained.users]) for (const id of ids) bytes += id.length + BYTES_OF_ID;
  const seen = new Set<unknown>();
  const add = (value: unknown): void => {
    if (typeof value !== "object" || value === null || seen.has(value)) return;
    seen.add(value);
    if (ArrayBuffer.isView(value)) bytes += value.byteLength;
    else if (!Array.isArray(value)) for (const part of Object.values(value)) add(part);
  };
  add(trained);
  return bytes;
}
