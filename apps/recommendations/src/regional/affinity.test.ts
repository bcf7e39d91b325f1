import assert from "node:assert/strict";
import { test } from "node:test";
import { matchRate } from "./affinity.ts";

test("45 of 50 users are a match rate of 90 %, with its interval", () => {
  const rate = matchRate(45, 50);
  assert.equal(rate.match_rate, 90);
  assert.deepEqual([rate.affinity, rate.n], ["High", 50]);
  // Wilson (1927) for 45 of 50.
  assert.ok(Math.abs(rate.interval.low - 78.64) < 0.01, `${rate.interval.low}`);
  assert.ok(Math.abs(rate.interval.high - 95.65) < 0.01, `${rate.interval.high}`);
  assert.equal(rate.borderline, true, "80 % lies within");
});

test("the level follows the unrounded rate", () => {
  // 79.6 %, which a display rounds to 80.
  assert.equal(matchRate(199, 250).affinity, "Medium");
  assert.equal(matchRate(200, 250).affinity, "High");
  assert.equal(matchRate(99, 250).affinity, "Low");
  assert.equal(matchRate(100, 250).affinity, "Medium");
});

test("far from the borders nothing is borderline, and at half of 50 users the interval is 14 points wide on either side", () => {
  const half = matchRate(25, 50);
  assert.ok(half.interval.high - 50 > 13 && half.interval.high - 50 < 14, `${half.interval.high}`);
  assert.equal(matchRate(500, 1_000).borderline, false);
  assert.equal(matchRate(50, 50).borderline, false);
  assert.equal(matchRate(0, 0).affinity, "Low");
});
