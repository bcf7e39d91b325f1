import assert from "node:assert/strict";
import { test } from "node:test";
import { completeRows, requireColumns, requireCompleteRows } from "./complete-rows.ts";
import { denseMatrix, type SparseMatrix, toDense } from "./matrix.ts";

const sparse: SparseMatrix = {
  kind: "sparse",
  rows: 3,
  columns: 3,
  rowStarts: Float64Array.of(0, 1, 1, 3),
  columnIndexes: Uint32Array.of(2, 0, 1),
  values: Float32Array.of(5, 6, Number.NaN),
  absent: "zero",
};
const refusal = (expected: RegExp) => ({ name: "DataError", message: expected });

test("a missing or infinite number is refused with its row and column", () => {
  const features = denseMatrix([
    [1, 2],
    [3, Number.NaN],
  ]);
  assert.throws(() => requireCompleteRows({ features }, "PCA"), refusal(/Row 2, column 2 is missing; PCA/));
  assert.throws(() => requireCompleteRows({ features, names: ["a", "b"] }, "PCA"), refusal(/column 2 \(b\)/));
  assert.throws(
    () => requireCompleteRows({ features: denseMatrix([[Number.POSITIVE_INFINITY]]) }, "PCA"),
    refusal(/Row 1, column 1 is infinite/),
  );
  assert.throws(() => requireCompleteRows({ features: sparse }, "PCA"), refusal(/Row 3, column 2 is missing/));
  assert.throws(
    () => requireCompleteRows({ features: { ...sparse, absent: "missing" } }, "PCA"),
    refusal(/not written/),
  );
  requireCompleteRows({ features: denseMatrix([[1, 2]]) }, "PCA");
});

test("no rows, no columns and another number of columns are refused", () => {
  assert.throws(() => requireCompleteRows({ features: denseMatrix([], 2) }, "PCA"), refusal(/no rows/));
  assert.throws(() => requireCompleteRows({ features: denseMatrix([[]]) }, "PCA"), refusal(/no columns/));
  assert.throws(() => requireColumns(sparse, 4), refusal(/3 columns.*4/));
});

test("rows of a sparse matrix are those of the dense one", () => {
  assert.deepEqual([...completeRows(sparse, 1, 3).values], [0, 0, 0, 6, Number.NaN, 0]);
  assert.deepEqual([...completeRows(sparse).values], [...toDense(sparse).values]);
});
