import { createRandom } from "@rondo/statistics";
import { DataError } from "../algorithm.ts";
import { type Interactions, keepEvents } from "./interactions.ts";
import { latestTime } from "./popularity.ts";

/** What a model is judged by: what users did before, and what each of them did then. */
export interface HeldOut {
  readonly known: Interactions;
  /** Of each user the items that were done then, each once; empty for users who are not judged. */
  readonly relevant: readonly Uint32Array[];
}

export interface HoldOutOptions {
  /**
   * `last-event`: the last event of every user. `random-event`: any one, where the order means nothing. `last-period`: all
   * events of the last days.
   */
  readonly heldOut: "last-event" | "random-event" | "last-period";
  readonly periodDays: number;
  /** `history`: only items that the user did not know count. */
  readonly exclude: "history" | "none";
  readonly seed: number;
}

const SECONDS_OF_DAY = 86_400;

/** Splits by time inside of what is given, so that nothing of the future is known. Throws DataError when nobody is left to judge by. */
export function holdOut(interactions: Interactions, options: HoldOutOptions): HeldOut {
  const { users, events } = interactions;
  const isHeldOut = heldOutBy(interactions, options);
  const known = keepEvents(interactions, (event, user) => !isHeldOut(event, user));
  const relevant = Array.from({ length: users }, (_, user) => {
    const row = known.pairs.columnIndexes.subarray(known.pairs.starts[user], known.pairs.starts[user + 1]);
    const before = new Set(row);
    const items = new Set<number>();
    if (before.size === 0) return new Uint32Array(0);
    for (let event = events.starts[user]; event < events.starts[user + 1]; event += 1) {
      const item = events.items[event];
      if (isHeldOut(event, user) && (options.exclude === "none" || !before.has(item))) items.add(item);
    }
    return Uint32Array.from(items);
  });
  if (relevant.every(({ length }) => length === 0)) {
    throw new DataError(
      "No user has both a history and something held out to judge by; hold out less or give more events.",
    );
  }
  return { known, relevant };
}

function heldOutBy(
  { users, events }: Interactions,
  { heldOut, periodDays, seed }: HoldOutOptions,
): (event: number, user: number) => boolean {
  if (heldOut === "last-event") return (event, user) => event === events.starts[user + 1] - 1;
  if (heldOut === "last-period") {
    const from = latestTime(events.times) - periodDays * SECONDS_OF_DAY;
    return (event) => events.times[event] > from;
  }
  const random = createRandom(seed);
  const chosen = Uint32Array.from({ length: users }, (_, user) => {
    const count = events.starts[user + 1] - events.starts[user];
    return events.starts[user] + Math.floor(random() * count);
  });
  return (event, user) => event === chosen[user];
}
