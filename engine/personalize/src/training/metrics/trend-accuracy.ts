import { topItems } from "@rondo/kernels";
import { type Interactions, keepEvents, type Scorer } from "@rondo/learn";
import { LONGEST_LIST } from "./list-metrics.ts";

const SECONDS_OF_HOUR = 3600;

/**
 * AWS's trend prediction accuracy: how much the use of the recommended items rises in the window of time after the data that were learned from, ÷ the rise
 * of as many items that rise most. https://docs.aws.amazon.com/personalize/latest/dg/working-with-training-metrics.html 0 where nothing rises.
 */
export async function trendAccuracy(
  interactions: Interactions,
  windowHours: number,
  learn: (interactions: Interactions) => Promise<Scorer>,
): Promise<number> {
  const { events, items } = interactions;
  let latest = Number.NEGATIVE_INFINITY;
  for (const time of events.times) if (time > latest) latest = time;
  const window = windowHours * SECONDS_OF_HOUR;
  const from = latest - window;
  const past = keepEvents(interactions, (event) => events.times[event] <= from);
  if (past.events.items.length === 0) return 0;
  const rise = new Float32Array(items);
  for (const [event, item] of events.items.entries()) {
    if (events.times[event] > from) rise[item] += 1;
    else if (events.times[event] > from - window) rise[item] -= 1;
  }
  for (const [item, change] of rise.entries()) if (change < 0) rise[item] = 0;
  const scorer = await learn(past);
  const recommended = topItems(scorer.score(past, 0).slice(), { count: LONGEST_LIST }).items;
  const best = topItems(rise, { count: LONGEST_LIST }).items;
  const sumOf = (chosen: Uint32Array): number => chosen.reduce((sum, item) => sum + rise[item], 0);
  const possible = sumOf(best);
  return possible > 0 ? sumOf(recommended) / possible : 0;
}
