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

test("of scores of either sign, zeros and many equal ones: as counted threshold by threshold", () => {
  const scores = Float32Array.from({ length: 300 }, (_, row) => (((row * 37) % 23) - 11) / 4);
  scores[7] = -0;
  const isPositive = (row: number): boolean => (row * 53) % 7 < 2 || scores[row] > 2;
  const { threshold, f1 } = bestThreshold(scores, isPositive);
  const f1At = (least: number): number => {
    const chosen = scores.reduce((count, score) => count + Number(score >= least), 0);
    const positives = scores.reduce((count, _, row) => count + Number(isPositive(row)), 0);
    const hits = scores.reduce((count, score, row) => count + Number(score >= least && isPositive(row)), 0);
    return (2 * hits) / (chosen + positives);
  };
  assert.equal(f1At(threshold), f1);
  assert.equal(Math.max(...scores.map(f1At)), Math.fround(f1));
});

test("labels with fewer than 3 positives take the common threshold", async () => {
  const scores = [Float32Array.of(3, 2, 1, 0, -1), Float32Array.of(0.2, 0.1, -1, -2, -3)];
  const signs = [Int8Array.of(1, 1, 1, -1, -1), Int8Array.of(1, 1, -1, -1, -1)];
  const { common, perLabel } = await chooseThresholds(scores, signs, async () => {});
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
