import assert from "node:assert/strict";
import { test } from "node:test";
import { averageRewards, listMetrics } from "./list-metrics.ts";

const list = Uint32Array.of(10, 11, 12, 13, 14);

test("the guide's worked example: hits at ranks 2 and 5 of 5", () => {
  const metrics = listMetrics({ lists: [list], truth: [Uint32Array.of(11, 14)], items: 20 });
  assert.equal(metrics["mean_reciprocal_rank_at_25"], 0.5);
  assert.equal(metrics["normalized_discounted_cumulative_gain_at_5"].toFixed(4), "0.6241");
  assert.equal(metrics["precision_at_5"], 0.4);
  assert.equal(metrics["precision_at_25"], 2 / 25);
  assert.equal(metrics["coverage"], 0.25);
});

test("metrics are means over users, by AWS's names", () => {
  const truth = [Uint32Array.of(10), Uint32Array.of(3)];
  const metrics = listMetrics({ lists: [list, list], truth, items: 20 });
  assert.equal(metrics["normalized_discounted_cumulative_gain_at_10"], 0.5);
  assert.deepEqual(Object.keys(metrics).sort(), [
    "coverage",
    "mean_reciprocal_rank_at_25",
    "normalized_discounted_cumulative_gain_at_10",
    "normalized_discounted_cumulative_gain_at_25",
    "normalized_discounted_cumulative_gain_at_5",
    "precision_at_10",
    "precision_at_25",
    "precision_at_5",
  ]);
});

test("rewards are what was hit of what could be", () => {
  const values = new Float64Array(20).fill(Number.NaN);
  values.set([6, 2, -5], 10);
  const judged = { lists: [list], truth: [Uint32Array.of(10, 11, 12, 19)], items: 20 };
  assert.equal(averageRewards(judged, values), 1);
  assert.equal(averageRewards({ ...judged, lists: [Uint32Array.of(11)] }, values), 0.25);
});
