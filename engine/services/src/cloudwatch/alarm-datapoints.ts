import type { MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import type { Metrics, Owner } from "@rondo/store";
import { type AlarmConfiguration, alarmPeriod } from "./alarm-body.ts";
import { type AlarmDatapoint, type AlarmRule, evaluationRange, isBreaching } from "./alarm-evaluation.ts";
import { createGetMetricData } from "./get-metric-data.ts";

/** How long after its end a period's data may still arrive: endpoints hand in their metrics every few seconds. */
const settleSeconds = 3;
/** How often alarms are looked at whose period is shorter than a minute; the others each minute. */
const shortStepSeconds = 5;
/** Alarms of a minute and more are looked at within so many seconds of each other, not all at once. */
const spreadSeconds = 10;

/** Values that more data of the same period can only raise. */
const growing = new Set(["Sum", "SampleCount", "Maximum"]);

export interface AlarmReading extends AlarmRule {
  readonly owner: Owner;
  readonly configuration: AlarmConfiguration;
  readonly now: Date;
}

/**
 * The data points of the evaluation range, the oldest first, in periods that are aligned to the clock. A period that has not ended (and settled) counts only
 * when it breaches already and further data cannot change that; so an alarm on a count of errors need not wait for the end of its period.
 */
export async function readAlarmDatapoints(metrics: Metrics, reading: AlarmReading): Promise<AlarmDatapoint[]> {
  const { configuration, now, owner } = reading;
  const period = alarmPeriod(configuration);
  const seconds = now.getTime() / 1000;
  const end = Math.floor((seconds - settleSeconds) / period) * period;
  const begin = end - evaluationRange(reading) * period;
  const queries = queriesOf(configuration);
  const { MetricDataResults = [] } = await createGetMetricData({ metrics })(
    {
      MetricDataQueries: [...queries],
      StartTime: new Date(begin * 1000),
      EndTime: new Date((Math.floor(seconds / period) + 1) * period * 1000),
      ScanBy: "TimestampAscending",
    },
    owner,
  );
  const [result] = MetricDataResults;
  const values = new Map(
    result?.Timestamps?.map((timestamp, index) => [timestamp.getTime() / 1000, result.Values?.[index]]),
  );
  const points: AlarmDatapoint[] = [];
  for (let start = begin; start <= seconds; start += period) {
    const value = values.get(start);
    if (start < end || (value !== undefined && isDecided(reading, value))) points.push({ start, value });
  }
  return points;
}

function isDecided(reading: AlarmReading, value: number): boolean {
  const { Statistic = "" } = reading.configuration;
  return growing.has(Statistic) && reading.comparisonOperator.startsWith("Greater") && isBreaching(reading, value);
}

function queriesOf(configuration: AlarmConfiguration): readonly MetricDataQuery[] {
  const { Metrics, Namespace, MetricName, Dimensions, Period, Statistic, ExtendedStatistic, Unit } = configuration;
  if (Metrics !== undefined) return Metrics;
  const Metric = { Namespace, MetricName, Dimensions };
  return [{ Id: "alarm", MetricStat: { Metric, Period, Stat: Statistic ?? ExtendedStatistic, Unit } }];
}

/** When an alarm is to be looked at again: soon after the end of a period has settled. */
export function nextEvaluation({
  id,
  period,
  now,
}: {
  readonly id: number;
  readonly period: number;
  readonly now: Date;
}) {
  const step = period < 60 ? shortStepSeconds : 60;
  const offset = settleSeconds + (period < 60 ? 0 : id % spreadSeconds);
  const seconds = now.getTime() / 1000;
  return new Date(((Math.floor((seconds - offset) / step) + 1) * step + offset) * 1000);
}
