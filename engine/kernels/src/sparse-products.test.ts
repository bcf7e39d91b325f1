import assert from "node:assert/strict";
import { test } from "node:test";
import { multiplySparseScalar, type SparseProduct } from "./sparse-products.ts";
import { multiplySparse } from "./sparse-products.wasm.ts";
import { type SparseRows, transposeRows } from "./sparse-rows.ts";
import { randomRows } from "./testing/random-rows.ts";

/** Each row's entries, the largest first. */
function sorted({ rows, starts, columnIndexes, values }: SparseRows): readonly (readonly [number, number])[][] {
  return Array.from({ length: rows }, (_, row) =>
    Array.from(columnIndexes.subarray(starts[row], starts[row + 1]), (column, index): [number, number] => [
      column,
      values?.[starts[row] + index] ?? 1,
    ]).sort(([columnA, a], [columnB, b]) => b - a || columnA - columnB),
  );
}

function productOf(rows: number, columns: number, options: Partial<SparseProduct> = {}): SparseProduct {
  const right = randomRows({ rows, columns, density: 0.2, seed: rows });
  const left = transposeRows(right);
  const terms = Float32Array.from({ length: columns }, (_, column) => 1 / (1 + (column % 7)));
  const fixed = { minimum: 0, keepDiagonal: false, count: 5, score: "scaled" } as const;
  return { left, right, rowTerms: terms, columnTerms: terms, ...fixed, ...options };
}

for (const threads of [1, 2, 3]) {
  test(`the kept entries are those of the scalar reference, bit for bit, on ${threads} threads`, async () => {
    for (const product of [
      productOf(1, 1),
      productOf(13, 7),
      productOf(101, 61),
      productOf(101, 61, { count: 1000 }),
      productOf(101, 61, { keepDiagonal: true, minimum: 2 }),
    ]) {
      assert.deepEqual(sorted(await multiplySparse(product, { threads })), sorted(multiplySparseScalar(product)));
    }
  });
}

test("rows of ones and Jaccard's index", async () => {
  const { values: _, ...right } = randomRows({ rows: 40, columns: 23, density: 0.3, seed: 5 });
  const left = transposeRows(right);
  const counts = Float32Array.from({ length: 23 }, (_item, item) => left.starts[item + 1] - left.starts[item]);
  const product = {
    ...productOf(40, 23),
    left,
    right,
    rowTerms: counts,
    columnTerms: counts,
    score: "jaccard",
  } as const;
  const result = await multiplySparse(product, { threads: 2 });
  assert.deepEqual(sorted(result), sorted(multiplySparseScalar(product)));
  assert.ok(result.values?.every((value) => value > 0 && value <= 1));
});

test("entries of 0 are none, however many there are", async () => {
  const full = randomRows({ rows: 90_000, columns: 4, density: 1, seed: 1 });
  const values = Float32Array.from(full.columnIndexes, (_, entry) => (entry < 359_992 ? 0 : (entry % 3) + 1));
  const right = { ...full, values };
  const terms = new Float32Array(4).fill(1);
  const fixed = { minimum: 0, keepDiagonal: false, count: 5, score: "scaled" } as const;
  for (const one of [right, { ...right, values: values.map((value) => Math.fround(value || 1e-30)) }]) {
    const product = { left: transposeRows(one), right: one, rowTerms: terms, columnTerms: terms, ...fixed };
    const result = await multiplySparse(product, { threads: 2 });
    assert.deepEqual(sorted(result), sorted(multiplySparseScalar(product)));
  }
});

test("an abort ends the work with its reason", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  await assert.rejects(multiplySparse(productOf(101, 61), { threads: 2, signal }), /enough/);
});
