import type { Interactions } from "@rondo/learn";
import type { TrainedModel } from "../model/trained-model.ts";
import type { LiveEvent } from "./recommender.ts";

/** The newest events of a user that are scored; more say nothing about what comes next, and would let one user slow the others down. */
export const MOST_EVENTS = 1000;

/** The events of one user or session, as the only user of a scorer's histories. */
export interface SingleEvents {
  readonly items: Uint32Array;
  readonly times: Float64Array;
  readonly weights: Float32Array;
}

/** Histories of one user; events oldest first. */
export function singleHistory(items: number, events: SingleEvents): Interactions {
  const { length } = events.items;
  return {
    users: 1,
    items,
    events: { starts: Uint32Array.of(0, length), ...events },
    pairs: pairsOf(items, events),
  };
}

/** Histories of a user of the training alone: views of the model's arrays where they are short enough. */
export function trainedHistory({ learned }: Pick<TrainedModel, "learned">, user: number): Interactions {
  const { items, events, pairs } = learned;
  const [first, end] = [events.starts[user], events.starts[user + 1]];
  if (end - first > MOST_EVENTS) return singleHistory(items, eventsBetween(learned, end - MOST_EVENTS, end));
  const [firstPair, endPair] = [pairs.starts[user], pairs.starts[user + 1]];
  return {
    users: 1,
    items,
    events: { starts: Uint32Array.of(0, end - first), ...eventsBetween(learned, first, end) },
    pairs: {
      rows: 1,
      columns: items,
      starts: Uint32Array.of(0, endPair - firstPair),
      columnIndexes: pairs.columnIndexes.subarray(firstPair, endPair),
      values: pairs.values.subarray(firstPair, endPair),
    },
  };
}

/** What of a live event counts. */
export interface CountedEvent {
  readonly item: number;
  readonly weight: number;
  readonly event: LiveEvent;
}

/** A user's events from the training (none for a user of −1) with those since, oldest first, the newest `MOST_EVENTS`. */
export function mergedHistory(
  { learned }: Pick<TrainedModel, "learned">,
  user: number,
  since: readonly CountedEvent[],
): Interactions {
  const { items, events } = learned;
  const live = since.slice(-MOST_EVENTS).sort((one, other) => one.event.sentAt - other.event.sentAt);
  const end = user < 0 ? 0 : events.starts[user + 1];
  const first = user < 0 ? 0 : Math.max(events.starts[user], end - (MOST_EVENTS - live.length));
  const trained = eventsBetween(learned, first, end);
  const count = trained.items.length;
  const merged = {
    items: new Uint32Array(count + live.length),
    times: new Float64Array(count + live.length),
    weights: new Float32Array(count + live.length),
  };
  merged.items.set(trained.items);
  merged.times.set(trained.times);
  merged.weights.set(trained.weights);
  // An event that was sent late counts as of the last training's end at the earliest: scorers read times that ascend.
  let latest = count === 0 ? Number.NEGATIVE_INFINITY : trained.times[count - 1];
  for (const [index, { item, weight, event }] of live.entries()) {
    latest = Math.max(latest, event.sentAt);
    merged.items[count + index] = item;
    merged.times[count + index] = latest;
    merged.weights[count + index] = weight;
  }
  return singleHistory(items, merged);
}

/** A history of one event with the item; of none with −1. */
export function onlyItem(items: number, item: number): Interactions {
  const known = item < 0 ? [] : [item];
  return singleHistory(items, {
    items: Uint32Array.from(known),
    times: new Float64Array(known.length),
    weights: new Float32Array(known.length).fill(1),
  });
}

/** The same history without the events of one item. */
export function withoutItem({ items, events }: Interactions, item: number): Interactions {
  const kept = [...events.items.keys()].filter((event) => events.items[event] !== item);
  return singleHistory(items, {
    items: Uint32Array.from(kept, (event) => events.items[event]),
    times: Float64Array.from(kept, (event) => events.times[event]),
    weights: Float32Array.from(kept, (event) => events.weights[event]),
  });
}

function eventsBetween({ events }: Interactions, first: number, end: number): SingleEvents {
  return {
    items: events.items.subarray(first, end),
    times: events.times.subarray(first, end),
    weights: events.weights.subarray(first, end),
  };
}

function pairsOf(items: number, events: SingleEvents): Interactions["pairs"] {
  const sorted = Uint32Array.from(events.items).sort();
  let distinct = 0;
  for (let index = 0; index < sorted.length; index += 1) {
    if (distinct > 0 && sorted[distinct - 1] === sorted[index]) continue;
    sorted[distinct] = sorted[index];
    distinct += 1;
  }
  const columnIndexes = sorted.subarray(0, distinct);
  const values = new Float32Array(distinct);
  for (let event = 0; event < events.items.length; event += 1) {
    values[placeOf(columnIndexes, events.items[event])] += events.weights[event];
  }
  return { rows: 1, columns: items, starts: Uint32Array.of(0, distinct), columnIndexes, values };
}

function placeOf(ascending: Uint32Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
