import assert from "node:assert/strict";
import { test } from "node:test";
import { DataError } from "../algorithm.ts";
import { denseMatrix, type SparseMatrix, toDense } from "./matrix.ts";
import { appendRows, selectRows } from "./select-rows.ts";
import type { Table } from "./table.ts";

const dense: Table = {
  features: denseMatrix([
    [1, 2],
    [3, Number.NaN],
    [5, 6],
    [7, 8],
  ]),
  labels: Float32Array.of(0, 1, 2, 3),
  weights: Float32Array.of(4, 5, 6, 7),
  groups: Uint32Array.of(0, 1, 1, 2),
  bounds: { lower: Float32Array.of(0, 1, 2, 3), upper: Float32Array.of(1, 2, 3, Infinity) },
  names: ["a", "b"],
};
const matrix: SparseMatrix = {
  kind: "sparse",
  rows: 3,
  columns: 3,
  rowStarts: Float64Array.of(0, 2, 2, 3),
  columnIndexes: Uint32Array.of(0, 2, 1),
  values: Float32Array.of(1, 2, 3),
  absent: "missing",
};

test("selected rows come with all that belongs to them", () => {
  const { features, groups, names } = selectRows(dense, Uint32Array.of(1, 3));
  assert.deepEqual(
    features,
    denseMatrix([
      [3, Number.NaN],
      [7, 8],
    ]),
  );
  assert.deepEqual([groups, names], [Uint32Array.of(0, 1), ["a", "b"]]);
  assert.deepEqual([...(selectRows(dense, Uint32Array.of(1, 3)).labels ?? [])], [1, 3]);
  assert.deepEqual([...(selectRows(dense, Uint32Array.of(2, 0)).weights ?? [])], [6, 4]);
  assert.deepEqual([...(selectRows(dense, Uint32Array.of(3)).bounds?.upper ?? [])], [Infinity]);
});

test("sparse rows", () => {
  const selected = selectRows({ features: matrix }, Uint32Array.of(2, 1, 0)).features;
  const { NaN: missing } = Number;
  assert.deepEqual([...toDense(selected).values], [missing, 3, missing, missing, missing, missing, 1, missing, 2]);
});

test("tables one after the other", () => {
  const both = appendRows(dense, dense);
  assert.deepEqual([...(both.groups ?? [])], [0, 1, 1, 2, 3, 4, 4, 5]);
  assert.deepEqual([...(both.labels ?? [])], [0, 1, 2, 3, 0, 1, 2, 3]);
  assert.equal(both.features.rows, 8);
  const sparse = appendRows({ features: matrix }, { features: matrix }).features;
  assert.deepEqual([...toDense(sparse).values], [...toDense(matrix).values, ...toDense(matrix).values]);
});

test("tables that do not suit each other are refused", () => {
  const { weights: _, ...unweighted } = dense;
  assert.throws(() => appendRows(dense, unweighted), /must have weights/);
  assert.throws(() => appendRows({ features: matrix }, { features: denseMatrix([[1, 2, 3]]) }), DataError);
  assert.throws(
    () => appendRows({ features: denseMatrix([[1]]) }, { features: denseMatrix([[1, 2]]) }),
    /1 and 2 columns/,
  );
});
