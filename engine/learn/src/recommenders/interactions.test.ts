import assert from "node:assert/strict";
import { test } from "node:test";
import { DataError } from "../algorithm.ts";
import { weighHistories } from "./history-weights.ts";
import { createInteractions, type InteractionEvents, keepEvents } from "./interactions.ts";

const DAY = 86_400;

/** User 1 knows item 2 from day 1 and 3, item 0 from day 2; user 0 knows item 1. Given in no order. */
const events = {
  users: Uint32Array.of(1, 0, 1, 1),
  items: Uint32Array.of(2, 1, 0, 2),
  times: Float64Array.of(3 * DAY, 5 * DAY, 2 * DAY, DAY),
  weights: Float32Array.of(1, 4, 2, 0.5),
};
const interactions = createInteractions({ users: 3, items: 3, events });

test("events come by user and time, pairs with the sum of their weights", () => {
  assert.deepEqual([...interactions.events.starts], [0, 1, 4, 4]);
  assert.deepEqual([...interactions.events.items], [1, 2, 0, 2]);
  const { starts, columnIndexes, values } = interactions.pairs;
  assert.deepEqual(
    [[...starts], [...columnIndexes], [...values]],
    [
      [0, 1, 3, 3],
      [1, 0, 2],
      [4, 2, 1.5],
    ],
  );
});

test("events of equal time, or without times, keep their order", () => {
  const { times: _, ...untimed } = events;
  const given = createInteractions({ users: 3, items: 3, events: untimed });
  assert.deepEqual([...given.events.items], [1, 2, 0, 2]);
  const equal = createInteractions({ users: 3, items: 3, events: { ...events, times: new Float64Array(4) } });
  assert.deepEqual([...equal.events.items], [1, 2, 0, 2]);
});

test("what is kept of the events has its own pairs", () => {
  const kept = keepEvents(interactions, (event) => interactions.events.times[event] > DAY);
  assert.deepEqual([...kept.events.items], [1, 0, 2]);
  assert.deepEqual([...kept.pairs.values], [4, 2, 1]);
});

test("an event that cannot be is refused with its number", () => {
  const refused: readonly [Partial<InteractionEvents>, RegExp][] = [
    [{ users: Uint32Array.of(3, 0, 1, 1) }, /Event 0 has user 3 of 3/],
    [{ items: Uint32Array.of(2, 7, 0, 2) }, /Event 1 has item 7 of 3/],
    [{ times: Float64Array.of(0, 0, Number.NaN, 0) }, /Event 2 has no time/],
    [{ weights: Float32Array.of(1, 1, 1, 0) }, /Event 3 has weight 0/],
    [{ times: new Float64Array(3) }, /4 users of events, but 3 times/],
  ];
  for (const [change, message] of refused) {
    const given = (): unknown => createInteractions({ users: 3, items: 3, events: { ...events, ...change } });
    assert.throws(given, (error) => error instanceof DataError && message.test(error.message));
  }
});

test("the weight of a history's items fades with items and days since their latest event", () => {
  const weightsWith = (change: object): number[] => {
    const weighting = { historyValues: "binary", halfLifeItems: 0, halfLifeDays: 0, ...change } as const;
    return [...(weighHistories(interactions, weighting).values ?? [])].slice(1);
  };
  assert.deepEqual(weightsWith({}), [1, 1]);
  assert.deepEqual(weightsWith({ historyValues: "summed" }), [2, 1.5]);
  assert.deepEqual(weightsWith({ halfLifeItems: 1 }), [0.5, 1]);
  assert.deepEqual(weightsWith({ halfLifeDays: 0.5 }), [0.25, 1]);
  assert.deepEqual(weightsWith({ halfLifeItems: 1, halfLifeDays: 0.5, historyValues: "summed" }), [0.25, 1.5]);
});
