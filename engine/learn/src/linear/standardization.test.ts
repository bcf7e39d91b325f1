import assert from "node:assert/strict";
import { test } from "node:test";
import { denseMatrix, type SparseMatrix } from "../table/matrix.ts";
import { estimateStandardization, labelMoments } from "./standardization.ts";

const dense = denseMatrix([
  [1, 7, 0],
  [3, 7, 0],
  [5, 7, 3],
]);
/** The same numbers. */
const sparse: SparseMatrix = {
  kind: "sparse",
  rows: 3,
  columns: 3,
  rowStarts: Float64Array.of(0, 2, 4, 7),
  columnIndexes: Uint32Array.of(0, 1, 0, 1, 0, 1, 2),
  values: Float32Array.of(1, 7, 3, 7, 5, 7, 3),
  absent: "zero",
};
const all = { normalize: true, unbias: true, sample: Uint32Array.of(0, 1, 2) };

test("means and population deviations; a constant keeps its scale, sparse rows are not shifted", () => {
  const { shifts, scales } = estimateStandardization(dense, all);
  assert.deepEqual([...shifts].map(Math.round), [3, 7, 1]);
  for (const [index, expected] of [Math.sqrt(8 / 3), 1, Math.SQRT2].entries()) {
    assert.ok(Math.abs(scales[index] - expected) < 1e-12, `${scales[index]}`);
  }
  const other = estimateStandardization(sparse, all);
  assert.deepEqual([...other.shifts], [0, 0, 0]);
  for (const [index, scale] of other.scales.entries()) assert.ok(Math.abs(scale - scales[index]) < 1e-12);
});

test("a column of 0 and 1 is shifted, but keeps its scale", () => {
  const indicator = denseMatrix([[0], [1], [0], [1]]);
  const { shifts, scales } = estimateStandardization(indicator, { ...all, sample: Uint32Array.of(0, 1, 2, 3) });
  assert.deepEqual([shifts[0], scales[0]], [0.5, 1]);
});

test("only the sample counts, and only what is asked for is done", () => {
  const { shifts, scales } = estimateStandardization(dense, { ...all, sample: Uint32Array.of(0, 1) });
  assert.deepEqual([shifts[0], scales[0]], [2, 1]);
  assert.deepEqual([...estimateStandardization(dense, { ...all, normalize: false }).scales], [1, 1, 1]);
  assert.deepEqual([...estimateStandardization(dense, { ...all, unbias: false }).shifts], [0, 0, 0]);
});

test("moments of labels; a constant has the deviation 1", () => {
  assert.deepEqual(labelMoments(Float32Array.of(1, 3)), { mean: 2, deviation: 1 });
  assert.deepEqual(labelMoments(Float32Array.of(4, 4)), { mean: 4, deviation: 1 });
});
