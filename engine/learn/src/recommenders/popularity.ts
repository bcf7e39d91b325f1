import { type ParameterValues, resolveParameters } from "../parameters.ts";
import { type Interactions, requireEvents } from "./interactions.ts";
import { decodeItemScores, encodeItemScores, type ItemScores, openItemScores } from "./item-scores.ts";
import type { Recommender } from "./recommender.ts";

export const popularityParameters = {
  /** `users`: how many users know the item. `events`: the sum of the weights of its events. */
  counts: { type: "categorical", values: ["users", "events"], default: "users" },
  /** Only events of so many days before the last one count; 0: all. */
  windowDays: { type: "continuous", minimum: 0, maximum: 1e6, default: 0 },
  /** So many days before the last event an event counts half; 0: no such decay. With `counts: events`. */
  halfLifeDays: { type: "continuous", minimum: 0, maximum: 1e6, default: 0 },
} as const;

const SECONDS_OF_DAY = 86_400;

/** The same items for everybody: those that most users know, or that were used most, of late if wanted. */
export const popularity: Recommender<typeof popularityParameters, ItemScores> = {
  id: "popularity",
  parameters: popularityParameters,
  async fit(parameters, interactions, { signal }) {
    const resolved = resolveParameters(popularityParameters, parameters);
    requireEvents(interactions);
    signal?.throwIfAborted();
    return { scores: countEvents(interactions, resolved) };
  },
  open: openItemScores,
  encode: (model) => encodeItemScores("popularity", model),
  decode: (file) => decodeItemScores("popularity", file),
};

function countEvents(
  { users, items, events }: Interactions,
  { counts, windowDays, halfLifeDays }: ParameterValues<typeof popularityParameters>,
): Float32Array {
  const end = latestTime(events.times);
  const from = windowDays > 0 ? end - windowDays * SECONDS_OF_DAY : Number.NEGATIVE_INFINITY;
  const totals = new Float64Array(items);
  const countedFor = new Int32Array(items).fill(-1);
  for (let user = 0; user < users; user += 1) {
    for (let event = events.starts[user]; event < events.starts[user + 1]; event += 1) {
      const item = events.items[event];
      if (events.times[event] < from) continue;
      if (counts === "users") {
        if (countedFor[item] !== user) totals[item] += 1;
        countedFor[item] = user;
      } else {
        const days = (end - events.times[event]) / SECONDS_OF_DAY;
        totals[item] += events.weights[event] * (halfLifeDays > 0 ? 2 ** (-days / halfLifeDays) : 1);
      }
    }
  }
  return Float32Array.from(totals);
}

/** −∞ without times. */
export function latestTime(times: Float64Array): number {
  let latest = Number.NEGATIVE_INFINITY;
  for (const time of times) if (time > latest) latest = time;
  return latest;
}
