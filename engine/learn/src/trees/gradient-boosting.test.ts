import assert from "node:assert/strict";
import { createRandom } from "@rondo/statistics";
import { denseMatrix } from "../table/matrix.ts";
import type { TableData } from "../table/table.ts";
import { testTableAlgorithm } from "../testing/table-algorithm-suite.ts";
import { gradientBoosting } from "./gradient-boosting.ts";

/** Two numbers decide, by a product that no single split sees; a third one is noise. */
function problem(rows: number, missing = 0): TableData {
  const random = createRandom(7);
  const values = Array.from({ length: rows }, () => [random(), random(), random()]);
  const labels = Float32Array.from(values, ([a = 0, b = 0]) => Number(a > 0.5 !== b > 0.5));
  const features = denseMatrix(values.map((row) => row.map((value) => (random() < missing ? Number.NaN : value))));
  return { train: { features, labels } };
}

const corners = [
  [0.1, 0.2, 0.5],
  [0.9, 0.2, 0.5],
  [0.2, 0.9, 0],
  [0.8, 0.9, 0],
];

testTableAlgorithm({
  algorithm: gradientBoosting,
  parameters: { objective: "binary:logistic", numRound: 20, maxDepth: 3 },
  data: () => problem(500),
  inputs: denseMatrix(corners),
  check({ values }) {
    const expected = [0, 1, 1, 0];
    for (const [row, label] of expected.entries())
      assert.ok(Math.abs(values[row] - label) < 0.1, `row ${row}: ${values[row]}`);
  },
  oneRow: () => ({ train: { features: denseMatrix([[1, 2, 3]]), labels: Float32Array.of(1) } }),
  missingValues: () => problem(500, 0.2),
  missing: "learned",
  endless: {
    parameters: { objective: "binary:logistic", numRound: 1_000_000, maxDepth: 10, minChildWeight: 0 },
    data: () => problem(20_000),
  },
});
