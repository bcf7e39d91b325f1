import type { StateValue } from "@aws-sdk/client-cloudwatch";
import { type AlarmConfiguration, alarmPeriod } from "./alarm-body.ts";
import type { AlarmEvaluation, AlarmRule } from "./alarm-evaluation.ts";

/** The operators as CloudWatch words them in a StateReason. */
const wordings: Readonly<Record<string, string>> = {
  GreaterThanOrEqualToThreshold: "greater than or equal to",
  GreaterThanThreshold: "greater than",
  LessThanThreshold: "less than",
  LessThanOrEqualToThreshold: "less than or equal to",
};

const treatments: Readonly<Record<string, string>> = { breaching: "Breaching", notBreaching: "NonBreaching" };

/** StateReason, in CloudWatch's words. */
export function stateReason(
  rule: AlarmRule,
  { evaluated, breaching, missing }: AlarmEvaluation,
  { from, to }: { readonly from: string; readonly to: StateValue },
): string {
  const filled = countOf(missing, "missing datapoint");
  const treatedAs = `${filled} ${wasOrWere(missing)} treated as [${treatments[rule.treatMissingData]}]`;
  if (to === "INSUFFICIENT_DATA")
    return `Insufficient Data: ${countOf(missing, "datapoint")} ${wasOrWere(missing)} unknown.`;
  if (evaluated.length === 0)
    return `Threshold Crossed: no datapoints were received for ${countOf(missing, "period")} and ${treatedAs}.`;
  const count = to === "ALARM" ? breaching : evaluated.length - breaching;
  const points = evaluated.map(({ start, value = 0 }) => `${decimal(value)} (${shortTime(start)})`).join(", ");
  const minimum = to === "ALARM" ? rule.datapointsToAlarm : rule.evaluationPeriods - rule.datapointsToAlarm + 1;
  const comparison = `${wasOrWere(count)} ${to === "ALARM" ? "" : "not "}${wordings[rule.comparisonOperator]}`;
  const also = missing > 0 && treatments[rule.treatMissingData] !== undefined ? ` and ${treatedAs}` : "";
  return (
    `Threshold Crossed: ${count} out of the last ${evaluated.length} datapoints [${points}] ${comparison} the threshold ` +
    `(${decimal(rule.threshold)})${also} (minimum ${countOf(minimum, "datapoint")} for ${from} -> ${to} transition).`
  );
}

/** StateReasonData: JSON, version 1.0. */
export function stateReasonData(
  rule: AlarmRule,
  evaluation: AlarmEvaluation,
  { configuration, now }: { readonly configuration: AlarmConfiguration; readonly now: Date },
): string {
  const oldestFirst = evaluation.evaluated.toReversed();
  const [oldest] = oldestFirst;
  return JSON.stringify({
    version: "1.0",
    queryDate: javaTime(now),
    ...(oldest && { startDate: javaTime(new Date(oldest.start * 1000)) }),
    ...(configuration.Unit && { unit: configuration.Unit }),
    statistic: configuration.Statistic ?? configuration.ExtendedStatistic,
    period: alarmPeriod(configuration),
    recentDatapoints: oldestFirst.map(({ value }) => value),
    threshold: rule.threshold,
    evaluatedDatapoints: evaluation.evaluated.map(({ start, value }) => ({
      timestamp: javaTime(new Date(start * 1000)),
      value,
    })),
  });
}

/** `2026-03-01T12:00:00.000+0000`, as CloudWatch's messages have times. */
export function javaTime(time: Date): string {
  return time.toISOString().replace("Z", "+0000");
}

function shortTime(seconds: number): string {
  const [, year, month, day, time] =
    /^\d\d(\d\d)-(\d\d)-(\d\d)T(.{8})/.exec(new Date(seconds * 1000).toISOString()) ?? [];
  return `${day}/${month}/${year} ${time}`;
}

function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function wasOrWere(count: number): string {
  return count === 1 ? "was" : "were";
}
