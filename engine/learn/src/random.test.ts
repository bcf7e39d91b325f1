import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom, sampleIndexes, shuffledIndexes } from "./random.ts";

test("the same seed and stream give the same numbers, others others", () => {
  const draw = (seed: number, stream: number): number[] => {
    const random = createRandom(seed, stream);
    return Array.from({ length: 4 }, () => random.uint32());
  };
  assert.deepEqual(draw(1, 0), draw(1, 0));
  const sequences = [draw(1, 0), draw(2, 0), draw(1, 1), draw(1 + 2 ** 32, 0)].map(String);
  assert.equal(new Set(sequences).size, sequences.length);
});

test("uniform and normal numbers have their means and variances", () => {
  const random = createRandom(3);
  const moments = (draw: () => number): [number, number] => {
    const values = Array.from({ length: 20_000 }, draw);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length];
  };
  const [uniformMean, uniformVariance] = moments(random.uniform);
  assert.ok(Math.abs(uniformMean - 1 / 2) < 0.01 && Math.abs(uniformVariance - 1 / 12) < 0.003);
  const [normalMean, normalVariance] = moments(random.normal);
  assert.ok(Math.abs(normalMean) < 0.03 && Math.abs(normalVariance - 1) < 0.04);
});

test("a shuffle has every number once; a sample is ascending and takes each number equally often", () => {
  const random = createRandom(4);
  assert.deepEqual(
    [...shuffledIndexes(50, random)].sort((a, b) => a - b),
    Array.from({ length: 50 }, (_, i) => i),
  );
  assert.deepEqual([...sampleIndexes(3, 5, random)], [0, 1, 2]);
  const taken = new Float64Array(10);
  for (let round = 0; round < 5000; round++) {
    const sample = sampleIndexes(10, 4, random);
    assert.deepEqual(
      [...sample],
      [...new Set(sample)].sort((a, b) => a - b),
    );
    for (const index of sample) taken[index]++;
  }
  for (const count of taken) assert.ok(Math.abs(count / 5000 - 0.4) < 0.04, `${taken}`);
});
