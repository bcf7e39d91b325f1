import assert from "node:assert/strict";
import { test } from "node:test";
import { catalogueCoverage, discountedCumulativeGain, type JudgedRanking, rankingMetrics } from "./ranking-metrics.ts";

/** A list with hits at these places. */
function hitsAt(places: readonly number[], length: number, relevant = places.length): JudgedRanking {
  return { hits: Array.from({ length }, (_, index) => places.includes(index + 1)), relevant };
}

const near = (actual: number, expected: number, digits: number): void =>
  assert.ok(Math.abs(actual - expected) <= 0.5 * 10 ** -digits, `${actual} is not ${expected}`);

test("the worked example of Amazon Personalize's guide: hits at places 2 and 5 of 5", () => {
  const metrics = rankingMetrics(hitsAt([2, 5], 5), 5);
  near(metrics.reciprocalRank, 0.5, 12);
  near(metrics.normalizedDiscountedCumulativeGain, 0.6241, 4);
  near(metrics.precision, 0.4, 12);
});

test("average precision as in figure 8 of Manning's lecture: 1, 3, 6, 9, 10 of 5 relevant", () => {
  near(rankingMetrics(hitsAt([1, 3, 6, 9, 10], 10), 10).averagePrecision, 0.62, 2);
  near(rankingMetrics(hitsAt([2, 5, 7], 10), 10).averagePrecision, 0.44, 2);
});

test("discounted cumulative gain of graded documents: 3, 2, 3, 0, 1, 2", () => {
  const gain = discountedCumulativeGain([3, 2, 3, 0, 1, 2]);
  near(gain, 6.861, 3);
  near(gain / discountedCumulativeGain([3, 3, 3, 2, 2, 2, 1, 0].slice(0, 6)), 0.785, 3);
});

test("what is beyond the cut-off does not count, and more is wanted than fits", () => {
  const metrics = rankingMetrics(hitsAt([1, 2, 11], 20, 30), 10);
  assert.deepEqual([metrics.hitRate, metrics.precision, metrics.recall, metrics.reciprocalRank], [1, 0.2, 2 / 30, 1]);
  near(
    metrics.normalizedDiscountedCumulativeGain,
    (1 + 1 / Math.log2(3)) / discountedCumulativeGain(Array(10).fill(1)),
    12,
  );
  near(metrics.averagePrecision, 0.2, 12);
});

test("a list without a hit is zero everywhere; a perfect one is 1", () => {
  assert.ok(Object.values(rankingMetrics(hitsAt([], 5, 2), 5)).every((value) => value === 0));
  assert.ok(Object.values(rankingMetrics(hitsAt([1, 2, 3], 3), 3)).every((value) => value === 1));
  assert.throws(() => rankingMetrics(hitsAt([], 5, 0), 5), RangeError);
});

test("coverage is the share of the catalogue that is shown to anybody", () => {
  assert.equal(catalogueCoverage([[0, 1], [1, 2], []], 12), 0.25);
});
