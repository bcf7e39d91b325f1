import { topItems } from "@rondo/kernels";
import { type Interactions, keepEvents, type Scorer } from "@rondo/learn";
import { LONGEST_LIST } from "./list-metrics.ts";

const SECONDS_OF_HOUR = 3600;

/** Windows of time, the last ones, that are predicted: one alone is chance. */
const PREDICTED_WINDOWS = 5;

/**
 * AWS's trend prediction accuracy: how much the use of the recommended items rises in the window of time after the data that were learned from, ÷ the rise
 * of as many items that rise most; over the last windows. https://docs.aws.amazon.com/personalize/latest/dg/working-with-training-metrics.html 0 where
 * nothing rises.
 */
export async function trendAccuracy(
  interactions: Interactions,
  windowHours: number,
  learn: (interactions: Interactions) => Promise<Scorer>,
): Promise<number> {
  const { events } = interactions;
  let latest = Number.NEGATIVE_INFINITY;
  for (const time of events.times) if (time > latest) latest = time;
  const window = windowHours * SECONDS_OF_HOUR;
  let found = 0;
  let possible = 0;
  for (let place = 1; place <= PREDICTED_WINDOWS; place += 1) {
    const from = latest - place * window;
    const past = keepEvents(interactions, (event) => events.times[event] <= from);
    if (past.events.items.length === 0) break;
    const rises = risesAfter(interactions, from, window);
    const scorer = await learn(past);
    found += sumOfBest(rises, scorer.score(past, 0).slice());
    possible += sumOfBest(rises, rises.slice());
  }
  return possible > 0 ? found / possible : 0;
}

/** Of each item how many more events it has in the window from then on than in the one before; 0 for fewer. */
function risesAfter({ items, events }: Interactions, from: number, window: number): Float32Array {
  const rises = new Float32Array(items);
  for (const [event, item] of events.items.entries()) {
    const time = events.times[event];
    if (time > from && time <= from + window) rises[item] += 1;
    else if (time <= from && time > from - window) rises[item] -= 1;
  }
  return rises.map((change) => Math.max(0, change));
}

/** The rises of the items with the highest scores. */
function sumOfBest(rises: Float32Array, scores: Float32Array): number {
  return topItems(scores, { count: LONGEST_LIST }).items.reduce((sum, item) => sum + rises[item], 0);
}
