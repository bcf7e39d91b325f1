import assert from "node:assert/strict";
import { test } from "node:test";
import { evaluateAlarm, isBreaching } from "./alarm-evaluation.ts";

const treatments = ["missing", "ignore", "breaching", "notBreaching"] as const;

/** The tables of "Configuring how CloudWatch alarms treat missing data": the oldest first, 0 = fine, X = breaching, - = missing. */
const tables: readonly (readonly [m: number, points: string, ...states: (string | undefined)[]])[] = [
  [3, "0-X-X", "OK", "OK", "OK", "OK"],
  [3, "0----", "OK", "OK", "OK", "OK"],
  [3, "-----", "INSUFFICIENT_DATA", undefined, "ALARM", "OK"],
  [3, "0XX-X", "ALARM", "ALARM", "ALARM", "ALARM"],
  [3, "--X--", "ALARM", undefined, "ALARM", "OK"],
  [2, "0-X-X", "ALARM", "ALARM", "ALARM", "ALARM"],
  [2, "00X0X", "ALARM", "ALARM", "ALARM", "ALARM"],
  [2, "0-X--", "OK", "OK", "ALARM", "OK"],
  [2, "----0", "OK", "OK", "ALARM", "OK"],
  [2, "---X-", "ALARM", undefined, "ALARM", "OK"],
  // One breaching data point that is too young to be believed.
  [3, "----X", undefined, undefined, "ALARM", "OK"],
];

test("missing data is treated as AWS's tables say", () => {
  for (const [datapointsToAlarm, points, ...states] of tables) {
    const range = [...points].map((point, start) => ({ start, value: { "0": 0, X: 10 }[point] }));
    for (const [index, treatMissingData] of treatments.entries()) {
      const { state } = evaluateAlarm(
        {
          evaluationPeriods: 3,
          datapointsToAlarm,
          threshold: 5,
          comparisonOperator: "GreaterThanThreshold",
          treatMissingData,
        },
        range,
      );
      assert.equal(state, states[index], `${datapointsToAlarm} of 3, ${points}, ${treatMissingData}`);
    }
  }
});

test("each operator compares with the threshold", () => {
  const breaching = (comparisonOperator: string) =>
    [4, 5, 6].filter((value) => isBreaching({ comparisonOperator, threshold: 5 }, value));
  assert.deepEqual(breaching("GreaterThanThreshold"), [6]);
  assert.deepEqual(breaching("GreaterThanOrEqualToThreshold"), [5, 6]);
  assert.deepEqual(breaching("LessThanThreshold"), [4]);
  assert.deepEqual(breaching("LessThanOrEqualToThreshold"), [4, 5]);
});
