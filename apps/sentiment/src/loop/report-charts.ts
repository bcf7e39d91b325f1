import { scriptLiteral } from "./html.ts";
import type { LoopReport } from "./loop-report.ts";

/** Blue, vermilion, green and purple of Okabe and Ito's palette, which colour-blind people tell apart. */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7"];

interface Series {
  readonly label: string;
  readonly colour: string;
  /** One for each x; null where the version did not answer. */
  readonly values: readonly (number | null)[];
  readonly low?: readonly (number | null)[];
  readonly high?: readonly (number | null)[];
}

export interface Chart {
  readonly id: string;
  readonly title: string;
  readonly y: string;
  /** Seconds since the loop began. */
  readonly x: readonly number[];
  readonly series: readonly Series[];
}

function versionsOf(names: readonly string[]): { readonly version: string; readonly colour: string }[] {
  return [...new Set(names)].map((version, index) => ({ version, colour: COLOURS[index % COLOURS.length] ?? "#000" }));
}

/** Accuracy of the answers in windows, by version, with 95 % bands. */
export function accuracyChart({ windows }: LoopReport): Chart {
  return {
    id: "accuracy",
    title: "Accuracy on film sentences over time",
    y: "share of right answers",
    x: windows.map(({ at }) => at),
    series: versionsOf(windows.map(({ modelVersion }) => modelVersion)).map(({ version, colour }) => {
      const own = windows.map((window) => (window.modelVersion === version ? window : null));
      return {
        label: version,
        colour,
        values: own.map((window) => window && window.value),
        low: own.map((window) => window && window.low),
        high: own.map((window) => window && window.high),
      };
    }),
  };
}

/** Who answered while the new version came up. */
export function rolloutChart({ rollout }: LoopReport): Chart {
  return {
    id: "rollout",
    title: "Who answered during retraining and rollout",
    y: "share of the answers",
    x: rollout.map(({ at }) => at),
    series: versionsOf(rollout.flatMap(({ shares }) => Object.keys(shares))).map(({ version, colour }) => ({
      label: version,
      colour,
      values: rollout.map(({ shares }) => shares[version] ?? 0),
    })),
  };
}

/**
 * The script that draws the charts with uPlot into the elements of their ids. Bands are series of their own, which the legend does not show.
 * https://github.com/leeoniya/uPlot/tree/master/docs
 */
export function chartScript(charts: readonly Chart[]): string {
  return `
const draw = ({ id, title, y, x, series }) => {
  const data = [x];
  const lines = [{ label: "s", value: (_, v) => v === null ? "" : v.toFixed(0) }];
  const bands = [];
  const share = (_, v) => v === null || v === undefined ? "" : (100 * v).toFixed(1) + " %";
  for (const { label, colour, values, low, high } of series) {
    data.push(values);
    lines.push({ label, stroke: colour, width: 2, spanGaps: true, value: share, points: { show: true } });
    if (!low) continue;
    data.push(high, low);
    const edge = { stroke: colour + "55", width: 1, spanGaps: true, points: { show: false }, value: share };
    lines.push({ ...edge, label: label + ", 95 % high" }, { ...edge, label: label + ", 95 % low" });
    bands.push({ series: [lines.length - 2, lines.length - 1], fill: colour + "22" });
  }
  const element = document.getElementById(id);
  new uPlot({
    title, bands, series: lines, width: Math.min(960, element.clientWidth), height: 320,
    scales: { x: { time: false }, y: { range: [0, 1] } },
    axes: [{ label: "seconds since the start" }, { label: y, values: (_, ticks) => ticks.map((v) => Math.round(100 * v) + " %") }],
  }, data, element);
};
for (const chart of ${scriptLiteral(charts)}) draw(chart);
`;
}
