import assert from "node:assert/strict";
import { test } from "node:test";
import { spearmanCorrelation } from "./spearman-correlation.ts";

test("the textbook example: IQ and hours of television a week, ρ = −29 ÷ 165", () => {
  const iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110];
  const hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17];
  assert.ok(Math.abs(spearmanCorrelation(iq, hours) + 29 / 165) < 1e-12);
});

test("equal values share the mean of their ranks", () => {
  // scipy.stats.spearmanr([1, 2, 2, 3, 4], [5, 6, 7, 7, 1])
  assert.ok(Math.abs(spearmanCorrelation([1, 2, 2, 3, 4], [5, 6, 7, 7, 1]) + 0.131_578_947_368_421_07) < 1e-12);
  assert.equal(spearmanCorrelation([1, 5, 9], [-3, -2, 100]), 1);
  assert.equal(spearmanCorrelation([1, 5, 9], [100, -2, -3]), -1);
});

test("where there is nothing to correlate: NaN, or a refusal", () => {
  assert.ok(Number.isNaN(spearmanCorrelation([], [])));
  assert.ok(Number.isNaN(spearmanCorrelation([1, 1, 1], [1, 2, 3])));
  assert.throws(() => spearmanCorrelation([1], [1, 2]), RangeError);
});
