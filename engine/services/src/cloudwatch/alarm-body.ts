import type { MetricAlarm, MetricDataQuery, StateValue } from "@aws-sdk/client-cloudwatch";
import type { Owner, Resource } from "@rondo/store";

/** Type of the rows; their name is the AlarmName and their status the StateValue. */
export const alarmType = "cloudwatch/alarm";

export type { StateValue };

/** What PutMetricAlarm sets, in the API's shape. */
export type AlarmConfiguration = Pick<
  MetricAlarm,
  | "AlarmDescription"
  | "OKActions"
  | "AlarmActions"
  | "InsufficientDataActions"
  | "MetricName"
  | "Namespace"
  | "Statistic"
  | "ExtendedStatistic"
  | "Dimensions"
  | "Period"
  | "Unit"
  | "DatapointsToAlarm"
  | "TreatMissingData"
  | "EvaluateLowSampleCountPercentile"
> & {
  readonly ActionsEnabled: boolean;
  readonly EvaluationPeriods: number;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly Metrics?: readonly MetricDataQuery[];
};

export interface AlarmBody {
  readonly configuration: AlarmConfiguration;
  /** ISO, as all times of a body. */
  readonly configuredAt: string;
  readonly stateReason: string;
  /** JSON. */
  readonly stateReasonData?: string;
  readonly stateUpdatedAt: string;
}

export function alarmArn({ region, accountId }: Owner, name: string): string {
  return `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}`;
}

/** An alarm as DescribeAlarms shows it. */
export function describeAlarm({ name, arn, status, body }: Resource<AlarmBody>): MetricAlarm {
  const { configuration } = body;
  return {
    ...configuration,
    Metrics: configuration.Metrics && [...configuration.Metrics],
    ComparisonOperator: configuration.ComparisonOperator as MetricAlarm["ComparisonOperator"],
    OKActions: configuration.OKActions ?? [],
    AlarmActions: configuration.AlarmActions ?? [],
    InsufficientDataActions: configuration.InsufficientDataActions ?? [],
    Dimensions: configuration.Dimensions ?? [],
    AlarmName: name,
    AlarmArn: arn,
    StateValue: status as StateValue,
    StateReason: body.stateReason,
    StateReasonData: body.stateReasonData,
    StateUpdatedTimestamp: new Date(body.stateUpdatedAt),
    StateTransitionedTimestamp: new Date(body.stateUpdatedAt),
    AlarmConfigurationUpdatedTimestamp: new Date(body.configuredAt),
  };
}

/** Seconds of the alarm's period: its own, that of the query that it watches, or for an expression the longest of what it is made of. */
export function alarmPeriod({ Period, Metrics = [] }: AlarmConfiguration): number {
  const watched = Metrics.find(({ ReturnData }) => ReturnData !== false);
  const longest = Math.max(0, ...Metrics.map((query) => query.Period ?? query.MetricStat?.Period ?? 0));
  return Period ?? watched?.Period ?? watched?.MetricStat?.Period ?? (longest > 0 ? longest : 60);
}
