/** Milliseconds since the signal was aborted. */
export function stopwatchFrom(signal: AbortSignal): () => number {
  let start = 0n;
  signal.addEventListener("abort", () => {
    start = process.hrtime.bigint();
  });
  return () => Number(process.hrtime.bigint() - start) / 1e6;
}
