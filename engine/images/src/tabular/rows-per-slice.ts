/** Multiplications or comparisons that take some milliseconds. */
const SLICE_OPERATIONS = 2 ** 24;
const MOST_ROWS = 1024;

/** As many rows as are predicted within a few milliseconds where each takes so many operations; at least 1. */
export function rowsPerSlice(operations: number): number {
  return Math.max(1, Math.min(MOST_ROWS, Math.floor(SLICE_OPERATIONS / operations)));
}
