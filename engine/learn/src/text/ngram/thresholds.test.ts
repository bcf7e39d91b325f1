import assert from "node:assert/strict";
import { test } from "node:test";
import { bestThreshold, chooseThresholds, f1Scores } from "./thresholds.ts";

const { NaN: leftOut } = Number;

test("the best threshold lies between the two scores that it separates", () => {
  const scores = Float32Array.of(0.5, leftOut, 2, -1, 1);
  const best = bestThreshold(scores, (row) => row === 2 || row === 4);
  assert.deepEqual(best, { threshold: 0.75, f1: 1, positives: 2 });
});

test("rows of equal score are never separated, and without a positive nothing is chosen", () => {
  const equal = bestThreshold(Float32Array.of(1, 1, 0), (row) => row === 0);
  assert.equal(equal.threshold, 0.5);
  assert.ok(Math.abs(equal.f1 - 2 / 3) < 1e-12);
  assert.equal(bestThreshold(Float32Array.of(1, 2), () => false).threshold, Infinity);
});

test("labels with fewer than 3 positives take the common threshold", () => {
  const scores = [Float32Array.of(3, 2, 1, 0, -1), Float32Array.of(0.2, 0.1, -1, -2, -3)];
  const signs = [Int8Array.of(1, 1, 1, -1, -1), Int8Array.of(1, 1, -1, -1, -1)];
  const { common, perLabel } = chooseThresholds(scores, signs);
  assert.ok(Math.abs(common - 0.05) < 1e-6, String(common));
  assert.deepEqual([...perLabel], [0.5, common]);
});

test("micro-F1 counts decisions, macro-F1 labels; one without a hit counts 0", () => {
  const scores = [Float32Array.of(1, 1, -1, -1), Float32Array.of(-1, -1, -1, -1)];
  const signs = [Int8Array.of(1, -1, 1, -1), Int8Array.of(1, -1, -1, -1)];
  // Of label 1: one hit, two chosen, two that have it. Of label 2: none chosen, one that has it.
  assert.deepEqual(
    f1Scores(scores, signs, () => 0),
    { micro: 2 / 5, macro: 0.25 },
  );
});
