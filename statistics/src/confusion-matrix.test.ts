import assert from "node:assert/strict";
import { test } from "node:test";
import { accuracy, classScores, confusionMatrix, macroF1 } from "./confusion-matrix.ts";

// The example of scikit-learn's confusion_matrix and classification_report.
const actual = ["cat", "ant", "cat", "cat", "ant", "bird"];
const predicted = ["ant", "ant", "cat", "cat", "ant", "cat"];

test("counts by actual and predicted class", () => {
  const matrix = confusionMatrix(actual, predicted);
  assert.deepEqual(matrix.classes, ["cat", "ant", "bird"]);
  assert.deepEqual(matrix.counts, [
    [2, 1, 0],
    [0, 2, 0],
    [1, 0, 0],
  ]);
  assert.equal(matrix.total, 6);
});

test("accuracy, precision, recall, F1 and their mean", () => {
  const matrix = confusionMatrix(actual, predicted);
  assert.equal(accuracy(matrix), 4 / 6);
  assert.deepEqual(classScores(matrix), [
    { name: "cat", support: 3, precision: 2 / 3, recall: 2 / 3, f1: 4 / 6 },
    { name: "ant", support: 2, precision: 2 / 3, recall: 1, f1: 4 / 5 },
    { name: "bird", support: 1, precision: 0, recall: 0, f1: 0 },
  ]);
  assert.equal(macroF1(matrix), (4 / 6 + 4 / 5) / 3);
});

test("lists of different lengths are refused; nothing gives no number", () => {
  assert.throws(() => confusionMatrix(["a"], []), RangeError);
  assert.ok(Number.isNaN(accuracy(confusionMatrix([], []))));
});
