import assert from "node:assert/strict";
import { test } from "node:test";
import { generateInteractions } from "./generated-interactions.ts";

const EVENTS = 40_000;

test("users are a twentieth of the events, items ten times their square root", () => {
  const { users, items, events } = generateInteractions(EVENTS);
  assert.deepEqual([users, items, events.items.length], [2000, 2000, EVENTS]);
});

test("items follow Zipf's law, users an inverse square root", () => {
  const { items, users, events } = generateInteractions(EVENTS);
  const counts = new Uint32Array(items);
  for (const item of events.items) counts[item]! += 1;
  const eventsOfItems = (from: number, to: number): number =>
    counts.subarray(from, to).reduce((sum, count) => sum + count, 0);
  // Under 1 / r, ranks up to √items take half of all events, as do the rest.
  const share = eventsOfItems(0, Math.round(Math.sqrt(items))) / EVENTS;
  assert.ok(Math.abs(share - 0.5) < 0.03, `the most popular items have ${share} of the events`);
  // Under 1 / √r, the first quarter of the users makes half of the events.
  const early = events.starts[users / 4]! / EVENTS;
  assert.ok(Math.abs(early - 0.5) < 0.03, `the busiest quarter has ${early} of the events`);
});
