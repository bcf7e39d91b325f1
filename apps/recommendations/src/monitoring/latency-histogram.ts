/** Upper bounds in milliseconds; what is slower counts beyond the last. */
export const LATENCY_BOUNDS_MS = [1, 2, 3, 5, 8, 12, 16, 20, 30, 50, 100, 200, 500, 1_000, 2_000] as const;

/** Which of the counts a latency belongs to. */
export function latencyBucket(milliseconds: number): number {
  const bucket = LATENCY_BOUNDS_MS.findIndex((bound) => milliseconds <= bound);
  return bucket === -1 ? LATENCY_BOUNDS_MS.length : bucket;
}

/** Below which latency the share of all lies, read off the bounds: an upper estimate. Null without any, Infinity beyond the last bound. */
export function latencyQuantile(counts: readonly number[], share: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let seen = 0;
  for (const [index, count] of counts.entries()) {
    seen += count;
    if (seen >= share * total) return LATENCY_BOUNDS_MS[index] ?? Number.POSITIVE_INFINITY;
  }
  return Number.POSITIVE_INFINITY;
}
