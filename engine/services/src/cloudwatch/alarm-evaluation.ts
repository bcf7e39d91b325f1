import type { StateValue } from "@aws-sdk/client-cloudwatch";

export interface AlarmRule {
  /** N: how many data points are looked at. */
  readonly evaluationPeriods: number;
  /** M: how many of them have to breach. */
  readonly datapointsToAlarm: number;
  readonly threshold: number;
  readonly comparisonOperator: string;
  readonly treatMissingData: string;
}

/** A period of the evaluation range; without a value when no data arrived for it. */
export interface AlarmDatapoint {
  /** Seconds since 1970 at which the period begins. */
  readonly start: number;
  readonly value: number | undefined;
}

export interface AlarmEvaluation {
  /** Undefined: the alarm keeps the state it has. */
  readonly state: StateValue | undefined;
  /** The data points that decided, the newest first. */
  readonly evaluated: readonly AlarmDatapoint[];
  readonly breaching: number;
  /** Periods without data that were filled in as TreatMissingData says. */
  readonly missing: number;
}

const comparisons: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/** The comparison operators of alarms on a fixed threshold. */
export const comparisonOperators = Object.keys(comparisons);

export function isBreaching(rule: Pick<AlarmRule, "comparisonOperator" | "threshold">, value: number): boolean {
  return comparisons[rule.comparisonOperator]?.(value, rule.threshold) ?? false;
}

/** How many periods beyond N are looked at, so that late data does not count as missing. */
const spare = 2;

/** Periods of the evaluation range: AWS does not say how many more than N; its examples take two more. */
export function evaluationRange({ evaluationPeriods }: Pick<AlarmRule, "evaluationPeriods">): number {
  return evaluationPeriods + spare;
}

/**
 * The state that the data points of the evaluation range (the oldest first) call for. With N data points or more, the newest N decide and what is
 * missing is ignored; with fewer, TreatMissingData says what the missing ones are taken for. With `missing` and `ignore`, data points that all breach
 * are believed as soon as the oldest of them is at least M periods old.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function evaluateAlarm(rule: AlarmRule, range: readonly AlarmDatapoint[]): AlarmEvaluation {
  const { evaluationPeriods: n, datapointsToAlarm: m, treatMissingData } = rule;
  const newestFirst = range.toReversed();
  const evaluated = newestFirst.filter(({ value }) => value !== undefined).slice(0, n);
  const breaching = evaluated.filter(({ value = 0 }) => isBreaching(rule, value)).length;
  const missing = n - evaluated.length;
  const result = (state: StateValue | undefined): AlarmEvaluation => ({ state, evaluated, breaching, missing });
  if (treatMissingData === "breaching") return result(breaching + missing >= m ? "ALARM" : "OK");
  if (breaching >= m) return result("ALARM");
  if (treatMissingData === "notBreaching" || missing === 0) return result("OK");
  if (evaluated.length === 0) return result(treatMissingData === "ignore" ? undefined : "INSUFFICIENT_DATA");
  if (breaching < evaluated.length) return result("OK");
  const age = newestFirst.findLastIndex(({ value }) => value !== undefined) + 1;
  return result(treatMissingData === "ignore" || age < m ? undefined : "ALARM");
}
