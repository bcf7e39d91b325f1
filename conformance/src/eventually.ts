import { setTimeout as delay } from "node:timers/promises";

const DEFAULT_SECONDS = 60;

/** Polls for a minute, or as long as said, until `look` gives an answer other than undefined. */
export async function eventually<Result>(
  what: string,
  look: () => Promise<Result | undefined>,
  seconds = DEFAULT_SECONDS,
): Promise<Result> {
  for (const deadline = performance.now() + seconds * 1000; performance.now() < deadline; await delay(100)) {
    const result = await look();
    if (result !== undefined) return result;
  }
  throw new Error(`After ${seconds} s still waiting for ${what}`);
}
