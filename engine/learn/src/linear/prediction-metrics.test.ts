import assert from "node:assert/strict";
import { test } from "node:test";
import { binaryMetrics, multiclassMetrics, type PredictionMetric, regressionMetrics } from "./prediction-metrics.ts";

const expectFigures = (actual: readonly PredictionMetric[], expected: Readonly<Record<string, number>>): void => {
  assert.deepEqual(
    actual.map(({ metric }) => metric),
    Object.keys(expected),
  );
  for (const { metric, value } of actual) {
    assert.ok(Math.abs(value - (expected[metric] ?? Number.NaN)) < 1e-6, `${metric}: ${value}`);
  }
};

test("binary: two of three positives found, one false alarm", () => {
  const scores = Float32Array.of(0.9, 0.8, 0.3, 0.7, 0.1);
  const labels = Float32Array.of(1, 1, 1, 0, 0);
  expectFigures(binaryMetrics(scores, labels, { threshold: 0.5, beta: 1 }), {
    binary_classification_accuracy: 3 / 5,
    "binary_f_1.000": 2 / 3,
    precision: 2 / 3,
    recall: 2 / 3,
    roc_auc_score: 5 / 6,
  });
  const negatives = binaryMetrics(scores, new Float32Array(5), { threshold: 0.5, beta: 1 });
  assert.ok(negatives.every(({ metric, value }) => metric !== "roc_auc_score" && Number.isFinite(value)));
});

test("multiclass: ranks of the labels are 1, 2 and 3", () => {
  const probabilities = Float32Array.of(0.6, 0.3, 0.1, 0.6, 0.3, 0.1, 0.6, 0.3, 0.1);
  expectFigures(multiclassMetrics(probabilities, Float32Array.of(0, 1, 2), { classes: 3, top: 2, beta: 1 }), {
    multiclass_accuracy: 1 / 3,
    multiclass_top_k_accuracy_2: 2 / 3,
    dcg: (1 + 1 / Math.log2(3) + 1 / 2) / 3,
    macro_recall: 1 / 3,
    macro_precision: 1 / 9,
    "macro_f_1.000": 1 / 6,
  });
});

test("multiclass: a hundred thousand classes take no matrix", () => {
  const classes = 100_000;
  const probabilities = new Float32Array(2 * classes);
  probabilities[70_000] = 1;
  probabilities[classes + 80_000] = 1;
  const figures = multiclassMetrics(probabilities, Float32Array.of(70_000, 3), { classes, top: 1, beta: 1 });
  assert.equal(figures.find(({ metric }) => metric === "macro_recall")?.value, 1 / 3);
});

test("regression: errors of 1 and 3", () => {
  expectFigures(regressionMetrics(Float32Array.of(1, 7), Float32Array.of(2, 4)), {
    mse: 5,
    rmse: Math.sqrt(5),
    absolute_loss: 2,
    mae: 2,
    r2: -4,
  });
  assert.equal(regressionMetrics(Float32Array.of(1), Float32Array.of(1)).at(-1)?.value, 0);
});
