const firstDelayMs = 1_000;
const longestDelayMs = 5 * 60_000;

/**
 * Milliseconds until the next attempt: doubling from 1 s to 5 min, less up to half by `random` (0 … 1), so that rows which failed together
 * don't come back together. Reference: "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015), equal jitter.
 */
export function backOffMs(attempts: number, random: number): number {
  const full = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(attempts - 1, 30));
  return Math.round(full / 2 + (full / 2) * random);
}
