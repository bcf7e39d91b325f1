import { type GrowthAlgorithm, type GrowthFigure, type GrowthRun, growthAlgorithms } from "./growth-figure.ts";
import { type LogScale, logScale } from "./log-scale.ts";

const WIDTH = 860;
const HEIGHT = 400;
const TOP = 84;
const BOTTOM = 340;
const PANEL_WIDTH = 340;

interface Panel {
  readonly title: string;
  readonly left: number;
  readonly valueOf: (run: GrowthRun) => number;
}

const panels: readonly Panel[] = [
  { title: "training, seconds", left: 70, valueOf: ({ seconds }) => seconds },
  { title: "peak memory, MB", left: 500, valueOf: ({ peakBytes }) => peakBytes / 1e6 },
];

/** The sign is centred on 0, 0, and tells the lines apart where colours do not. */
const signs: Readonly<Record<GrowthAlgorithm, string>> = {
  "gradient-boosting": `<circle r="4.5"/>`,
  "linear-learner": `<rect x="-4" y="-4" width="8" height="8"/>`,
  "implicit-als": `<path d="M0 -5.5 5 4 -5 4Z"/>`,
};

// The colours are Okabe and Ito's for readers who do not see all of them, brighter on dark pages.
const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .title { font-size: 16px; font-weight: 600 }
  .grid { stroke: #d0d7de }
  .line { fill: none; stroke-width: 2 }
  .gradient-boosting { color: #0072b2 }
  .linear-learner { color: #d55e00 }
  .implicit-als { color: #009e73 }
  .line { stroke: currentColor }
  .sign { fill: currentColor }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .grid { stroke: #3d444d }
    .gradient-boosting { color: #56b4e9 }
    .linear-learner { color: #f0883e }
    .implicit-als { color: #2fd3a2 }
  }
`;

interface Point {
  readonly algorithm: GrowthAlgorithm;
  readonly rows: number;
  readonly run: GrowthRun;
}

/** Seconds and memory over rows, both on logarithmic axes, as an SVG picture. Trainings that failed have no point. Throws RangeError when all did. */
export function growthPlot(figures: readonly GrowthFigure[]): string {
  const points = figures.flatMap(({ algorithm, rows, outcome }): Point[] =>
    "failure" in outcome ? [] : [{ algorithm, rows, run: outcome }],
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="title">`,
    `<title id="title">Seconds and memory of training by rows, on logarithmic axes</title>`,
    `<style>${STYLE}</style>`,
    `<text class="title" x="70" y="24">How the cost of training grows</text>`,
    ...legend(),
    ...panels.flatMap((panel) => drawPanel(panel, points)),
    "</svg>\n",
  ].join("\n");
}

function legend(): string[] {
  return algorithmNames().map((algorithm, index) => {
    const x = 76 + index * 170;
    return `<g class="${algorithm}">${sign(algorithm, x, 46)}<text x="${x + 12}" y="50">${growthAlgorithms[algorithm]}</text></g>`;
  });
}

function drawPanel({ title, left, valueOf }: Panel, points: readonly Point[]): string[] {
  const right = left + PANEL_WIDTH;
  const across = logScale(
    points.map(({ rows }) => rows),
    left,
    right,
  );
  const up = logScale(
    points.map(({ run }) => valueOf(run)),
    BOTTOM,
    TOP,
  );
  return [
    `<text x="${left}" y="${TOP - 10}">${title}</text>`,
    ...across.decades.flatMap((rows) => {
      const x = round(across.place(rows));
      return [
        `<path class="grid" d="M${x} ${TOP}V${BOTTOM}"/>`,
        `<text x="${x}" y="${BOTTOM + 20}" text-anchor="middle">${axisLabel(rows)}</text>`,
      ];
    }),
    ...up.decades.flatMap((value) => {
      const y = round(up.place(value));
      return [
        `<path class="grid" d="M${left} ${y}H${right}"/>`,
        `<text x="${left - 8}" y="${y + 4}" text-anchor="end">${axisLabel(value)}</text>`,
      ];
    }),
    `<text x="${left + PANEL_WIDTH / 2}" y="${BOTTOM + 44}" text-anchor="middle">rows (interactions for ALS)</text>`,
    ...algorithmNames().map((algorithm) =>
      drawLine(
        algorithm,
        points
          .filter((point) => point.algorithm === algorithm)
          .map(({ rows, run }) => [place(across, rows), place(up, valueOf(run))]),
      ),
    ),
  ];
}

function drawLine(algorithm: GrowthAlgorithm, places: readonly (readonly [number, number])[]): string {
  const line = places.map(([x, y]) => `${x},${y}`).join(" ");
  const marks = places.map(([x, y]) => sign(algorithm, x, y)).join("");
  return `<g class="${algorithm}"><polyline class="line" points="${line}"/>${marks}</g>`;
}

function sign(algorithm: GrowthAlgorithm, x: number, y: number): string {
  return `<g class="sign" transform="translate(${x} ${y})">${signs[algorithm]}</g>`;
}

function algorithmNames(): GrowthAlgorithm[] {
  return Object.keys(growthAlgorithms) as GrowthAlgorithm[];
}

function place(scale: LogScale, value: number): number {
  return round(scale.place(value));
}

function round(place: number): number {
  return Math.round(place * 10) / 10;
}

/** 0.1, 100, 10 k, 1 M. */
function axisLabel(value: number): string {
  if (value >= 1e6) return `${value / 1e6} M`;
  if (value >= 1e4) return `${value / 1e3} k`;
  return value >= 1 ? String(value) : value.toFixed(Math.round(-Math.log10(value)));
}
