import assert from "node:assert/strict";
import { test } from "node:test";
import { meanInterval } from "./mean-interval.ts";
import { createRandom } from "./random.ts";

test("the interval is that of the normal distribution where the values are many", () => {
  const random = createRandom(1);
  const values = Float64Array.from({ length: 2000 }, () => random());
  const { mean, low, high } = meanInterval(values, { random });
  const half = 1.96 * Math.sqrt(1 / 12 / values.length);
  assert.ok(low < mean && mean < high);
  assert.ok(Math.abs(mean - low - half) < 0.15 * half && Math.abs(high - mean - half) < 0.15 * half);
});

test("values that are all alike have no spread; no values have no mean", () => {
  assert.deepEqual(meanInterval([2, 2, 2], { random: createRandom(1), resamples: 50 }), { mean: 2, low: 2, high: 2 });
  assert.throws(() => meanInterval([], { random: createRandom(1) }), RangeError);
});
