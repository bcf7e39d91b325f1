import assert from "node:assert/strict";
import { test } from "node:test";
import { fenceOf, outerFence } from "./outlier-fence.ts";

test("the fence is three interquartile ranges beyond the upper quartile, on the logarithm", () => {
  assert.equal(outerFence(2, 12), 12 * 6 ** 3);
  const values = Array.from({ length: 4_001 }, (_, index) => Math.exp(index / 1_000));
  // Quartiles of the logarithm: 1 and 3, so the fence is at 3 + 3 · 2.
  assert.ok(Math.abs(Math.log(fenceOf(values)) - 9) < 1e-9);
});

test("without enough values nothing is unusual", () => {
  assert.equal(fenceOf([1, 2, 3]), Number.POSITIVE_INFINITY);
});
