import { setImmediate } from "node:timers/promises";

/** How work is done and given up. */
export interface KernelRun {
  readonly threads: number;
  /** Aborted: the work ends within a second with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface RowSlices {
  readonly rows: number;
  /** What a row costs, in units of the caller's choice. */
  costOf(row: number): number;
  /** The cost from which on a slice ends. */
  readonly budget: number;
  /** Rows of a slice at most. */
  readonly longest?: number;
  /** A slice begins at a multiple of it; default 1. */
  readonly alignment?: number;
}

/**
 * Rows in slices that cost about the same, so that one call of a kernel takes some 100 ms at most: between two of them other
 * work gets its turn, and an abort is seen.
 */
export async function* sliceByCost(
  { rows, costOf, budget, longest = rows, alignment = 1 }: RowSlices,
  signal?: AbortSignal,
): AsyncIterable<{ readonly first: number; readonly end: number }> {
  let first = 0;
  let cost = 0;
  for (let row = 0; row < rows; row += 1) {
    cost += costOf(row);
    const end = row + 1;
    if (end < rows && ((cost < budget && end - first < longest) || end % alignment !== 0)) continue;
    yield { first, end };
    await setImmediate();
    signal?.throwIfAborted();
    first = end;
    cost = 0;
  }
}
