import assert from "node:assert/strict";
import { test } from "node:test";
import { denseMatrix, type SparseMatrix, sliceRows, toDense } from "./matrix.ts";

const sparse: SparseMatrix = {
  kind: "sparse",
  rows: 3,
  columns: 3,
  rowStarts: Float64Array.of(0, 2, 2, 3),
  columnIndexes: Uint32Array.of(0, 2, 1),
  values: Float32Array.of(1, 2, 3),
  absent: "zero",
};

test("a sparse matrix written out has zeros, or missing values, where nothing was written", () => {
  assert.deepEqual([...toDense(sparse).values], [1, 0, 2, 0, 0, 0, 0, 3, 0]);
  const { NaN: missing } = Number;
  assert.deepEqual(
    [...toDense({ ...sparse, absent: "missing" }).values],
    [1, missing, 2, missing, missing, missing, missing, 3, missing],
  );
});

test("rows are cut out of both kinds", () => {
  assert.deepEqual([...toDense(sliceRows(sparse, 1, 3)).values], [0, 0, 0, 0, 3, 0]);
  assert.deepEqual([...toDense(sliceRows(sparse, 0, 0)).values], []);
  assert.deepEqual([...toDense(sliceRows(toDense(sparse), 2, 3)).values], [0, 3, 0]);
});

test("rows of unequal length are no matrix", () => {
  assert.throws(() => denseMatrix([[1, 2], [3]]), /row 1 has 1 values, not 2/);
  assert.deepEqual(denseMatrix([], 4), {
    kind: "dense",
    rows: 0,
    columns: 4,
    values: new Float32Array(new SharedArrayBuffer(0)),
  });
});
