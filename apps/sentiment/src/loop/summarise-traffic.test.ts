import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answered } from "./drive-traffic.ts";
import { sharesOverTime, summariseTraffic, windowsOf } from "./summarise-traffic.ts";

const answered = (at: number, modelVersion: string, isRight = true): Answered => ({
  at,
  milliseconds: 10,
  modelVersion,
  isRight,
  failure: undefined,
});

test("windows have one version each, their accuracy with its interval, and leave out small rests", () => {
  const answers = [
    ...Array.from({ length: 25 }, (_, index) => answered(1000 * index, "v1", index % 2 === 0)),
    ...Array.from({ length: 4 }, (_, index) => answered(8_500 + 1000 * index, "v2")),
  ];
  const windows = windowsOf(answers, 10);
  assert.deepEqual(
    windows.map(({ modelVersion, at, n, value }) => [modelVersion, at, n, value]),
    [
      ["v1", 4.5, 10, 0.5],
      ["v2", 10, 4, 1],
      ["v1", 14.5, 10, 0.5],
      ["v1", 22, 5, 0.6],
    ],
  );
  assert.ok(windows.every(({ low, value, high }) => low < value && value <= high));
});

test("failed requests are counted, not scored", () => {
  const failed: Answered = { at: 5, milliseconds: 900, modelVersion: "", isRight: false, failure: "503" };
  const summary = summariseTraffic([answered(0, "v1"), answered(1, "v1", false), failed, failed]);
  assert.deepEqual([summary.requests, summary.failures, summary.failureReasons], [4, 2, ["503"]]);
  assert.deepEqual([summary.medianLatency, summary.p99Latency], [900, 900]);
  assert.equal(summary.byVersion[0]?.accuracy.value, 0.5);
  assert.equal(windowsOf([failed]).length, 0);
  assert.throws(() => summariseTraffic([]), /no traffic/);
});

test("shares tell the way from one version to the next", () => {
  const answers = [
    answered(100, "v1"),
    answered(900, "v1"),
    answered(1500, "v1"),
    answered(1900, "v2"),
    answered(2500, "v2"),
  ];
  assert.deepEqual(sharesOverTime(answers), [
    { at: 1, shares: { v1: 0.75, v2: 0.25 } },
    { at: 3, shares: { v2: 1 } },
  ]);
});
