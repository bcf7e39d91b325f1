import assert from "node:assert/strict";
import { test } from "node:test";
import { proportionDifference } from "./proportion-difference.ts";

const close = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 5.1e-5, `${actual} ≈ ${expected}`);

test("worked examples of Newcombe (1998), table II, method 10", () => {
  for (const [successes, trials, otherSuccesses, otherTrials, low, high] of [
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [10, 10, 0, 10, 0.6075, 1],
  ] as const) {
    const difference = proportionDifference({ successes, trials }, { successes: otherSuccesses, trials: otherTrials });
    close(difference.low, low);
    close(difference.high, high);
  }
});

test("the p-value speaks of a drop only", () => {
  const [less, more] = [
    { successes: 80, trials: 100 },
    { successes: 90, trials: 100 },
  ];
  // z = −0.1 / √(0.85 · 0.15 · 0.02) = −1.980
  close(proportionDifference(less, more).pValueOfDrop, 0.02384);
  close(proportionDifference(more, less).pValueOfDrop, 1 - 0.02384);
  assert.equal(proportionDifference(more, more).pValueOfDrop, 0.5);
  assert.equal(proportionDifference({ successes: 5, trials: 5 }, { successes: 9, trials: 9 }).pValueOfDrop, 1);
  assert.throws(() => proportionDifference({ successes: 0, trials: 0 }, more), RangeError);
});
