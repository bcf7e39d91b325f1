import { setTimeout as delay } from "node:timers/promises";
import { WaitTimeoutError } from "./errors.ts";

/** How to wait for something that changes by itself. */
export interface WaitOptions<Description> {
  /** Aborting ends the wait, not the work: a job goes on and can be waited for again. */
  readonly signal?: AbortSignal;
  /** Milliseconds until `WaitTimeoutError`. Without it the wait lasts as long as the work. */
  readonly timeoutMs?: number;
  /** Milliseconds between two looks. By default a tenth of the time waited so far, from 0.2 s to 10 s. */
  readonly pollMs?: number;
  /** Called with every description that was read, the last one included. */
  readonly onProgress?: (description: Description) => void;
}

export interface Awaited<Description> {
  /** `training job reviews-1`, for messages. */
  readonly resource: string;
  readonly describe: (signal: AbortSignal | undefined) => Promise<Description>;
  readonly isSettled: (description: Description) => boolean;
  /** Runs after each look, the last one included: reading logs. */
  readonly afterLook?: (signal: AbortSignal | undefined) => Promise<void>;
  readonly clock: { now(): Date };
}

const SHORTEST_POLL_MS = 200;
const LONGEST_POLL_MS = 10_000;

/** Looks again and again until the resource has settled and returns its last description. */
export async function waitUntilSettled<Description>(
  awaited: Awaited<Description>,
  options: WaitOptions<Description> = {},
): Promise<Description> {
  const start = awaited.clock.now().getTime();
  for (;;) {
    const description = await awaited.describe(options.signal);
    options.onProgress?.(description);
    await awaited.afterLook?.(options.signal);
    if (awaited.isSettled(description)) return description;
    const waitedMs = awaited.clock.now().getTime() - start;
    if (options.timeoutMs !== undefined && waitedMs >= options.timeoutMs) {
      throw new WaitTimeoutError(awaited.resource, options.timeoutMs);
    }
    const pauseMs = options.pollMs ?? Math.min(LONGEST_POLL_MS, Math.max(SHORTEST_POLL_MS, waitedMs / 10));
    await delay(Math.min(pauseMs, (options.timeoutMs ?? Number.POSITIVE_INFINITY) - waitedMs), undefined, {
      signal: options.signal,
    });
  }
}
