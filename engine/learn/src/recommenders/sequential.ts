import { setImmediate } from "node:timers/promises";
import { multiplySparse, type SparseRows } from "@rondo/kernels";
import { DataError } from "../algorithm.ts";
import type { ParameterValues } from "../parameters.ts";
import { historyParameters } from "./history-weights.ts";
import { countUsersOfItems, type Interactions } from "./interactions.ts";
import { recommendByItemWeights } from "./item-weights-recommender.ts";

export const sequentialParameters = {
  /** Events before and after each one that are looked at. */
  window: { type: "integer", minimum: 1, maximum: 1000, default: 20 },
  /** What a step of time further away counts, times what one nearer does; events of the same time are one step. */
  stepDecay: { type: "continuous", minimum: 0, exclusiveMinimum: true, maximum: 1, default: 0.9 },
  /** What an item that came before counts, as against one that came after. */
  backward: { type: "continuous", minimum: 0, maximum: 1, default: 0.2 },
  /** Power of the number of users by which a long-known item speaks less, and by which it is recommended less. */
  sourceDiscount: { type: "continuous", minimum: 0, maximum: 2, default: 0.25 },
  targetDiscount: { type: "continuous", minimum: 0, maximum: 2, default: 0.2 },
  /** Power of the length of a history by which its transitions count less. */
  lengthDiscount: { type: "continuous", minimum: 0, maximum: 2, default: 0.25 },
  /** Of each item the most likely successors that the model keeps. */
  neighbours: { type: "integer", minimum: 1, maximum: 100_000, default: 500 },
  ...historyParameters,
  halfLifeItems: { ...historyParameters.halfLifeItems, default: 2 },
} as const;

type SequentialParameters = ParameterValues<typeof sequentialParameters>;

/**
 * What comes next: a Markov chain over items with a memory, in which every item of a history votes for those that followed it
 * in other histories, the sooner the more, and recent items have the louder voice. Sequential rules with weights by
 * distance, as compared by Ludewig and Jannach, "Evaluation of session-based recommendation algorithms" (UMUAI 2018),
 * section 3.1.2, with the discounts for popularity and length of item-to-item similarity.
 */
export const sequential = recommendByItemWeights({
  id: "sequential",
  parameters: sequentialParameters,
  async learn(values, interactions, run) {
    const { sourceDiscount, targetDiscount, neighbours } = values;
    const counts = countUsersOfItems(interactions);
    const termsOf = (exponent: number): Float32Array => counts.map((count) => (count === 0 ? 0 : count ** -exponent));
    const product = {
      left: eventsOfItems(interactions),
      right: await surroundings(interactions, values, run.signal),
      rowTerms: termsOf(sourceDiscount),
      columnTerms: termsOf(targetDiscount),
      score: "scaled",
      minimum: 0,
      keepDiagonal: false,
      count: neighbours,
    } as const;
    return await multiplySparse(product, run);
  },
});

/** items × events: where each item occurs. */
function eventsOfItems({ items, events }: Interactions): SparseRows {
  const starts = new Uint32Array(items + 1);
  for (const item of events.items) starts[item + 1] += 1;
  for (let item = 0; item < items; item += 1) starts[item + 1] += starts[item];
  const next = starts.slice();
  const columnIndexes = new Uint32Array(events.items.length);
  for (const [event, item] of events.items.entries()) columnIndexes[next[item]++] = event;
  return { rows: items, columns: events.items.length, starts, columnIndexes };
}

/** Entries between two looks at the signal: some milliseconds. */
const ENTRIES_PER_TURN = 2 ** 20;

/** events × items: what comes after and before each event in its history, and how much that counts. */
async function surroundings(
  { users, items, events }: Interactions,
  { window, stepDecay, backward, lengthDiscount }: SequentialParameters,
  signal?: AbortSignal,
): Promise<SparseRows> {
  const starts = new Uint32Array(events.items.length + 1);
  const most = mostEntries(events.starts, window);
  const columnIndexes = new Uint32Array(most);
  const values = new Float32Array(most);
  const steps = stepsOf(events.times, events.starts, users);
  const decays = Float64Array.from({ length: window + 1 }, (_, distance) => stepDecay ** Math.max(0, distance - 1));
  let next = 0;
  let turn = ENTRIES_PER_TURN;
  for (let user = 0; user < users; user += 1) {
    const [first, end] = [events.starts[user], events.starts[user + 1]];
    const scale = Math.max(1, end - first) ** -lengthDiscount;
    for (let event = first; event < end; event += 1) {
      const last = Math.min(end - 1, event + window);
      for (let other = Math.max(first, event - window); other <= last; other += 1) {
        const distance = steps[other] - steps[event];
        const value = scale * (distance < 0 ? backward : 1) * decays[Math.abs(distance)];
        // What counts nothing must not become an entry: the sums of a product are positive.
        if (events.items[other] === events.items[event] || !(Math.fround(value) > 0)) continue;
        columnIndexes[next] = events.items[other];
        values[next] = value;
        next += 1;
      }
      starts[event + 1] = next;
    }
    if (next < turn) continue;
    turn = next + ENTRIES_PER_TURN;
    await setImmediate();
    signal?.throwIfAborted();
  }
  const kept = { columnIndexes: columnIndexes.subarray(0, next), values: values.subarray(0, next) };
  return { rows: events.items.length, columns: items, starts, ...kept };
}

/** Of 8 bytes each, what fits into the 4 GiB of a kernel. */
const MOST_ENTRIES = 2 ** 29;

/** Pairs of events within the window of each other, one's surroundings and the other's. Throws DataError for more than a kernel takes. */
function mostEntries(starts: Uint32Array, window: number): number {
  let most = 0;
  for (let user = 0; user + 1 < starts.length; user += 1) {
    const length = starts[user + 1] - starts[user];
    const reach = Math.min(window, length - 1);
    // Each event has `reach` neighbours on either side, less those beyond the ends.
    most += Math.max(0, reach * (2 * length - reach - 1));
  }
  if (most <= MOST_ENTRIES) return most;
  throw new DataError(
    `The histories have ${most} pairs of events within a window of ${window}; take a smaller window.`,
  );
}

/** Of each event how many times the user's clock has moved on before it. */
function stepsOf(times: Float64Array, starts: Uint32Array, users: number): Uint32Array {
  const steps = new Uint32Array(times.length);
  for (let user = 0; user < users; user += 1) {
    for (let event = starts[user] + 1; event < starts[user + 1]; event += 1) {
      steps[event] = steps[event - 1] + Number(times[event] > times[event - 1]);
    }
  }
  return steps;
}
