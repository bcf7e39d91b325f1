import { resolveParameters } from "../parameters.ts";
import { type Interactions, requireEvents } from "./interactions.ts";
import { POPULARITY_OFFSET, popularityShares, requireItems } from "./item-weights.ts";
import { decodeStoredModel, encodeStoredModel } from "./model-file.ts";
import type { Recommender, Scorer } from "./recommender.ts";

export const ownHistoryParameters = {
  /** So many days before the user's last event an event counts half; 0: no such decay. */
  halfLifeDays: { type: "continuous", minimum: 0, maximum: 1e6, default: 0 },
  /** Power of the share of an item's users who came back for it, by which the item's score is multiplied. */
  repeatExponent: { type: "continuous", minimum: 0, maximum: 5, default: 0 },
} as const;

export interface OwnHistory {
  readonly halfLifeDays: number;
  /** What an event of the item counts. */
  readonly repetition: Float32Array;
  readonly popularity: Float32Array;
}

const SECONDS_OF_DAY = 86_400;
/** Users of the mean rate of repetition that every item is given besides its own, against rates of few users. */
const PRIOR_USERS = 10;

/** What the user did before, the oftener and the later the better: for shops where people buy the same again. */
export const ownHistory: Recommender<typeof ownHistoryParameters, OwnHistory> = {
  id: "own-history",
  parameters: ownHistoryParameters,
  async fit(parameters, interactions, { signal }) {
    const { halfLifeDays, repeatExponent } = resolveParameters(ownHistoryParameters, parameters);
    requireEvents(interactions);
    signal?.throwIfAborted();
    const repetition = repetitionRates(interactions).map((rate) => rate ** repeatExponent);
    return { halfLifeDays, repetition, popularity: popularityShares(interactions) };
  },
  open: openOwnHistory,
  encode({ halfLifeDays, repetition, popularity }) {
    const fields = { items: popularity.length, halfLifeDays };
    return encodeStoredModel({ kind: "own-history", fields, arrays: { repetition, popularity } });
  },
  async decode(file) {
    const stored = await decodeStoredModel(file, "own-history");
    const items = stored.integer("items", 1);
    return {
      halfLifeDays: stored.number("halfLifeDays"),
      repetition: stored.floats("repetition", items),
      popularity: stored.floats("popularity", items),
    };
  },
};

/** Of each item the share of its users who have events of it at different times, drawn towards the mean of all items. */
function repetitionRates({ users, items, events }: Interactions): Float32Array {
  const known = new Float32Array(items);
  const repeated = new Float32Array(items);
  for (let user = 0; user < users; user += 1) {
    const firstTimes = new Map<number, number>();
    const again = new Set<number>();
    for (let event = events.starts[user]; event < events.starts[user + 1]; event += 1) {
      const item = events.items[event];
      const firstTime = firstTimes.get(item);
      if (firstTime === undefined) firstTimes.set(item, events.times[event]);
      else if (events.times[event] > firstTime) again.add(item);
    }
    for (const item of firstTimes.keys()) known[item] += 1;
    for (const item of again) repeated[item] += 1;
  }
  const total = known.reduce((sum, count) => sum + count, 0);
  const mean = repeated.reduce((sum, count) => sum + count, 0) / total;
  return known.map((count, item) => (repeated[item] + PRIOR_USERS * mean) / (count + PRIOR_USERS));
}

function openOwnHistory({ halfLifeDays, repetition, popularity }: OwnHistory): Scorer {
  const items = popularity.length;
  const scores = new Float32Array(items);
  return {
    items,
    score(histories, user) {
      requireItems(histories, items);
      const { starts, times, weights, items: itemOf } = histories.events;
      for (let item = 0; item < items; item += 1) scores[item] = popularity[item] * POPULARITY_OFFSET;
      const last = times[starts[user + 1] - 1];
      for (let event = starts[user]; event < starts[user + 1]; event += 1) {
        const days = (last - times[event]) / SECONDS_OF_DAY;
        const decay = halfLifeDays > 0 ? 2 ** (-days / halfLifeDays) : 1;
        scores[itemOf[event]] += weights[event] * decay * repetition[itemOf[event]];
      }
      return scores;
    },
  };
}
