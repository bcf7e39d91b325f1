import type { SparseRows } from "@rondo/kernels";
import type { ParameterValues } from "../parameters.ts";
import type { Interactions } from "./interactions.ts";
import type { StoredModelReader } from "./model-file.ts";

/** How much each item of a history says about what comes next; part of the parameters of every algorithm that sums over histories. */
export const historyParameters = {
  /** `binary`: every item once. `summed`: by the weights of its events. */
  historyValues: { type: "categorical", values: ["binary", "summed"], default: "binary" },
  /** After so many more items the weight of one is half; 0: no such decay. */
  halfLifeItems: { type: "continuous", minimum: 0, maximum: 1e6, default: 0 },
  /** So many days before the user's last event the weight of an item is half; 0: no such decay. */
  halfLifeDays: { type: "continuous", minimum: 0, maximum: 1e6, default: 0 },
} as const;

export type HistoryWeighting = ParameterValues<typeof historyParameters>;

const SECONDS_OF_DAY = 86_400;

/** The weights of all histories: users × items, of each user the items ascending. */
export function weighHistories(interactions: Interactions, weighting: HistoryWeighting): SparseRows {
  const { users, pairs } = interactions;
  const { historyValues, halfLifeItems, halfLifeDays } = weighting;
  const values = historyValues === "summed" ? pairs.values.slice() : new Float32Array(pairs.values.length).fill(1);
  if (halfLifeItems > 0 || halfLifeDays > 0) {
    for (let user = 0; user < users; user += 1) decay(interactions, user, weighting, values);
  }
  return { ...pairs, values };
}

/** Multiplies the weights of the user's pairs by what is left of them since their latest event. */
function decay(
  { events, pairs }: Interactions,
  user: number,
  { halfLifeItems, halfLifeDays }: HistoryWeighting,
  values: Float32Array,
): void {
  const first = pairs.starts[user];
  const row = pairs.columnIndexes.subarray(first, pairs.starts[user + 1]);
  const seen = new Set<number>();
  const last = events.starts[user + 1] - 1;
  for (let event = last; event >= events.starts[user]; event -= 1) {
    const item = events.items[event];
    if (seen.has(item)) continue;
    const days = (events.times[last] - events.times[event]) / SECONDS_OF_DAY;
    const halvings = (halfLifeItems > 0 ? seen.size / halfLifeItems : 0) + (halfLifeDays > 0 ? days / halfLifeDays : 0);
    values[first + placeOf(row, item)] *= 2 ** -halvings;
    seen.add(item);
  }
}

/** Where a value is in an ascending row that contains it. */
function placeOf(row: Uint32Array, value: number): number {
  let low = 0;
  let high = row.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (row[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function readHistoryWeighting(stored: StoredModelReader): HistoryWeighting {
  return {
    historyValues: stored.word("historyValues", historyParameters.historyValues.values),
    halfLifeItems: stored.number("halfLifeItems", 0),
    halfLifeDays: stored.number("halfLifeDays", 0),
  };
}
