import {
  type CloudWatchClient,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
} from "@aws-sdk/client-cloudwatch";

/** More than one answer in twenty fails. A convention. */
const LARGEST_ERROR_SHARE = 0.05;
/** Half a second in the model for the slowest twentieth. A convention: a person notices it. */
const SLOWEST_P95_MICROSECONDS = 500_000;

export interface AlarmTarget {
  readonly endpointName: string;
  /** The new variant: only what it answers itself says whether it is well. */
  readonly variantName: string;
  /** Whole seconds. CloudWatch has SageMaker's metrics by the minute; Rondo's are there after seconds. */
  readonly periodInSeconds: number;
}

/**
 * Creates the two alarms that send a rollout back, or gives those that are there these rules, and returns their names. Without traffic neither goes off.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
 */
export async function putRollbackAlarms(cloudwatch: CloudWatchClient, target: AlarmTarget): Promise<string[]> {
  const { endpointName, variantName, periodInSeconds } = target;
  const rule = {
    Namespace: "AWS/SageMaker",
    Dimensions: [
      { Name: "EndpointName", Value: endpointName },
      { Name: "VariantName", Value: variantName },
    ],
    Period: periodInSeconds,
    EvaluationPeriods: 1,
    ComparisonOperator: "GreaterThanThreshold",
    TreatMissingData: "notBreaching",
  } satisfies Partial<PutMetricAlarmCommandInput>;
  const alarms: PutMetricAlarmCommandInput[] = [
    {
      ...rule,
      AlarmName: `${endpointName}-${variantName}-errors`,
      AlarmDescription: "More than 5 % of the invocations of the new variant fail.",
      MetricName: "Invocation5XXErrors",
      // One point of 0 or 1 for each invocation: their average is the share that failed.
      Statistic: "Average",
      Threshold: LARGEST_ERROR_SHARE,
    },
    {
      ...rule,
      AlarmName: `${endpointName}-${variantName}-latency`,
      AlarmDescription: "The slowest 5 % of the new variant's answers take more than 500 ms.",
      MetricName: "ModelLatency",
      ExtendedStatistic: "p95",
      Threshold: SLOWEST_P95_MICROSECONDS,
    },
  ];
  await Promise.all(alarms.map((alarm) => cloudwatch.send(new PutMetricAlarmCommand(alarm))));
  return alarms.map(({ AlarmName: name = "" }) => name);
}
