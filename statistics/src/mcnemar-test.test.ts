import assert from "node:assert/strict";
import { test } from "node:test";
import { mcNemarTest } from "./mcnemar-test.ts";

const close = (actual: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} ≈ ${expected}`);

test("Agresti, Categorical Data Analysis, table 10.1: 150 and 86 who changed their mind", () => {
  close(mcNemarTest({ onlyFirst: 150, onlySecond: 86 }) / 3.716e-5, 1, 1e-3);
});

test("small counts add up by hand: 2 · (1 + 10) / 2^10", () => {
  close(mcNemarTest({ onlyFirst: 9, onlySecond: 1 }), 22 / 1024, 1e-14);
  assert.equal(mcNemarTest({ onlyFirst: 1, onlySecond: 9 }), mcNemarTest({ onlyFirst: 9, onlySecond: 1 }));
});

test("as many on both sides, or none: no evidence", () => {
  assert.equal(mcNemarTest({ onlyFirst: 7, onlySecond: 7 }), 1);
  assert.equal(mcNemarTest({ onlyFirst: 0, onlySecond: 0 }), 1);
});
