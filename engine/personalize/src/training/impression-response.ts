import type { TrainingData } from "./training-data.ts";

/** Times an item is taken to have been shown besides those that are known, with the mean response: against rates of few showings. */
const PRIOR_SHOWINGS = 20;
/** A rate counts by its root, since what was not taken may not have been seen; and never more than these. */
const LEAST = 0.5;
const MOST = 1.25;

/**
 * Of each item what its scores are multiplied by for how often it was taken where it was shown (the IMPRESSION column): shown but not taken is weakly
 * negative. 1 for items that were never shown; undefined without impressions.
 */
export function impressionResponse({ histories, impressions }: TrainingData): Float32Array | undefined {
  if (impressions === undefined || impressions.items.length === 0) return undefined;
  const { items, events } = histories;
  const shown = new Float64Array(items);
  const taken = new Float64Array(items);
  for (let event = 0; event < events.items.length; event += 1) {
    const [first, end] = [impressions.starts[event], impressions.starts[event + 1]];
    for (let place = first; place < end; place += 1) shown[impressions.items[place]] += 1;
    if (end > first && impressions.items.subarray(first, end).includes(events.items[event])) {
      taken[events.items[event]] += 1;
    }
  }
  const mean = taken.reduce((sum, count) => sum + count, 0) / shown.reduce((sum, count) => sum + count, 0);
  if (mean === 0) return undefined;
  return Float32Array.from(shown, (count, item) => {
    const rate = (taken[item] + PRIOR_SHOWINGS * mean) / (count + PRIOR_SHOWINGS);
    return Math.min(MOST, Math.max(LEAST, Math.sqrt(rate / mean)));
  });
}
