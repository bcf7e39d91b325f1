/** Attempts that run for one subscription at the same time. */
const maxRunning = 4;
const leastWaitMs = 250;

interface Traffic {
  running: number;
  /** How long an attempt takes: a moving average. */
  durationMs: number;
  /** When the next delivery that had to wait is let in. */
  nextAt: number;
}

/**
 * Keeps a slow subscriber from taking all the places of the loop: what exceeds its share is put off to the time at which there will be room for it, so a long
 * queue is not asked again and again. Only a plan: forgetting it in a crash loses nothing.
 */
export function createDeliveryGate(clock: { now(): Date }) {
  const traffic = new Map<string, Traffic>();
  return {
    /** Runs the attempt and returns undefined, or returns when to come again. */
    async run(subscription: string, attempt: () => Promise<void>): Promise<Date | undefined> {
      const known = traffic.get(subscription) ?? { running: 0, durationMs: 0, nextAt: 0 };
      traffic.set(subscription, known);
      const startedAt = clock.now().getTime();
      if (known.running >= maxRunning) {
        known.nextAt = Math.max(known.nextAt, startedAt + leastWaitMs) + known.durationMs / maxRunning;
        return new Date(known.nextAt);
      }
      known.running += 1;
      try {
        await attempt();
      } finally {
        known.running -= 1;
        known.durationMs = 0.8 * known.durationMs + 0.2 * (clock.now().getTime() - startedAt);
        if (known.running === 0 && known.nextAt <= clock.now().getTime()) traffic.delete(subscription);
      }
      return undefined;
    },
  };
}
