import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../random.ts";
import { type DenseMatrix, denseMatrix, sliceRows } from "../table/matrix.ts";
import { kernelShap } from "./kernel-shap.ts";
import { type Contributions, linearShap } from "./linear-shap.ts";
import { permutationImportance } from "./permutation-importance.ts";

function randomMatrix(rows: number, columns: number, seed: number): DenseMatrix {
  const random = createRandom(seed);
  return denseMatrix(Array.from({ length: rows }, () => Array.from({ length: columns }, () => random.normal())));
}

const rowsOf = ({ rows, columns, values }: DenseMatrix): number[][] =>
  Array.from({ length: rows }, (_, row) => [...values.subarray(row * columns, (row + 1) * columns)]);

/** Something with interactions of two and three columns. */
const predict = (features: DenseMatrix): number[] =>
  rowsOf(features).map(([a = 0, b = 0, c = 0, d = 0, e = 0]) => 2 * a - b + a * c + Math.sin(d) * b + 3 * c * d * e);

/** Shapley values by their definition: the mean of what a column adds, over all orders. */
function shapley(row: DenseMatrix, background: DenseMatrix): number[] {
  const { columns } = row;
  const worth = (mask: number): number => {
    const mixed = rowsOf(background).map((values) =>
      values.map((value, column) => (mask & (1 << column) ? (row.values[column] ?? 0) : value)),
    );
    return predict(denseMatrix(mixed)).reduce((sum, value) => sum + value, 0) / background.rows;
  };
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  return Array.from({ length: columns }, (_, column) => {
    let sum = 0;
    for (let mask = 0; mask < 1 << columns; mask += 1) {
      if (mask & (1 << column)) continue;
      const size = mask.toString(2).replaceAll("0", "").length;
      const share = (factorial(size) * factorial(columns - size - 1)) / factorial(columns);
      sum += share * (worth(mask | (1 << column)) - worth(mask));
    }
    return sum;
  });
}

function assertAdditive({ rows, columns, values, expected }: Contributions, predictions: readonly number[]): void {
  for (let row = 0; row < rows; row += 1) {
    const sum = values.subarray(row * columns, (row + 1) * columns).reduce((total, value) => total + value, expected);
    assert.ok(Math.abs(sum - (predictions[row] ?? 0)) < 1e-9, `${sum} beside ${predictions[row]}`);
  }
}

test("kernel SHAP is the Shapley value itself when every coalition is looked at", () => {
  const [background, features] = [randomMatrix(7, 5, 1), randomMatrix(3, 5, 2)];
  const explained = kernelShap({ predict, background, features, seed: 1 });
  assertAdditive(explained, predict(features));
  for (let row = 0; row < 3; row += 1) {
    const exact = shapley(sliceRows(features, row, row + 1) as DenseMatrix, background);
    for (const [column, value] of exact.entries()) {
      const found = explained.values[row * 5 + column] ?? 0;
      assert.ok(Math.abs(found - value) < 1e-6, `row ${row}, column ${column}: ${found} beside ${value}`);
    }
  }
});

test("with fewer coalitions it comes near, adds up all the same, and the seed decides", () => {
  const [background, features] = [randomMatrix(5, 16, 3), randomMatrix(2, 16, 4)];
  const options = { predict, background, features, seed: 5 };
  const exact = kernelShap({ ...options, samples: 2 ** 16 });
  const near = kernelShap({ ...options, samples: 3000 });
  assertAdditive(near, predict(features));
  assert.deepEqual(kernelShap({ ...options, samples: 3000 }), near);
  for (const [cell, value] of exact.values.entries()) assert.ok(Math.abs((near.values[cell] ?? 0) - value) < 0.2);
});

test("of a linear model both are the same", () => {
  const [background, features] = [randomMatrix(9, 6, 6), randomMatrix(4, 6, 7)];
  const model = { weights: [1, -2, 0.5, 0, 3, -1], bias: 0.25 };
  const linear = (given: DenseMatrix): number[] =>
    rowsOf(given).map((row) =>
      row.reduce((sum, value, column) => sum + value * (model.weights[column] ?? 0), model.bias),
    );
  const means = Array.from(
    { length: 6 },
    (_, column) => rowsOf(background).reduce((sum, row) => sum + (row[column] ?? 0), 0) / 9,
  );
  const explained = linearShap(model, means, features);
  assertAdditive(explained, linear(features));
  const kernel = kernelShap({ predict: linear, background, features, seed: 1 });
  assert.ok(Math.abs(kernel.expected - explained.expected) < 1e-9);
  for (const [cell, value] of explained.values.entries())
    assert.ok(Math.abs((kernel.values[cell] ?? 0) - value) < 1e-6);
});

test("as many coalitions as were asked for, also more than a call has arguments", () => {
  const [background, features] = [denseMatrix([Array.from({ length: 24 }, () => 0)]), randomMatrix(1, 24, 4)];
  const sum = ({ values }: DenseMatrix): number[] => [values.reduce((total, value) => total + value, 0)];
  const { values } = kernelShap({ predict: sum, background, features, samples: 300_000, seed: 5 });
  for (const [column, value] of values.entries()) assert.ok(Math.abs(value - features.values[column]) < 1e-5);
});

test("a background that does not fit is refused", () => {
  const features = randomMatrix(1, 3, 1);
  const explain = (background: DenseMatrix): unknown => kernelShap({ predict, background, features, seed: 1 });
  assert.throws(() => explain(denseMatrix([], 3)), /The background has 0 rows of 3 columns/);
  assert.throws(() => explain(randomMatrix(2, 4, 1)), /2 rows of 4 columns; at least one row of 3/);
});

test("a column is as important as what its loss costs; one without influence costs nothing", () => {
  const features = randomMatrix(4000, 3, 8);
  const truth = rowsOf(features).map(([a = 0, b = 0]) => 3 * a + b);
  const score = (given: DenseMatrix): number =>
    -rowsOf(given).reduce((sum, [a = 0, b = 0], row) => sum + (3 * a + b - (truth[row] ?? 0)) ** 2, 0) / given.rows;
  const importance = permutationImportance({ features, score, seed: 9 });
  // Twice the variance of what the column contributes.
  const expected = [18, 2, 0];
  for (const [column, { importance: found, standardDeviation }] of importance.entries()) {
    assert.ok(Math.abs(found - (expected[column] ?? 0)) <= 0.1 * (expected[column] ?? 0), `${column}: ${found}`);
    assert.ok(standardDeviation <= 0.05 * (expected[column] ?? 0));
  }
});
