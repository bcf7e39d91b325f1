import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../random.ts";
import { decomposeSymmetric } from "./symmetric-eigen.ts";

function randomSymmetric(size: number, rank = size): Float64Array {
  const random = createRandom(size);
  const factors = Float64Array.from({ length: size * rank }, random.normal);
  return Float64Array.from({ length: size * size }, (_, place) => {
    const [row, column] = [Math.floor(place / size), place % size];
    let sum = 0;
    for (let index = 0; index < rank; index++) sum += factors[row * rank + index] * factors[column * rank + index];
    return sum;
  });
}

for (const [size, rank] of [
  [1, 1],
  [2, 2],
  [3, 1],
  [20, 20],
  [57, 10],
  [120, 120],
] as const) {
  test(`A v = λ v, vectors are orthonormal, of a random matrix of size ${size} and rank ${rank}`, async () => {
    const matrix = randomSymmetric(size, rank);
    const { values, vectors } = await decomposeSymmetric(matrix, size);
    const scale = Math.max(...values.map(Math.abs));
    const dot = (left: Float64Array, right: Float64Array): number =>
      left.reduce((sum, value, index) => sum + value * right[index], 0);
    const row = (array: Float64Array, index: number): Float64Array => array.subarray(index * size, (index + 1) * size);
    for (let index = 0; index < size; index++) {
      const vector = row(vectors, index);
      if (index > 0) assert.ok(values[index] <= values[index - 1]);
      for (let other = 0; other < size; other++) {
        assert.ok(Math.abs(dot(row(matrix, other), vector) - values[index] * vector[other]) < 1e-12 * scale * size);
        assert.ok(Math.abs(dot(row(vectors, other), vector) - (other === index ? 1 : 0)) < 1e-12 * size);
      }
      const greatest = vector.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
      assert.ok(greatest > 0);
    }
  });
}

test("known eigenvalues: the second difference of n points has 2 − 2 cos(iπ / (n + 1))", async () => {
  const size = 30;
  const matrix = new Float64Array(size * size);
  for (let index = 0; index < size; index++) {
    matrix[index * size + index] = 2;
    if (index > 0) matrix[index * size + index - 1] = matrix[(index - 1) * size + index] = -1;
  }
  const { values } = await decomposeSymmetric(matrix, size);
  for (let index = 0; index < size; index++) {
    assert.ok(Math.abs(values[index] - (2 - 2 * Math.cos(((size - index) * Math.PI) / (size + 1)))) < 1e-13);
  }
});

test("zeros, and numbers that are not finite", async () => {
  const { values, vectors } = await decomposeSymmetric(new Float64Array(9), 3);
  assert.deepEqual([...values], [0, 0, 0]);
  assert.deepEqual([...vectors], [1, 0, 0, 0, 1, 0, 0, 0, 1]);
  await assert.rejects(decomposeSymmetric(Float64Array.of(1, Number.NaN, Number.NaN, 1), 2), RangeError);
});

test("aborted in the middle", async () => {
  const signal = AbortSignal.abort();
  await assert.rejects(decomposeSymmetric(randomSymmetric(400, 3), 400, signal), { name: "AbortError" });
});
