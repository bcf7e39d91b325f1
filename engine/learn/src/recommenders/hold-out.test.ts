import assert from "node:assert/strict";
import { test } from "node:test";
import { type HoldOutOptions, holdOut } from "./hold-out.ts";
import { createInteractions } from "./interactions.ts";

const DAY = 86_400;
/** User 0: items 0, 1, 0 on days 1, 2, 9. User 1: items 1, 2 on days 3, 10. User 2: item 2 on day 10. Given in no order. */
const interactions = createInteractions({
  users: 3,
  items: 3,
  events: {
    users: Uint32Array.of(0, 1, 0, 2, 0, 1),
    items: Uint32Array.of(0, 2, 1, 2, 0, 1),
    times: Float64Array.of(9 * DAY, 10 * DAY, 2 * DAY, 10 * DAY, DAY, 3 * DAY),
  },
});
const options: HoldOutOptions = { heldOut: "last-event", periodDays: 5, exclude: "none", seed: 1 };
const relevantOf = (given: HoldOutOptions): number[][] => holdOut(interactions, given).relevant.map((row) => [...row]);

test("the last event, of users who have another one", () => {
  assert.deepEqual(relevantOf(options), [[0], [2], []]);
  assert.deepEqual(relevantOf({ ...options, exclude: "history" }), [[], [2], []]);
});

test("the last days; nothing of them is known before", () => {
  const { known, relevant } = holdOut(interactions, { ...options, heldOut: "last-period" });
  assert.deepEqual(
    relevant.map((row) => [...row]),
    [[0], [2], []],
  );
  assert.deepEqual([...known.events.items], [0, 1, 1]);
  assert.ok(known.events.times.every((time) => time <= 5 * DAY));
});

test("any one event: one of each user, and the same for the same seed", () => {
  const given: HoldOutOptions = { ...options, heldOut: "random-event" };
  const { known } = holdOut(interactions, given);
  assert.equal(known.events.items.length, interactions.events.items.length - 3);
  assert.deepEqual(relevantOf(given), relevantOf(given));
});

test("when nobody can be judged, that is said", () => {
  const given: HoldOutOptions = { ...options, heldOut: "last-period", periodDays: 100 };
  assert.throws(() => holdOut(interactions, given), /No user has both/);
});
