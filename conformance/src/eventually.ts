import { setTimeout as delay } from "node:timers/promises";

/** Polls for a minute until `look` gives an answer other than undefined. */
export async function eventually<Result>(what: string, look: () => Promise<Result | undefined>): Promise<Result> {
  for (const deadline = performance.now() + 60_000; performance.now() < deadline; await delay(100)) {
    const result = await look();
    if (result !== undefined) return result;
  }
  throw new Error(`After 60 s still waiting for ${what}`);
}
