import assert from "node:assert/strict";
import { test } from "node:test";
import type { SparseRows } from "./sparse-rows.ts";
import { regressColumnsScalar } from "./symmetric-inverse.ts";
import { regressColumns } from "./symmetric-inverse.wasm.ts";
import { randomRows } from "./testing/random-rows.ts";

function toDense({ rows, columns, starts, columnIndexes, values }: SparseRows): Float32Array {
  const dense = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    for (let entry = starts[row]; entry < starts[row + 1]; entry += 1) {
      dense[row * columns + columnIndexes[entry]] = values?.[entry] ?? 1;
    }
  }
  return dense;
}

for (const columns of [2, 7, 61, 129, 300]) {
  test(`the weights of ${columns} columns are those of the scalar reference`, async () => {
    const { values: _, ...rows } = randomRows({ rows: 150, columns, density: 0.1, seed: columns });
    const regression = { rows, penalty: 5, count: columns };
    const expected = toDense(regressColumnsScalar(regression));
    const actual = toDense(await regressColumns(regression, { threads: 2 }));
    const difference = Math.max(...actual.map((value, index) => Math.abs(value - expected[index])));
    assert.ok(difference < 2e-5, `${difference}`);
  });
}

test("the same bytes on any number of threads, and only the largest weights", async () => {
  const { values: _, ...rows } = randomRows({ rows: 200, columns: 270, density: 0.1, seed: 9 });
  const regression = { rows, penalty: 2, count: 11 };
  const first = await regressColumns(regression, { threads: 1 });
  assert.equal(first.columnIndexes.length, 270 * 11);
  for (const threads of [2, 3]) assert.deepEqual(await regressColumns(regression, { threads }), first);
  const all = await regressColumns({ ...regression, count: 270 }, { threads: 1 });
  const sizes = Array.from(all.values?.subarray(0, 269) ?? [], Math.abs).sort((a, b) => b - a);
  const kept = Array.from(first.values?.subarray(0, 11) ?? [], Math.abs).sort((a, b) => b - a);
  assert.deepEqual(kept, sizes.slice(0, 11));
});

test("a matrix that is not positive definite is refused", async () => {
  const { values: _, ...rows } = randomRows({ rows: 3, columns: 40, density: 0.9, seed: 2 });
  await assert.rejects(regressColumns({ rows, penalty: -30, count: 5 }, { threads: 1 }), /not positive definite/);
});
