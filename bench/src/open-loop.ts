import { setTimeout as delay } from "node:timers/promises";

export interface OpenLoopOptions {
  readonly requestsPerSecond: number;
  readonly seconds: number;
  /** Sends request `index`; a rejection is a failure. */
  readonly send: (index: number) => Promise<void>;
}

export interface OpenLoopResult {
  readonly sent: number;
  readonly failures: number;
  /** Of the failures by message, how many. */
  readonly failuresByMessage: Readonly<Record<string, number>>;
  readonly achievedPerSecond: number;
  readonly p50Milliseconds: number;
  readonly p95Milliseconds: number;
  readonly p99Milliseconds: number;
  readonly maxMilliseconds: number;
}

/**
 * Sends requests at a fixed rate, whether or not the answers keep up. Latency counts from the moment at which a request was due, so that a server
 * that stalls is charged for all that had to wait meanwhile (Tene, "How NOT to Measure Latency", 2013: coordinated omission).
 */
export async function runOpenLoop({ requestsPerSecond, seconds, send }: OpenLoopOptions): Promise<OpenLoopResult> {
  const total = Math.round(requestsPerSecond * seconds);
  const latencies = new Float64Array(total);
  const failures: Record<string, number> = {};
  const pending: Promise<void>[] = [];
  const start = performance.now();
  for (let index = 0; index < total; index += 1) {
    const due = start + (index * 1000) / requestsPerSecond;
    const early = due - performance.now();
    if (early > 1) await delay(early);
    pending.push(
      send(index)
        .catch((error: unknown) => {
          const message = reasonOf(error);
          failures[message] = (failures[message] ?? 0) + 1;
        })
        .finally(() => {
          latencies[index] = performance.now() - due;
        }),
    );
  }
  await Promise.all(pending);
  const elapsedSeconds = (performance.now() - start) / 1000;
  latencies.sort();
  const percentile = (share: number) => latencies[Math.min(total - 1, Math.floor(share * total))] ?? Number.NaN;
  return {
    sent: total,
    failures: Object.values(failures).reduce((sum, count) => sum + count, 0),
    failuresByMessage: failures,
    achievedPerSecond: total / elapsedSeconds,
    p50Milliseconds: percentile(0.5),
    p95Milliseconds: percentile(0.95),
    p99Milliseconds: percentile(0.99),
    maxMilliseconds: latencies[total - 1] ?? Number.NaN,
  };
}

/** `fetch` says only that it failed, and its cause why. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
