import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { accuracyOf } from "../gate/scores.ts";
import type { LoopReport } from "./loop-report.ts";
import { accuracyChart, chartScript, rolloutChart } from "./report-charts.ts";

const REPORT = {
  windows: [
    { at: 1, modelVersion: "v1", ...accuracyOf(6, 10) },
    { at: 2, modelVersion: "v1", ...accuracyOf(5, 10) },
    { at: 3, modelVersion: "</script>", ...accuracyOf(9, 10) },
  ],
  rollout: [
    { at: 2, shares: { v1: 1 } },
    { at: 3, shares: { v1: 0.9, "</script>": 0.1 } },
  ],
} as unknown as LoopReport;

interface DrawnOptions {
  readonly title: string;
  readonly series: readonly { readonly label: string }[];
  readonly bands: readonly { readonly series: readonly [number, number] }[];
}

test("the page's script gives each version its line and its band", () => {
  const drawn: { options: DrawnOptions; data: (number | null)[][] }[] = [];
  class UPlot {
    constructor({ title, series, bands }: DrawnOptions, data: (number | null)[][]) {
      // What comes out of the page's context has prototypes of its own.
      drawn.push(structuredClone({ options: { title, bands, series: series.map(({ label }) => ({ label })) }, data }));
    }
  }
  const script = chartScript([accuracyChart(REPORT), rolloutChart(REPORT)]);
  assert.doesNotMatch(script, /<\/script>/);
  runInNewContext(script, { uPlot: UPlot, document: { getElementById: () => ({ clientWidth: 800 }) } });
  const [accuracy, rollout] = drawn;
  assert.ok(accuracy && rollout);
  assert.deepEqual(
    accuracy.options.series.map(({ label }) => label),
    ["s", "v1", "v1, 95 % high", "v1, 95 % low", "</script>", "</script>, 95 % high", "</script>, 95 % low"],
  );
  for (const { options, data } of drawn) {
    assert.equal(data.length, options.series.length);
    assert.ok(data.every((values) => values.length === data[0]?.length));
  }
  // The upper edge of a band comes first.
  for (const { series } of accuracy.options.bands) {
    const [high, low] = series.map((index) => accuracy.data[index]?.find((value) => value !== null) ?? 0);
    assert.ok((high ?? 0) > (low ?? 1));
  }
  assert.equal(accuracy.options.bands.length, 2);
  assert.deepEqual(rollout.data, [
    [2, 3],
    [1, 0.9],
    [0, 0.1],
  ]);
});
