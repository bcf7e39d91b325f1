import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../random.ts";
import { leadingEigenvectors } from "./leading-eigenvectors.ts";
import { decomposeSymmetric } from "./symmetric-eigen.ts";

function covariance(size: number, rows: number): Float64Array {
  const random = createRandom(size);
  const values = Float64Array.from({ length: size * rows }, (_, place) => random.normal() * (1 + (place % size)));
  return Float64Array.from({ length: size * size }, (_, place) => {
    let sum = 0;
    for (let row = 0; row < rows; row++) {
      sum += values[row * size + Math.floor(place / size)] * values[row * size + (place % size)];
    }
    return sum;
  });
}

const filled = (size: number, valueAt: (row: number, column: number) => number): Float64Array =>
  Float64Array.from({ length: size * size }, (_, place) => valueAt(Math.floor(place / size), place % size));

const wilkinson = filled(21, (row, column) =>
  row === column ? Math.abs(row - 10) : Number(Math.abs(row - column) === 1),
);
const cases: readonly (readonly [name: string, matrix: Float64Array, count: number])[] = [
  ["a covariance matrix", covariance(57, 400), 10],
  ["fewer rows than columns, and vectors of the eigenvalue 0", covariance(60, 8), 15],
  [
    "the same block twice, each eigenvalue double",
    filled(40, (row, column) => (row % 2 === column % 2 ? 1 / (1 + Math.abs(row - column)) : 0)),
    10,
  ],
  ["Wilkinson's pairs of eigenvalues that agree in all digits", wilkinson, 5],
  ["the identity", filled(12, (row, column) => Number(row === column)), 3],
  ["zeros", new Float64Array(64), 2],
  ["a diagonal", filled(16, (row, column) => (row === column ? row * row : 0)), 4],
  ["all vectors", covariance(9, 30), 9],
];

for (const [name, matrix, count] of cases) {
  test(`${name}: values as of the whole decomposition, vectors that are eigenvectors at right angles`, async () => {
    const size = Math.sqrt(matrix.length);
    const { values, vectors } = await leadingEigenvectors(matrix, { size, count });
    const whole = await decomposeSymmetric(matrix, size);
    const scale = Math.max(1e-300, ...whole.values.map(Math.abs));
    assert.deepEqual([values.length, vectors.length], [count, count * size]);
    for (let index = 0; index < count; index++) {
      assert.ok(Math.abs(values[index] - whole.values[index]) <= 1e-12 * scale);
      const vector = vectors.subarray(index * size, (index + 1) * size);
      for (let row = 0; row < size; row++) {
        const image = vector.reduce((sum, value, column) => sum + value * matrix[row * size + column], 0);
        assert.ok(Math.abs(image - values[index] * vector[row]) <= 1e-9 * scale, `${image}`);
      }
      for (let other = 0; other <= index; other++) {
        const overlap = vector.reduce((sum, value, column) => sum + value * vectors[other * size + column], 0);
        assert.ok(Math.abs(overlap - Number(other === index)) < 1e-9, `${overlap}`);
      }
    }
  });
}

test("aborted in the middle", async () => {
  const wanted = { size: 400, count: 4, signal: AbortSignal.abort() };
  await assert.rejects(leadingEigenvectors(covariance(400, 3), wanted), { name: "AbortError" });
});
