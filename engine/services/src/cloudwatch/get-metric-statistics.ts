import type { Datapoint, GetMetricStatisticsInput, GetMetricStatisticsOutput } from "@aws-sdk/client-cloudwatch";
import type { Metrics, PeriodStatistics } from "@rondo/store";
import { awsError, type Caller, type Constraints } from "@rondo/wire";
import { invalidValue } from "./invalid-value.ts";
import { readDimensions } from "./put-metric-data.ts";
import { checkPeriod, parseStatistic } from "./statistic.ts";

export const getMetricStatisticsConstraints: Constraints = {
  "GetMetricStatisticsInput.Namespace": { min: 1, max: 255, pattern: "[^:].*" },
  "GetMetricStatisticsInput.MetricName": { min: 1, max: 255 },
  "GetMetricStatisticsInput.Period": { min: 1 },
  "GetMetricStatisticsInput.Statistics": { min: 1, max: 5 },
  "GetMetricStatisticsInput.ExtendedStatistics": { min: 1, max: 10 },
};

const maxDatapoints = 1440;

/** GetMetricStatistics: periods begin at StartTime (rounded down to the minute), a data point per period and unit. */
export function createGetMetricStatistics({ metrics }: { readonly metrics: Metrics }) {
  return async function getMetricStatistics(
    input: GetMetricStatisticsInput,
    caller: Caller,
  ): Promise<GetMetricStatisticsOutput> {
    const { Period: period = 0, Statistics = [], ExtendedStatistics = [] } = input;
    checkPeriod(period);
    if (Statistics.length + ExtendedStatistics.length === 0)
      throw awsError("MissingRequiredParameterException", "Statistics or ExtendedStatistics is required.");
    const extended = ExtendedStatistics.map((name) => ({ name, ...parseStatistic(name) }));
    const simple = Statistics.map((name) => ({ name, ...parseStatistic(name) }));
    const { from, to } = readRange(input, Math.min(period, 60));
    const count = Math.ceil((to - from) / period);
    if (count > maxDatapoints)
      throw awsError(
        "InvalidParameterCombinationException",
        `You have requested up to ${count} datapoints, which exceeds the limit of ${maxDatapoints}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
      );
    const seriesId = await metrics.findSeries({
      accountId: caller.accountId,
      region: caller.region,
      namespace: input.Namespace ?? "",
      name: input.MetricName ?? "",
      dimensions: readDimensions(input.Dimensions, "GetMetricStatistics"),
    });
    if (seriesId === undefined) return { Label: input.MetricName, Datapoints: [] };
    const rows = await metrics.readStatistics({
      seriesId,
      unit: input.Unit,
      from,
      to,
      period,
      origin: from,
      separateUnits: true,
      percentiles: extended.flatMap(({ percent }) => (percent === undefined ? [] : [percent])),
      limit: maxDatapoints,
    });
    return {
      Label: input.MetricName,
      Datapoints: rows.map((row) => ({
        Timestamp: new Date(row.start * 1000),
        Unit: row.unit as Datapoint["Unit"],
        ...valuesOf(simple, row),
        ...(extended.length > 0 && { ExtendedStatistics: valuesOf(extended, row) }),
      })),
    };
  };
}

/** Seconds since 1970: the start rounded down to `step`, the end exclusive. */
export function readRange(
  { StartTime, EndTime }: { readonly StartTime?: Date; readonly EndTime?: Date },
  step: number,
): { readonly from: number; readonly to: number } {
  const from = Math.floor((StartTime?.getTime() ?? 0) / 1000 / step) * step;
  const to = Math.ceil((EndTime?.getTime() ?? 0) / 1000);
  if (!(from >= 0 && (StartTime?.getTime() ?? 0) < (EndTime?.getTime() ?? 0)))
    throw invalidValue("The parameter StartTime must be less than the parameter EndTime.");
  return { from, to };
}

function valuesOf(
  statistics: readonly { readonly name: string; read(row: PeriodStatistics): number | undefined }[],
  row: PeriodStatistics,
): Record<string, number> {
  return Object.fromEntries(
    statistics.flatMap(({ name, read }) => {
      const value = read(row);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
