import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { criterionValue, type ScoredRows, selectThreshold } from "./threshold-selection.ts";

const rows: ScoredRows = {
  scores: Float32Array.of(0.9, 0.8, 0.7, 0.4, 0.3, 0.2),
  labels: Float32Array.of(1, 1, 0, 1, 0, 0),
  weights: new Float32Array(6).fill(1),
};
const base = { fBeta: 1, targetPrecision: 0.8, targetRecall: 0.8 };
const choose = (selectionCriterion: Parameters<typeof selectThreshold>[1]["selectionCriterion"], given = rows) =>
  selectThreshold(given, { ...base, selectionCriterion }, 0.5);
const about = (actual: number, expected: number) => assert.ok(Math.abs(actual - expected) < 1e-6, `${actual}`);

describe("threshold selection", () => {
  test("accuracy: of equal ones the nearest to the usual threshold", () => {
    // Five of six are right above 0.7 and above 0.3.
    const { threshold, value } = choose("accuracy");
    about(value, 5 / 6);
    about(threshold, 0.35);
  });

  test("F1, precision at a recall of at least 0.8, recall at a precision of at least 0.8", () => {
    about(choose("f_beta").value, 6 / 7);
    about(choose("f_beta").threshold, 0.35);
    about(choose("precision_at_target_recall").value, 3 / 4);
    about(choose("recall_at_target_precision").value, 2 / 3);
    about(choose("recall_at_target_precision").threshold, 0.75);
  });

  test("a loss does not move the threshold", () => {
    assert.equal(choose("loss_function").threshold, 0.5);
    assert.equal(choose("cross_entropy_loss").threshold, 0.5);
  });

  test("rows of one label, and no rows", () => {
    assert.equal(choose("accuracy", { ...rows, labels: new Float32Array(6) }).value, 1);
    assert.equal(choose("accuracy", { ...rows, labels: new Float32Array(6).fill(1) }).value, 1);
    const none = new Float32Array(0);
    assert.equal(choose("f_beta", { scores: none, labels: none, weights: none }).threshold, 0.5);
  });

  test("weights count: a heavy negative moves the threshold above it", () => {
    const weights = Float32Array.of(1, 1, 10, 1, 1, 1);
    about(choose("accuracy", { ...rows, weights }).threshold, 0.75);
  });

  test("a target that is missed is worth the less the farther", () => {
    const criterion = { ...base, selectionCriterion: "precision_at_target_recall" } as const;
    const at = (truePositives: number) =>
      criterionValue(
        { threshold: 0.5, truePositives, falsePositives: 0, falseNegatives: 10 - truePositives, trueNegatives: 10 },
        criterion,
      );
    assert.ok(at(8) > at(7) && at(7) > at(1) && at(7) < 0);
  });
});
