import { type Interactions, keepEvents } from "@rondo/learn";
import { between, type Percentiles } from "./training-interactions.ts";

/** Without the events of items that have fewer or more of them than most. */
export function keepUsualItems(interactions: Interactions, percentiles: Percentiles): Interactions {
  const { events, items } = interactions;
  const counts = new Uint32Array(items);
  for (const item of events.items) counts[item] += 1;
  const isUsual = between(counts, percentiles);
  return keepEvents(interactions, (event) => isUsual(counts[events.items[event]]));
}
