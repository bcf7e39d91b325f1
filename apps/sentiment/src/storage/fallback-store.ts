import type { FallbackFile, Replayed } from "./fallback-file.ts";
import { isOutOfReach, isRefusalOfAccess } from "./out-of-reach.ts";

/** Where an acknowledged row is. */
export type StoredIn = "store" | "fallback";

/** A store with a file to fall back on. */
export interface FallbackStore<Row> extends AsyncDisposable {
  /** Resolves when the row is durable. Throws what the store refuses. `writeNow` writes this row instead of the store's own `write`. */
  put(row: Row, writeNow?: (row: Row) => Promise<void>): Promise<StoredIn>;
  /** Rows in the file. */
  readonly pending: number;
  /** Whether the store was out of reach a moment ago. */
  readonly isAway: boolean;
  /** Hands over what waits in the file now; resolves to how many rows the store took. Throws when it is still out of reach. */
  replay(): Promise<number>;
  close(): Promise<void>;
}

export interface FallbackStoreOptions<Row> {
  readonly file: FallbackFile<Row>;
  /** Stores a row that is new. */
  write(row: Row): Promise<void>;
  /** Stores a row that is some time old: again without a double effect, and never over something newer. Default: `write`. */
  rewrite?(row: Row): Promise<void>;
  /** Told of faults in the background. */
  readonly onFault: (error: unknown) => void;
  /** How long the store is left alone after it was out of reach. Default 1,000. */
  readonly retryAfterMs?: number;
  readonly clock: { now(): Date };
}

/**
 * Puts rows into the store and, while it is out of reach, into the file; brings them to the store in the background once it is back. Nothing is
 * lost, since a row is in one of the two before `put` resolves, and nothing is doubled as long as `rewrite` is idempotent.
 */
export function createFallbackStore<Row>(options: FallbackStoreOptions<Row>): FallbackStore<Row> {
  const { file, write, rewrite = write, onFault, retryAfterMs = 1_000, clock } = options;
  let awayUntil = 0;
  let timer: NodeJS.Timeout | undefined;
  let replaying: Promise<number> | undefined;
  let isClosed = false;

  async function apply(row: Row): Promise<Replayed> {
    try {
      await rewrite(row);
      return "stored";
    } catch (error) {
      // What has been acknowledged waits for rights and tables as it waits for the network.
      if (isOutOfReach(error) || isRefusalOfAccess(error)) throw error;
      onFault(error);
      return { refused: error instanceof Error ? error.message : String(error) };
    }
  }

  function replay(): Promise<number> {
    replaying ??= file.replay(apply).finally(() => {
      replaying = undefined;
      schedule();
    });
    return replaying;
  }

  function schedule(): void {
    if (isClosed || file.pending === 0 || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      replay().catch((error: unknown) => {
        if (!isOutOfReach(error)) onFault(error);
      });
    }, retryAfterMs);
    // Waiting for a store keeps no program alive: the rows are on disk.
    timer.unref();
  }

  async function fallBack(row: Row): Promise<StoredIn> {
    await file.append(row);
    schedule();
    return "fallback";
  }

  const isAway = (): boolean => clock.now().getTime() < awayUntil;

  const close = async (): Promise<void> => {
    isClosed = true;
    clearTimeout(timer);
    await replaying?.catch(() => undefined);
  };

  schedule();
  return {
    async put(row, writeNow = write) {
      // Not every row should wait for a deadline of its own.
      if (isAway()) return fallBack(row);
      try {
        await writeNow(row);
        return "store";
      } catch (error) {
        if (!isOutOfReach(error)) throw error;
        awayUntil = clock.now().getTime() + retryAfterMs;
        return fallBack(row);
      }
    },
    get pending() {
      return file.pending;
    },
    get isAway() {
      return isAway();
    },
    replay,
    close,
    [Symbol.asyncDispose]: close,
  };
}
