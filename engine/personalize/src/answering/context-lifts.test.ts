import assert from "node:assert/strict";
import { test } from "node:test";
import { openContextLifts } from "./context-lifts.ts";
import { trainSmallModel } from "./testing/small-model.ts";

/** 100 events: "tv" is half of all and shows only a; "phone" shows a and b alike. */
async function lifts() {
  const events = Array.from({ length: 100 }, (_, time) => {
    const isTv = time % 2 === 0;
    return { user: `u${time % 5}`, item: isTv || time % 4 === 1 ? "a" : "b", time, device: isTv ? "tv" : "phone" };
  });
  return openContextLifts(await trainSmallModel({ recipe: "aws-user-personalization", events }));
}

test("a lift is how much more an item is used in the context, drawn towards none by five events", async () => {
  const opened = await lifts();
  const tv = opened.of({ DEVICE: "tv" });
  // a: 75 events, 50 of them on tv, where 37.5 were expected; b: none of 25.
  assert.ok(Math.abs((tv?.[0] ?? 0) - Math.log((50 + 5) / (37.5 + 5))) < 1e-6);
  assert.ok(Math.abs((tv?.[1] ?? 0) - Math.log((0 + 5) / (12.5 + 5))) < 1e-6);
});

test("contexts are kept, unknown values say nothing, unknown columns are refused", async () => {
  const opened = await lifts();
  assert.equal(opened.of({ DEVICE: "tv" }), opened.of({ DEVICE: "tv" }));
  assert.equal(opened.of({}), undefined);
  assert.deepEqual(opened.of({ DEVICE: "watch" }), new Float32Array(2));
  assert.throws(() => opened.of({ WEATHER: "sun" }), { name: "AnsweringError", field: "context" });
});
