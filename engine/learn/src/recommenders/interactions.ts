import type { SparseRows } from "@rondo/kernels";
import { DataError } from "../algorithm.ts";

/** What users did with items, and when. */
export interface Interactions {
  readonly users: number;
  readonly items: number;
  /** Every event, user after user, of each user the oldest first. */
  readonly events: EventHistories;
  /** users × items: the pairs that occur, items ascending; the value is the sum of the weights of the pair's events. */
  readonly pairs: SparseRows & { readonly values: Float32Array };
  /** items × features: what the items are like, for algorithms that recommend items that nobody knows yet. */
  readonly itemFeatures?: SparseRows;
}

/** Of user u the events `starts[u]` to `starts[u + 1]`. */
export interface EventHistories {
  readonly starts: Uint32Array;
  readonly items: Uint32Array;
  /** Seconds since any moment; the place in the given order where the events came without times. */
  readonly times: Float64Array;
  readonly weights: Float32Array;
}

/** One entry for each event, in any order; events of equal time keep theirs. */
export interface InteractionEvents {
  readonly users: Uint32Array;
  readonly items: Uint32Array;
  readonly times?: Float64Array;
  /** What an event of its type and value counts for, above 0; default 1. */
  readonly weights?: Float32Array;
}

export interface InteractionSource {
  readonly users: number;
  readonly items: number;
  readonly events: InteractionEvents;
  readonly itemFeatures?: SparseRows;
}

/** Throws DataError for an event whose user, item, time or weight cannot be. */
export function createInteractions({ users, items, events, itemFeatures }: InteractionSource): Interactions {
  checkEvents(users, items, events);
  const histories = sortEvents(users, events);
  const interactions = { users, items, events: histories, pairs: pairsOf(users, items, histories) };
  return itemFeatures === undefined ? interactions : { ...interactions, itemFeatures };
}

/** The same users and items with only those events that the predicate keeps; it is told the event's place in `events`. */
export function keepEvents(
  { users, items, events, itemFeatures }: Interactions,
  isKept: (event: number, user: number) => boolean,
): Interactions {
  const starts = new Uint32Array(users + 1);
  const kept: number[] = [];
  for (let user = 0; user < users; user += 1) {
    for (let event = events.starts[user]; event < events.starts[user + 1]; event += 1) {
      if (isKept(event, user)) kept.push(event);
    }
    starts[user + 1] = kept.length;
  }
  const histories = {
    starts,
    items: Uint32Array.from(kept, (event) => events.items[event]),
    times: Float64Array.from(kept, (event) => events.times[event]),
    weights: Float32Array.from(kept, (event) => events.weights[event]),
  };
  const interactions = { users, items, events: histories, pairs: pairsOf(users, items, histories) };
  return itemFeatures === undefined ? interactions : { ...interactions, itemFeatures };
}

/** In how many pairs each item occurs. */
export function countUsersOfItems({ items, pairs }: Interactions): Float32Array {
  const counts = new Float32Array(items);
  for (const item of pairs.columnIndexes) counts[item] += 1;
  return counts;
}

/** Throws DataError without a single event, the reason for which no recommender can learn. */
export function requireEvents(interactions: Interactions): void {
  if (interactions.pairs.columnIndexes.length === 0) throw new DataError("There is no interaction to learn from.");
}

function checkEvents(users: number, items: number, events: InteractionEvents): void {
  const { length } = events.users;
  for (const [name, { length: other }] of Object.entries(events)) {
    if (other !== length) throw new DataError(`There are ${length} users of events, but ${other} ${name}.`);
  }
  for (let event = 0; event < length; event += 1) {
    const { users: userOf, items: itemOf, times, weights } = events;
    if (userOf[event] >= users) throw new DataError(`Event ${event} has user ${userOf[event]} of ${users}.`);
    if (itemOf[event] >= items) throw new DataError(`Event ${event} has item ${itemOf[event]} of ${items}.`);
    if (times !== undefined && !Number.isFinite(times[event])) throw new DataError(`Event ${event} has no time.`);
    if (weights !== undefined && !(weights[event] > 0 && weights[event] < Number.POSITIVE_INFINITY)) {
      throw new DataError(`Event ${event} has weight ${weights[event]}; it must be above 0.`);
    }
  }
}

function sortEvents(users: number, events: InteractionEvents): EventHistories {
  const { length } = events.users;
  const starts = new Uint32Array(users + 1);
  for (const user of events.users) starts[user + 1] += 1;
  for (let user = 0; user < users; user += 1) starts[user + 1] += starts[user];
  const order = new Uint32Array(length);
  const next = starts.slice();
  for (let event = 0; event < length; event += 1) order[next[events.users[event]]++] = event;
  const { times } = events;
  if (times !== undefined) {
    for (let user = 0; user < users; user += 1) {
      order.subarray(starts[user], starts[user + 1]).sort((a, b) => times[a] - times[b] || a - b);
    }
  }
  return {
    starts,
    items: Uint32Array.from(order, (event) => events.items[event]),
    times: Float64Array.from(order, (event) => times?.[event] ?? event),
    weights: Float32Array.from(order, (event) => events.weights?.[event] ?? 1),
  };
}

function pairsOf(users: number, items: number, events: EventHistories): Interactions["pairs"] {
  const starts = new Uint32Array(users + 1);
  const columnIndexes = new Uint32Array(events.items.length);
  const values = new Float32Array(events.items.length);
  const weightOf = new Float32Array(items);
  let next = 0;
  for (let user = 0; user < users; user += 1) {
    const last = events.starts[user + 1];
    const row = events.items.slice(events.starts[user], last).sort();
    for (let event = events.starts[user]; event < last; event += 1) {
      weightOf[events.items[event]] += events.weights[event];
    }
    for (const item of row) {
      // A weight that was taken is zero: the item came before.
      if (weightOf[item] === 0) continue;
      columnIndexes[next] = item;
      values[next] = weightOf[item];
      weightOf[item] = 0;
      next += 1;
    }
    starts[user + 1] = next;
  }
  return {
    rows: users,
    columns: items,
    starts,
    columnIndexes: columnIndexes.slice(0, next),
    values: values.slice(0, next),
  };
}
