import type { Figure, Measurement } from "./learning-bench.ts";

/** Whether one of the figures falls short of its goal. */
export function isMissed({ figures }: Measurement): boolean {
  return Object.values(figures).some(({ goal }) => goal?.reached === false);
}

/** A line of the table that a bench prints. */
export function describeMeasurement({ data, program, setting, figures }: Measurement): string {
  const columns = Object.entries(figures).map(([name, figure]) => `${name} ${describeFigure(figure)}`);
  return [data.padEnd(14), program.padEnd(20), setting.padEnd(44), ...columns].join("  ");
}

function describeFigure({ value, low, high, ratio, goal }: Figure): string {
  const short = (number: number): string => String(Number(number.toPrecision(4)));
  return [
    short(value),
    low === undefined || high === undefined ? "" : ` [${short(low)}, ${short(high)}]`,
    ratio === undefined ? "" : ` (ratio ${ratio.toFixed(2)})`,
    goal === undefined ? "" : ` ${goal.reached ? "reached" : "MISSED"} ${goal.text}`,
  ].join("");
}
