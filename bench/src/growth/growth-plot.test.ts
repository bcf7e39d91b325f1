import assert from "node:assert/strict";
import { test } from "node:test";
import type { GrowthFigure } from "./growth-figure.ts";
import { growthPlot } from "./growth-plot.ts";

const figures: readonly GrowthFigure[] = [
  { algorithm: "linear-learner", rows: 10_000, outcome: { seconds: 0.1, dataBytes: 1e6, peakBytes: 1e7 } },
  { algorithm: "linear-learner", rows: 1_000_000, outcome: { seconds: 10, dataBytes: 1e8, peakBytes: 1e9 } },
  { algorithm: "implicit-als", rows: 100_000, outcome: { seconds: 1, dataBytes: 1e6, peakBytes: 1e8 } },
  { algorithm: "implicit-als", rows: 1_000_000, outcome: { failure: "out of memory" } },
];

function lineOf(algorithm: string, svg: string): string[] {
  return [...svg.matchAll(new RegExp(`<g class="${algorithm}"><polyline class="line" points="([^"]*)"`, "g"))].map(
    ([, points = ""]) => points,
  );
}

test("a line goes through its points in both panels; a training that failed has none", () => {
  const svg = growthPlot(figures);
  assert.deepEqual(lineOf("linear-learner", svg), ["70,340 410,84", "500,340 840,84"]);
  assert.deepEqual(lineOf("implicit-als", svg), ["240,212", "670,212"]);
  assert.deepEqual(lineOf("gradient-boosting", svg), ["", ""]);
});

test("title, legend, axes and colours for dark pages are there", () => {
  const svg = growthPlot(figures);
  for (const text of ["gradient boosting", "linear learner", "implicit ALS", "10 k", "1 M", "0.1", "1000"]) {
    assert.ok(svg.includes(`>${text}</text>`), text);
  }
  assert.match(svg, /<title id="title">[^<]+<\/title>/);
  assert.match(svg, /prefers-color-scheme: dark/);
});

test("no plot is made of failures alone", () => {
  assert.throws(() => growthPlot(figures.filter(({ outcome }) => "failure" in outcome)), RangeError);
});
