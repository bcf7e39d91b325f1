import type { PeriodStatistics } from "@rondo/store";
import { invalidValue } from "./invalid-value.ts";

/** How a statistic is read from a period; `percent` when it needs percentiles. */
export interface StatisticReader {
  readonly percent?: number;
  /** Undefined where it is not known: percentiles of data that came as aggregates. */
  read(period: PeriodStatistics): number | undefined;
}

const simple: Readonly<Record<string, (period: PeriodStatistics) => number>> = {
  SampleCount: ({ sampleCount }) => sampleCount,
  Sum: ({ sum }) => sum,
  Average: ({ sum, sampleCount }) => sum / sampleCount,
  Minimum: ({ minimum }) => minimum,
  Maximum: ({ maximum }) => maximum,
};

/** Reads `Average`, `Sum` … and percentiles `p50`, `p99.9`. Trimmed means and their like (`tm90`, `PR(…)`, `IQM`) are refused. */
export function parseStatistic(name: string): StatisticReader {
  const read = simple[name];
  if (read !== undefined) return { read };
  const percent = Number(/^p(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(name)?.[1] ?? Number.NaN);
  if (Number.isNaN(percent))
    throw invalidValue(
      `The value ${name} for parameter Stat is not supported: use ${Object.keys(simple).join(", ")} or a percentile such as p99.`,
    );
  return { percent, read: ({ percentiles }) => percentiles.get(percent) };
}

/** Seconds of a period: 1, 5, 10, 30 or a multiple of 60. */
export function checkPeriod(period: number): void {
  if (![1, 5, 10, 20, 30].includes(period) && (period < 60 || period % 60 !== 0))
    throw invalidValue(
      `The value ${period} for parameter Period is invalid: it is 1, 5, 10, 20, 30 or a multiple of 60.`,
    );
}
