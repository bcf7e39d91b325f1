import assert from "node:assert/strict";
import { test } from "node:test";
import { chiSquareTail, logGamma, normalTail } from "./gamma.ts";

const close = (actual: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} ≈ ${expected}`);

test("logarithms of factorials and of Γ(1/2)", () => {
  close(logGamma(1), 0, 1e-13);
  close(logGamma(11), Math.log(3_628_800), 1e-12);
  close(logGamma(0.5), Math.log(Math.sqrt(Math.PI)), 1e-13);
});

test("upper percentage points of chi-square: Abramowitz and Stegun, table 26.8", () => {
  for (const [statistic, degreesOfFreedom, tail] of [
    [3.84146, 1, 0.05],
    [10.8276, 1, 0.001],
    [18.307, 10, 0.05],
    [3.9403, 10, 0.95],
    [124.342, 100, 0.05],
  ] as const) {
    close(chiSquareTail(statistic, degreesOfFreedom), tail, 1e-5);
  }
  assert.equal(chiSquareTail(0, 3), 1);
});

test("tails of the normal distribution: Abramowitz and Stegun, table 26.1", () => {
  close(normalTail(0), 0.5, 1e-15);
  close(normalTail(1.96), 1 - 0.97500210485, 1e-11);
  close(normalTail(-1), 0.84134474607, 1e-11);
  close(normalTail(5) / 2.866515719e-7, 1, 1e-9);
  assert.deepEqual([normalTail(Infinity), normalTail(-Infinity), chiSquareTail(Infinity, 2)], [0, 1, 0]);
});
