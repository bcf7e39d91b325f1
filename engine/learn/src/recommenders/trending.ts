import { resolveParameters } from "../parameters.ts";
import { requireEvents } from "./interactions.ts";
import { decodeItemScores, encodeItemScores, type ItemScores, openItemScores } from "./item-scores.ts";
import { latestTime } from "./popularity.ts";
import type { Recommender } from "./recommender.ts";

export const trendingParameters = {
  /** The length of the two windows that are compared: the latest one and the one before it. */
  windowHours: { type: "continuous", minimum: 0, exclusiveMinimum: true, maximum: 1e6, default: 3 },
} as const;

const SECONDS_OF_HOUR = 3600;

/**
 * The same items for everybody: those whose use rises most from one window of time to the next. The score is the rise in units of its own
 * noise, (now − before) ÷ √(now + before + 1), the test statistic for two Poisson counts (Przyborowski and Wilenski 1940), so
 * that neither one event more of a rare item nor the noise of a popular one is a trend.
 */
export const trending: Recommender<typeof trendingParameters, ItemScores> = {
  id: "trending",
  parameters: trendingParameters,
  async fit(parameters, interactions, { signal }) {
    const { windowHours } = resolveParameters(trendingParameters, parameters);
    requireEvents(interactions);
    signal?.throwIfAborted();
    const { items, events } = interactions;
    const window = windowHours * SECONDS_OF_HOUR;
    const end = latestTime(events.times);
    const now = new Float64Array(items);
    const before = new Float64Array(items);
    for (const [event, item] of events.items.entries()) {
      const age = end - events.times[event];
      if (age < window) now[item] += events.weights[event];
      else if (age < 2 * window) before[item] += events.weights[event];
    }
    return {
      scores: Float32Array.from(now, (count, item) => (count - before[item]) / Math.sqrt(count + before[item] + 1)),
    };
  },
  open: openItemScores,
  encode: (model) => encodeItemScores("trending", model),
  decode: (file) => decodeItemScores("trending", file),
};
