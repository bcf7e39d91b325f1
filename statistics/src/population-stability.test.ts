import assert from "node:assert/strict";
import { test } from "node:test";
import { populationShift } from "./population-stability.ts";
import { createRandom } from "./random.ts";

const close = (actual: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} ≈ ${expected}`);

test("chi-square of a 2 × 3 table: Agresti (2007), table 2.5, gender by party", () => {
  // Women 762, 327, 468; men 484, 239, 477: X² = 30.070 with 2 degrees of freedom (also in the help of R's chisq.test).
  const { chiSquare, degreesOfFreedom, pValue } = populationShift([762, 327, 468], [484, 239, 477]);
  close(chiSquare, 30.07, 5e-3);
  assert.equal(degreesOfFreedom, 2);
  close(pValue / 2.954e-7, 1, 1e-3);
});

test("the index is the sum of share differences times log ratios", () => {
  // (0.3 − 0.5) ln(0.3 / 0.5) + (0.7 − 0.5) ln(0.7 / 0.5)
  close(populationShift([500_000, 500_000], [300_000, 700_000]).index, 0.1694596, 1e-5);
  close(populationShift([10, 20, 30], [100, 200, 300]).index, 0, 1e-3);
});

test("sparse bins join their neighbours; one bin says nothing", () => {
  const shift = populationShift([50, 1, 1, 48, 2], [40, 0, 1, 58, 1]);
  assert.equal(shift.degreesOfFreedom, 1);
  assert.equal(populationShift([100, 0], [3, 1]).pValue, 1);
});

test("samples of one distribution are found different as often as promised", () => {
  const random = createRandom(21);
  const draw = (size: number): number[] => {
    const counts = [0, 0, 0, 0, 0, 0];
    for (let example = 0; example < size; example++) counts[Math.floor(6 * random() ** 2)] += 1;
    return counts;
  };
  const rounds = 2000;
  let alarms = 0;
  for (let round = 0; round < rounds; round++) if (populationShift(draw(1000), draw(120)).pValue < 0.05) alarms += 1;
  // 5 % of 2,000 with three standard errors.
  assert.ok(Math.abs(alarms - 100) < 30, `${alarms} of ${rounds}`);
});

test("bins that do not match and empty samples are refused", () => {
  assert.throws(() => populationShift([1, 2], [1]), RangeError);
  assert.throws(() => populationShift([5, 5], [0, 0]), RangeError);
});
