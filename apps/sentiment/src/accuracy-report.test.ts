import assert from "node:assert/strict";
import { test } from "node:test";
import { reportAccuracy, wilsonInterval } from "./accuracy-report.ts";

const ABOUT = { modelName: "m", testSha256: "ab", evaluatedAt: new Date("2026-11-21T14:00:00Z") };

/** Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17 (1998), table I, method 3. */
const WORKED = [
  { successes: 81, n: 263, lower: 0.2553, upper: 0.3662 },
  { successes: 15, n: 148, lower: 0.0624, upper: 0.1605 },
  { successes: 0, n: 20, lower: 0, upper: 0.1611 },
  { successes: 1, n: 29, lower: 0.0061, upper: 0.1718 },
];

for (const { successes, n, lower, upper } of WORKED) {
  test(`Wilson's interval of ${successes} in ${n} is Newcombe's`, () => {
    const interval = wilsonInterval(successes, n);
    assert.equal(interval.lower.toFixed(4), lower.toFixed(4));
    assert.equal(interval.upper.toFixed(4), upper.toFixed(4));
  });
}

test("the report counts what was right and what was taken for what", () => {
  const report = reportAccuracy(
    [
      { actual: "positive", predicted: "positive" },
      { actual: "positive", predicted: "negative" },
      { actual: "negative", predicted: "negative" },
      { actual: "negative", predicted: "negative" },
    ],
    ABOUT,
  );
  assert.equal(report.accuracy, 0.75);
  assert.deepEqual(report.labels, ["positive", "negative"]);
  assert.deepEqual(report.confusionMatrix, [
    [1, 1],
    [0, 2],
  ]);
  assert.deepEqual(report.interval, wilsonInterval(3, 4));
});

test("there is no accuracy of nothing", () => {
  assert.throws(() => reportAccuracy([], ABOUT), /test part is empty/);
});
