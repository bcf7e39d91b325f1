import type { Owner, Resource, Resources } from "@rondo/store";

export interface RecentRowsDependencies {
  readonly resources: Pick<Resources, "find" | "onRest">;
  /** Milliseconds on a clock that never jumps. */
  readonly timer: { now(): number };
  /** A row that could not be read again in the background. */
  readonly onError: (error: unknown) => void;
}

interface Entry {
  readonly row: Resource | undefined;
  readonly readAt: number;
  isRefreshing: boolean;
}

/** From this age on a row that is asked for is read again in the background, and from that age on whoever asks waits for it. */
const REFRESH_MS = 1000;
const STALE_MS = 2000;
/** Rows that are kept, also those that do not exist. */
const MOST_ROWS = 10_000;

/**
 * Rows as they were at most two seconds ago, without a query for each request. What rests here (a campaign that was updated) is read anew at once;
 * what another process does is seen within those seconds, which is as long as AWS's own control plane takes at least.
 */
export class RecentRows implements Disposable {
  readonly #dependencies: RecentRowsDependencies;
  readonly #entries = new Map<string, Entry>();
  readonly #resting: Disposable;

  constructor(dependencies: RecentRowsDependencies) {
    this.#dependencies = dependencies;
    this.#resting = dependencies.resources.onRest((row) => this.#entries.delete(keyOf(row, row.type, row.name)));
  }

  /** The row, if it was read lately: `{ row: undefined }` says that there is none; undefined that it has to be read. */
  peek(owner: Owner, type: string, name: string): { readonly row: Resource | undefined } | undefined {
    const entry = this.#entries.get(keyOf(owner, type, name));
    if (entry === undefined) return undefined;
    const age = this.#dependencies.timer.now() - entry.readAt;
    if (age >= STALE_MS) return undefined;
    if (age >= REFRESH_MS && !entry.isRefreshing) {
      entry.isRefreshing = true;
      this.read(owner, type, name).catch((error: unknown) => {
        entry.isRefreshing = false;
        this.#dependencies.onError(error);
      });
    }
    return entry;
  }

  /** The row as it is now. */
  async read(owner: Owner, type: string, name: string): Promise<Resource | undefined> {
    const key = keyOf(owner, type, name);
    // Before the query: what is written while it runs may not be in it.
    const readAt = this.#dependencies.timer.now();
    const row = await this.#dependencies.resources.find<Record<string, unknown>>(owner, type, name);
    const known = this.#entries.get(key);
    if (known === undefined || known.readAt <= readAt) {
      this.#entries.delete(key);
      this.#entries.set(key, { row, readAt, isRefreshing: false });
      for (const oldest of this.#entries.keys()) {
        if (this.#entries.size <= MOST_ROWS) break;
        this.#entries.delete(oldest);
      }
    }
    return row;
  }

  clear(): void {
    this.#entries.clear();
  }

  [Symbol.dispose](): void {
    this.#resting[Symbol.dispose]();
  }
}

function keyOf({ accountId, region }: Owner, type: string, name: string): string {
  return `${accountId}/${region}/${type}/${name}`;
}
