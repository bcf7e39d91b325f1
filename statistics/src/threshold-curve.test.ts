import assert from "node:assert/strict";
import { test } from "node:test";
import { averagePrecision, bestThreshold, fBeta, precisionAt, recallAt, thresholdCurve } from "./threshold-curve.ts";

const labels = [0, 0, 1, 1, 0, 1, 0, 1, 1, 0, 0, 1];
const scores = [0.1, 0.4, 0.35, 0.8, 0.4, 0.9, 0.2, 0.4, 0.7, 0.55, 0.05, 0.6];

test("each distinct score is a point, and what is called positive only grows", () => {
  const curve = thresholdCurve({ labels, scores });
  assert.deepEqual(
    curve.map(({ threshold, truePositives, falsePositives }) => [threshold, truePositives, falsePositives]),
    [
      [0.9, 1, 0],
      [0.8, 2, 0],
      [0.7, 3, 0],
      [0.6, 4, 0],
      [0.55, 4, 1],
      [0.4, 5, 3],
      [0.35, 6, 3],
      [0.2, 6, 4],
      [0.1, 6, 5],
      [0.05, 6, 6],
    ],
  );
  assert.deepEqual(curve.at(5), {
    threshold: 0.4,
    truePositives: 5,
    falsePositives: 3,
    falseNegatives: 1,
    trueNegatives: 3,
  });
});

test("precision, recall, F-β and the best threshold", () => {
  const point = { threshold: 0.4, truePositives: 5, falsePositives: 3, falseNegatives: 1, trueNegatives: 3 };
  assert.deepEqual([precisionAt(point), recallAt(point), fBeta(point)], [5 / 8, 5 / 6, 10 / 14]);
  assert.equal(fBeta(point, 2), 25 / (25 + 4 + 3));
  assert.equal(bestThreshold({ labels, scores }).threshold, 0.6);
  assert.equal(bestThreshold({ labels, scores }, 2).threshold, 0.35);
  assert.throws(() => bestThreshold({ labels: [], scores: [] }), RangeError);
  assert.throws(() => bestThreshold({ labels: [1, 0], scores: [1, Number.NaN] }), /score of example 2 is no number/);
});

test("average precision is scikit-learn's", () => {
  assert.ok(Math.abs(averagePrecision({ labels, scores }) - 0.8819444444444443) < 1e-12);
  assert.equal(averagePrecision({ labels: [1, 0], scores: [0.9, 0.1] }), 1);
});
