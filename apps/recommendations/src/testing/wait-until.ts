import { setTimeout as pause } from "node:timers/promises";

/** Asks again and again until there is an answer. Throws, saying for what, after the deadline. */
export async function waitUntil<Value>(
  what: string,
  ask: () => Promise<Value | undefined>,
  deadlineMs = 30_000,
): Promise<Value> {
  for (const deadline = Date.now() + deadlineMs; ; await pause(50)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`After ${deadlineMs / 1000} s still not: ${what}.`);
  }
}
