import type { MetricDataQuery, PutMetricAlarmInput } from "@aws-sdk/client-cloudwatch";
import { appendAlarmHistory, type Owner, type Resources, type Sql, StoreError } from "@rondo/store";
import { awsError, type Caller, type Constraints } from "@rondo/wire";
import { parseTopicArn } from "../sns/topic-arn.ts";
import { type AlarmBody, type AlarmConfiguration, alarmArn, alarmPeriod, alarmType } from "./alarm-body.ts";
import { comparisonOperators } from "./alarm-evaluation.ts";
import { writeAlarmTags } from "./alarm-tags.ts";
import { invalidValue } from "./invalid-value.ts";
import { parseMetricExpression } from "./metric-expression.ts";
import { readDimensions } from "./put-metric-data.ts";
import { parseStatistic } from "./statistic.ts";

export const putMetricAlarmConstraints: Constraints = {
  "PutMetricAlarmInput.AlarmName": { min: 1, max: 255 },
  "PutMetricAlarmInput.AlarmDescription": { max: 1024 },
  "PutMetricAlarmInput.OKActions": { max: 5 },
  "PutMetricAlarmInput.AlarmActions": { max: 5 },
  "PutMetricAlarmInput.InsufficientDataActions": { max: 5 },
  "PutMetricAlarmInput.MetricName": { min: 1, max: 255 },
  "PutMetricAlarmInput.Namespace": { min: 1, max: 255, pattern: "[^:].*" },
  "PutMetricAlarmInput.Period": { min: 1 },
  "PutMetricAlarmInput.EvaluationPeriods": { min: 1 },
  "PutMetricAlarmInput.DatapointsToAlarm": { min: 1 },
  "PutMetricAlarmInput.Threshold": { isFractional: true },
  "PutMetricAlarmInput.Tags": { max: 50 },
};

const dayS = 86_400;

export interface AlarmDependencies {
  readonly sql: Sql;
  readonly resources: Resources;
  readonly clock: { now(): Date };
}

/** PutMetricAlarm: makes an alarm, or gives one a new configuration and leaves its state. It is evaluated at once. */
export function createPutMetricAlarm({ sql, resources, clock }: AlarmDependencies) {
  return async function putMetricAlarm(input: PutMetricAlarmInput, caller: Caller): Promise<object> {
    const name = input.AlarmName ?? "";
    const configuration = readConfiguration(input, caller);
    const { accountId, region } = caller;
    const owner = { accountId, region };
    const now = clock.now();
    const event = { alarmName: name, itemType: "ConfigurationUpdate", at: now } as const;
    const write = () =>
      sql.transaction(async (transaction) => {
        const known = await resources.findForUpdate<AlarmBody>(owner, alarmType, name, transaction);
        const configuredAt = now.toISOString();
        if (known !== undefined) {
          await resources.update(
            known,
            { body: { ...known.body, configuration, configuredAt }, due: "now" },
            transaction,
          );
          const data = { version: "1.0", type: "Update", updatedAlarm: configuration };
          await appendAlarmHistory(transaction, owner, [{ ...event, summary: `Alarm "${name}" updated`, data }]);
          return;
        }
        const body = {
          configuration,
          configuredAt,
          stateReason: "Unchecked: Initial alarm creation",
          stateUpdatedAt: configuredAt,
        };
        const arn = alarmArn(owner, name);
        const alarm = await resources.insert<AlarmBody>(
          { ...owner, type: alarmType, name, arn, status: "INSUFFICIENT_DATA", body, due: "now" },
          transaction,
        );
        await writeAlarmTags(transaction, alarm, input.Tags);
        const data = { version: "1.0", type: "Create", createdAlarm: configuration };
        await appendAlarmHistory(transaction, owner, [{ ...event, summary: `Alarm "${name}" created`, data }]);
      });
    try {
      await write();
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== "AlreadyExists") throw error;
      await write(); // another request has just made it: this one changes it
    }
    return {};
  };
}

function readConfiguration(input: PutMetricAlarmInput, owner: Owner): AlarmConfiguration {
  refuseUnsupported(input);
  const { EvaluationPeriods, Threshold, ComparisonOperator = "", TreatMissingData = "missing" } = input;
  if (EvaluationPeriods === undefined || Threshold === undefined)
    throw awsError("ValidationError", "EvaluationPeriods and Threshold are required for an alarm on a threshold.");
  if (!comparisonOperators.includes(ComparisonOperator))
    throw awsError(
      "ValidationError",
      `The ComparisonOperator ${ComparisonOperator} is not supported: use ${comparisonOperators.join(", ")}. Rondo has no anomaly detection.`,
    );
  if (!["breaching", "notBreaching", "ignore", "missing"].includes(TreatMissingData))
    throw awsError(
      "ValidationError",
      `The value ${TreatMissingData} is unsupported for TreatMissingData: it is breaching, notBreaching, ignore or missing.`,
    );
  if (input.DatapointsToAlarm !== undefined && input.DatapointsToAlarm > EvaluationPeriods)
    throw awsError("ValidationError", "DatapointsToAlarm must be at most EvaluationPeriods.");
  const { AlarmDescription, OKActions, AlarmActions, InsufficientDataActions, DatapointsToAlarm } = input;
  for (const action of [OKActions, AlarmActions, InsufficientDataActions].flatMap((actions) => actions ?? []))
    checkAction(action, owner);
  const configuration: AlarmConfiguration = {
    ActionsEnabled: input.ActionsEnabled ?? true,
    AlarmDescription,
    OKActions,
    AlarmActions,
    InsufficientDataActions,
    DatapointsToAlarm,
    EvaluationPeriods,
    Threshold,
    ComparisonOperator,
    TreatMissingData,
    ...(input.Metrics === undefined ? readMetric(input) : { Metrics: readQueries(input, input.Metrics) }),
  };
  checkPeriod(configuration);
  return configuration;
}

function refuseUnsupported(input: PutMetricAlarmInput): void {
  const unsupported = [
    "ThresholdMetricId",
    "EvaluationWindow",
    "WarmUpConfiguration",
    "EvaluationCriteria",
    "EvaluationInterval",
    "ActionConfiguration",
  ] as const;
  const given = unsupported.find((member) => input[member] !== undefined);
  if (given !== undefined) throw awsError("ValidationError", `Rondo does not know ${given} of an alarm.`);
  if (input.EvaluateLowSampleCountPercentile === "ignore")
    throw awsError(
      "ValidationError",
      "Rondo evaluates percentiles of few samples too: EvaluateLowSampleCountPercentile must be evaluate.",
    );
}

/** There are no topic policies that would let others publish. */
function checkAction(action: string, { accountId, region }: Owner): void {
  const topic = parseTopicArn(action)?.owner;
  if (topic?.accountId !== accountId || topic.region !== region)
    throw awsError(
      "ValidationError",
      `Invalid action ${action}: Rondo's alarms act by SNS topics of their own account and region only (arn:aws:sns:${region}:${accountId}:name).`,
    );
}

function readMetric(input: PutMetricAlarmInput): Partial<AlarmConfiguration> {
  const { MetricName, Namespace, Statistic, ExtendedStatistic, Dimensions, Period, Unit } = input;
  if (MetricName === undefined || Namespace === undefined || Period === undefined)
    throw awsError("ValidationError", "MetricName, Namespace and Period are required unless Metrics is given.");
  if ((Statistic === undefined) === (ExtendedStatistic === undefined))
    throw awsError("ValidationError", "Exactly one of Statistic and ExtendedStatistic must be specified.");
  parseStatistic(Statistic ?? ExtendedStatistic ?? "");
  readDimensions(Dimensions, "PutMetricAlarm");
  return { MetricName, Namespace, Statistic, ExtendedStatistic, Dimensions, Period, Unit };
}

function readQueries(input: PutMetricAlarmInput, queries: readonly MetricDataQuery[]): readonly MetricDataQuery[] {
  const doubled = [
    "MetricName",
    "Namespace",
    "Statistic",
    "ExtendedStatistic",
    "Dimensions",
    "Period",
    "Unit",
  ] as const;
  const also = doubled.find((member) => input[member] !== undefined);
  if (also !== undefined) throw awsError("ValidationError", `Metrics and ${also} must not both be specified.`);
  if (queries.filter(({ ReturnData }) => ReturnData !== false).length !== 1)
    throw awsError("ValidationError", "Exactly one element of the metrics list should return data.");
  if (queries.length > 10) throw awsError("ValidationError", "Metrics has at most 10 metrics and expressions.");
  for (const { Expression, MetricStat } of queries) {
    if (Expression !== undefined) parseMetricExpression(Expression);
    if (MetricStat !== undefined) parseStatistic(MetricStat.Stat ?? "");
  }
  return queries;
}

function checkPeriod(configuration: AlarmConfiguration): void {
  const period = alarmPeriod(configuration);
  if (![10, 20, 30].includes(period) && (period < 60 || period % 60 !== 0))
    throw invalidValue("Metric period must be 10, 20, 30 or a multiple of 60.");
  const range = period * configuration.EvaluationPeriods;
  if (range > (period < 3600 ? dayS : 7 * dayS))
    throw awsError(
      "ValidationError",
      "Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400), or a week for periods of an hour and more.",
    );
}
