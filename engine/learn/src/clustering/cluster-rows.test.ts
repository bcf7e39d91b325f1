import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../random.ts";
import { denseMatrix } from "../table/matrix.ts";
import { clusterRowsOf } from "./cluster-rows.ts";

test("rows whose bounds tell enough are left out, and every label is as if they were not", async () => {
  const random = createRandom(1);
  const draw = (count: number): number[][] =>
    Array.from({ length: count }, () => Array.from({ length: 5 }, random.normal));
  const matrix = denseMatrix(draw(3000));
  using bounded = clusterRowsOf(matrix, { centers: 19, candidates: false, bounds: true }, { threads: 2 });
  using full = clusterRowsOf(matrix, { centers: 19, candidates: false }, { threads: 1 });
  const centers = denseMatrix(draw(19));
  await bounded.assign(centers);
  for (let round = 0; round < 12; round++) {
    const shifts = new Float64Array(19);
    for (let center = 0; center < 19; center++) {
      let squared = 0;
      for (let column = 0; column < 5; column++) {
        const before = centers.values[center * 5 + column];
        centers.values[center * 5 + column] += (0.3 * random.normal()) / (round + 1);
        squared += (centers.values[center * 5 + column] - before) ** 2;
      }
      shifts[center] = Math.sqrt(squared);
    }
    const [fast, slow] = [await bounded.assignMoved(centers, shifts), await full.assign(centers)];
    assert.deepEqual(bounded.labels, full.labels);
    assert.deepEqual([...fast.sums, ...fast.weights], [...slow.sums, ...slow.weights]);
  }
});

test("rows that do not fit into 4 GiB are refused", () => {
  const rows = { kind: "dense", rows: 2 ** 21, columns: 1024, values: new Float32Array(0) } as const;
  assert.throws(() => clusterRowsOf(rows, { centers: 2, candidates: false }, { threads: 1 }), {
    name: "DataError",
    message: /2097152 rows of 1024 columns/,
  });
});
