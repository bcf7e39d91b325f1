import type { ApplicationContext } from "../application-context.ts";
import { recommendForUser } from "./recommend.ts";

/** Computes the lists of customers who have just bought anew, so that their next question is answered from the cache. */
export interface CacheWarmer extends Disposable {
  /** Their purchases are Personalize's now. */
  warm(userIds: readonly string[]): void;
}

/** Personalize has counted the purchase by then. */
const DELAY_MS = 1_100;
/** When more buy at once, the rest is computed when it is asked for. */
const MOST_WAITING = 200;

export function createCacheWarmer(context: ApplicationContext): CacheWarmer {
  const waiting = new Map<string, NodeJS.Timeout>();
  async function compute(userId: string): Promise<void> {
    waiting.delete(userId);
    await recommendForUser(context, userId, context.settings.listLength);
  }
  return {
    warm(userIds) {
      for (const userId of userIds) {
        if (waiting.size >= MOST_WAITING && !waiting.has(userId)) return;
        clearTimeout(waiting.get(userId));
        const timer = setTimeout(() => void compute(userId).catch(context.onFault), DELAY_MS);
        timer.unref();
        waiting.set(userId, timer);
      }
    },
    [Symbol.dispose]() {
      for (const timer of waiting.values()) clearTimeout(timer);
    },
  };
}
