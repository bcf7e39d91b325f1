import assert from "node:assert/strict";
import { test } from "node:test";
import { wilsonInterval } from "./wilson-interval.ts";

const close = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 5e-5, `${actual} ≈ ${expected}`);

test("worked examples of Newcombe (1998), table I, method 3", () => {
  for (const [successes, trials, low, high] of [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ] as const) {
    const interval = wilsonInterval(successes, trials);
    close(interval.low, low);
    close(interval.high, high);
  }
});

test("all right, none right, nothing tried", () => {
  const interval = wilsonInterval(20, 20);
  close(interval.low, 1 - 0.1611);
  assert.equal(interval.high, 1);
  assert.equal(wilsonInterval(0, 10).low, 0);
  assert.deepEqual(wilsonInterval(0, 0), { low: 0, high: 1 });
});
