import { type GrowthFigure, type GrowthRun, growthAlgorithms } from "./growth-figure.ts";

const HEADINGS = ["algorithm", "rows", "data, MB", "training, s", "per 10×", "peak memory, MB", "per 10×"];

/** A table of Markdown, aligned, that reads as well on a terminal. The factors compare with a tenth of the rows where that was measured. */
export function growthTable(figures: readonly GrowthFigure[]): string {
  const rows = figures.map((figure) => cells(figure, figures));
  const widths = HEADINGS.map((heading, column) => Math.max(heading.length, ...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join(" | ")} |`;
  const rule = widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(HEADINGS), line(rule), ...rows.map(line)].join("\n");
}

function cells(figure: GrowthFigure, figures: readonly GrowthFigure[]): string[] {
  const { algorithm, rows, outcome } = figure;
  const name = [growthAlgorithms[algorithm], rows.toLocaleString("en")];
  if ("failure" in outcome) return [...name, "–", "failed", "–", "–", "–"];
  const tenth = figures.find((other) => other.algorithm === algorithm && other.rows * 10 === rows)?.outcome;
  const factor = (part: keyof GrowthRun): string =>
    tenth === undefined || "failure" in tenth ? "" : (outcome[part] / tenth[part]).toFixed(1);
  return [
    ...name,
    megabytes(outcome.dataBytes),
    outcome.seconds.toFixed(outcome.seconds < 10 ? 2 : 1),
    factor("seconds"),
    megabytes(outcome.peakBytes),
    factor("peakBytes"),
  ];
}

function megabytes(bytes: number): string {
  const megabytes = bytes / 1e6;
  return megabytes < 10 ? megabytes.toFixed(1) : Math.round(megabytes).toLocaleString("en");
}
