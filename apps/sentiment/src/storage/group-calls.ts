export interface GroupOptions {
  /** Calls in one group. */
  readonly most: number;
  /** Calls that may wait; further ones throw `TooManyWaitingError`. Default 20,000. */
  readonly waiting?: number;
  /** What a group waits for before it runs, so that more calls join it. Default: nothing. */
  readonly gather?: () => Promise<unknown>;
}

/** More calls wait than there is room for: the caller should come back later. */
export class TooManyWaitingError extends Error {
  constructor(waiting: number) {
    super(`${waiting} calls wait already; try again in a moment.`);
    this.name = "TooManyWaitingError";
  }
}

interface Waiting<Request, Answer> {
  readonly request: Request;
  readonly settle: PromiseWithResolvers<Answer>;
}

/**
 * Runs calls in groups, one group at a time: what comes while a group runs makes up the next one (group commit). A single call waits for nobody,
 * many calls share one round trip, and calls take effect in the order in which they came.
 * @param run Answers in the order of its requests; what it throws is thrown by every call of the group.
 */
export function groupCalls<Request, Answer>(
  run: (requests: readonly Request[]) => Promise<readonly Answer[]>,
  { most, waiting = 20_000, gather }: GroupOptions,
): (request: Request) => Promise<Answer> {
  const queue: Waiting<Request, Answer>[] = [];
  let isRunning = false;

  async function runQueue(): Promise<void> {
    isRunning = true;
    // Calls of the same turn of the event loop join the first group.
    await undefined;
    while (queue.length > 0) {
      if (queue.length < most) await gather?.();
      const group = queue.splice(0, most);
      try {
        const answers = await run(group.map(({ request }) => request));
        for (const [index, { settle }] of group.entries()) settle.resolve(answers[index] as Answer);
      } catch (error) {
        for (const { settle } of group) settle.reject(error);
      }
    }
    isRunning = false;
  }

  return (request) => {
    if (queue.length >= waiting) return Promise.reject(new TooManyWaitingError(waiting));
    const settle = Promise.withResolvers<Answer>();
    queue.push({ request, settle });
    if (!isRunning) void runQueue();
    return settle.promise;
  };
}
