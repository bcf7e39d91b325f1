import assert from "node:assert/strict";
import { test } from "node:test";
import { DataError } from "../algorithm.ts";
import { denseMatrix, type SparseMatrix } from "../table/matrix.ts";
import { supervisedRows } from "./supervised-rows.ts";

const features = denseMatrix([
  [1, 2],
  [3, 4],
]);
const labels = Float32Array.of(0, 1);
const expectation = { name: "validation", columns: 2, classes: 2 };
const sparse: SparseMatrix = {
  kind: "sparse",
  rows: 2,
  columns: 2,
  rowStarts: Float64Array.of(0, 1, 2),
  columnIndexes: Uint32Array.of(0, 1),
  values: Float32Array.of(1, Number.NaN),
  absent: "zero",
};

test("rows that fit come back with weights", () => {
  assert.deepEqual(supervisedRows({ features, labels }, expectation).weights, Float32Array.of(1, 1));
  const weights = Float32Array.of(0, 2);
  assert.equal(supervisedRows({ features, labels, weights }, expectation).weights, weights);
});

test("what does not fit is refused with its place", () => {
  const refused = (table: Parameters<typeof supervisedRows>[0], message: RegExp): void => {
    assert.throws(
      () => supervisedRows(table, expectation),
      (error) => error instanceof DataError && message.test(error.message),
    );
  };
  refused({ features: denseMatrix([], 2), labels: new Float32Array(0) }, /no rows/);
  refused({ features: denseMatrix([[], []]), labels }, /no columns/);
  refused({ features }, /no labels/);
  refused({ features: denseMatrix([[1], [2]]), labels }, /1 columns, not 2/);
  refused({ features: sparse, labels }, /Row 2, column 2 is missing/);
  refused({ features: { ...sparse, absent: "missing" }, labels }, /not written .* is missing/);
  refused({ features, labels: Float32Array.of(0, 0.5) }, /label of row 2 of the validation data is 0.5/);
  refused({ features, labels, weights: Float32Array.of(0, 0) }, /weights .* are all 0/);
});
