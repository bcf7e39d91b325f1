import { setImmediate } from "node:timers/promises";
import { type Matrix, sliceRows } from "@rondo/learn";

export interface RowSlice {
  /** The number of its first row. */
  readonly start: number;
  readonly features: Matrix;
}

/** Rows in slices, between which others have the event loop, so that SIGTERM is noticed; ends early when the signal is aborted. */
export async function* rowSlices(
  features: Matrix,
  rowsPerSlice: number,
  signal: AbortSignal,
): AsyncGenerator<RowSlice> {
  for (let start = 0; start < features.rows; start += rowsPerSlice) {
    await setImmediate();
    if (signal.aborted) return;
    yield { start, features: sliceRows(features, start, Math.min(features.rows, start + rowsPerSlice)) };
  }
}
