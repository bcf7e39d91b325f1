import type { Dimension } from "@aws-sdk/client-cloudwatch";
import type { Resource } from "@rondo/store";
import type { TopicMessage } from "../sns/topic-message.ts";
import type { AlarmBody, AlarmConfiguration, StateValue } from "./alarm-body.ts";
import { javaTime } from "./alarm-reason.ts";

/** Names of regions as CloudWatch's messages have them; the code for any other. */
const regionNames: Readonly<Record<string, string>> = {
  "us-east-1": "US East (N. Virginia)",
  "us-east-2": "US East (Ohio)",
  "us-west-1": "US West (N. California)",
  "us-west-2": "US West (Oregon)",
  "ca-central-1": "Canada (Central)",
  "eu-west-1": "EU (Ireland)",
  "eu-west-2": "EU (London)",
  "eu-west-3": "EU (Paris)",
  "eu-central-1": "EU (Frankfurt)",
  "eu-north-1": "EU (Stockholm)",
  "ap-south-1": "Asia Pacific (Mumbai)",
  "ap-southeast-1": "Asia Pacific (Singapore)",
  "ap-southeast-2": "Asia Pacific (Sydney)",
  "ap-northeast-1": "Asia Pacific (Tokyo)",
  "ap-northeast-2": "Asia Pacific (Seoul)",
  "sa-east-1": "South America (São Paulo)",
};

/** Subjects of SNS are at most so long. */
const maxSubject = 100;

export interface StateChange {
  readonly to: StateValue;
  readonly reason: string;
  /** JSON. */
  readonly reasonData?: string;
  readonly at: Date;
}

/** What subscribers of an alarm's topic get: the JSON that CloudWatch sends. */
export function alarmMessage(alarm: Resource<AlarmBody>, { to, reason, at }: StateChange): TopicMessage {
  const { configuration, configuredAt } = alarm.body;
  const region = regionNames[alarm.region] ?? alarm.region;
  return {
    subject: `${to}: "${alarm.name}" in ${region}`.slice(0, maxSubject),
    attributes: {},
    message: JSON.stringify({
      AlarmName: alarm.name,
      AlarmDescription: configuration.AlarmDescription ?? null,
      AWSAccountId: alarm.accountId,
      AlarmConfigurationUpdatedTimestamp: javaTime(new Date(configuredAt)),
      NewStateValue: to,
      NewStateReason: reason,
      StateChangeTime: javaTime(at),
      Region: region,
      AlarmArn: alarm.arn,
      OldStateValue: alarm.status,
      OKActions: configuration.OKActions ?? [],
      AlarmActions: configuration.AlarmActions ?? [],
      InsufficientDataActions: configuration.InsufficientDataActions ?? [],
      Trigger: triggerOf(configuration),
    }),
  };
}

function triggerOf(configuration: AlarmConfiguration): object {
  const { Metrics, Statistic, ExtendedStatistic, TreatMissingData } = configuration;
  const common = {
    Period: configuration.Period,
    EvaluationPeriods: configuration.EvaluationPeriods,
    DatapointsToAlarm: configuration.DatapointsToAlarm,
    ComparisonOperator: configuration.ComparisonOperator,
    Threshold: configuration.Threshold,
    TreatMissingData: TreatMissingData ?? "",
    EvaluateLowSampleCountPercentile: configuration.EvaluateLowSampleCountPercentile ?? "",
  };
  if (Metrics !== undefined) return { ...common, Metrics };
  return {
    MetricName: configuration.MetricName,
    Namespace: configuration.Namespace,
    ...(ExtendedStatistic === undefined
      ? { StatisticType: "Statistic", Statistic: Statistic?.toUpperCase() }
      : { StatisticType: "ExtendedStatistic", ExtendedStatistic }),
    Unit: configuration.Unit ?? null,
    Dimensions: (configuration.Dimensions ?? []).map(({ Name, Value }: Dimension) => ({ value: Value, name: Name })),
    ...common,
  };
}
