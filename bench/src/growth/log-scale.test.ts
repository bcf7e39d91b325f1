import assert from "node:assert/strict";
import { test } from "node:test";
import { logScale } from "./log-scale.ts";

test("an axis spans whole decades, and equal factors are equal distances", () => {
  const { decades, place } = logScale([0.3, 45], 300, 0);
  assert.deepEqual(decades, [0.1, 1, 10, 100]);
  assert.deepEqual(decades.map(place), [300, 200, 100, 0]);
  assert.ok(Math.abs(place(2) - place(20) - 100) < 1e-9);
});

test("powers of ten at both ends do not widen the axis; a single value has a decade", () => {
  assert.deepEqual(logScale([10_000, 1_000_000], 0, 1).decades, [1e4, 1e5, 1e6]);
  assert.deepEqual(logScale([100], 0, 1).decades, [100, 1000]);
});

test("what has no logarithm is refused", () => {
  for (const values of [[], [0, 1], [-1], [Number.NaN], [Number.POSITIVE_INFINITY]]) {
    assert.throws(() => logScale(values, 0, 1), RangeError);
  }
});
