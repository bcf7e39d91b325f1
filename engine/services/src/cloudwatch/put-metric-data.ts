import type { Dimension, MetricDatum as MetricDatumInput, PutMetricDataInput } from "@aws-sdk/client-cloudwatch";
import type { MetricDatum, Metrics } from "@rondo/store";
import { awsError, type Caller, type Constraints } from "@rondo/wire";
import { invalidValue } from "./invalid-value.ts";

export const putMetricDataConstraints: Constraints = {
  "PutMetricDataInput.Namespace": { min: 1, max: 255, pattern: "[^:].*" },
  "MetricDatum.MetricName": { min: 1, max: 255 },
  "MetricDatum.Value": { isFractional: true },
  "MetricDatum.Values[]": { isFractional: true },
  "MetricDatum.Counts[]": { isFractional: true },
  "StatisticSet.SampleCount": { isFractional: true },
  "StatisticSet.Sum": { isFractional: true },
  "StatisticSet.Minimum": { isFractional: true },
  "StatisticSet.Maximum": { isFractional: true },
  "Dimension.Name": { min: 1, max: 255 },
  "Dimension.Value": { min: 1, max: 1024 },
};

const largest = 2 ** 360;
const maxData = 1000;
const maxValues = 150;
const maxDimensions = 30;
const hourMs = 3_600_000;

/** PutMetricData with the limits of its API page. All data of a request are checked before any is stored. */
export function createPutMetricData({
  metrics,
  clock,
}: {
  readonly metrics: Metrics;
  readonly clock: { now(): Date };
}) {
  return async function putMetricData(input: PutMetricDataInput, caller: Caller): Promise<object> {
    const { Namespace: namespace = "", MetricData: data = [] } = input;
    if (namespace.startsWith("AWS/")) throw invalidValue(`The value ${namespace} for parameter Namespace is invalid.`);
    if (input.EntityMetricData !== undefined)
      throw invalidValue("Rondo does not take EntityMetricData; use MetricData.");
    if (data.length === 0) throw awsError("MissingRequiredParameterException", "The parameter MetricData is required.");
    if (data.length > maxData)
      throw invalidValue(`The collection MetricData must not have a size greater than ${maxData}.`);
    const now = clock.now();
    await metrics.put(
      caller,
      namespace,
      data.map((datum, index) => readDatum(datum, `MetricData.member.${index + 1}`, now)),
    );
    return {};
  };
}

function readDatum(input: MetricDatumInput, path: string, now: Date): MetricDatum {
  const timestamp = input.Timestamp ?? now;
  const age = now.getTime() - timestamp.getTime();
  if (!(age >= -2 * hourMs && age <= 14 * 24 * hourMs))
    throw invalidValue(
      `The parameter ${path}.Timestamp must be at most two weeks in the past and two hours in the future.`,
    );
  const { StorageResolution: resolution = 60 } = input;
  if (resolution !== 1 && resolution !== 60)
    throw invalidValue(`The value ${resolution} for parameter ${path}.StorageResolution is invalid: it is 1 or 60.`);
  return {
    name: input.MetricName ?? "",
    dimensions: readDimensions(input.Dimensions, path),
    timestamp,
    unit: input.Unit ?? "None",
    resolution,
    ...readValues(input, path),
  };
}

/** Dimensions as a record. Throws for more than 30, and for a name that occurs twice. */
export function readDimensions(dimensions: readonly Dimension[] | undefined, path: string): Record<string, string> {
  const entries = (dimensions ?? []).map(({ Name, Value }) => [Name ?? "", Value ?? ""] as const);
  const record = Object.fromEntries(entries);
  if (entries.length > maxDimensions)
    throw invalidValue(`The collection ${path}.Dimensions must not have a size greater than ${maxDimensions}.`);
  if (Object.keys(record).length < entries.length)
    throw invalidValue(`The parameter ${path}.Dimensions has a name twice.`);
  return record;
}

function readValues(input: MetricDatumInput, path: string): Pick<MetricDatum, "statistics" | "values"> {
  const { Value: single, Values: many, Counts: counts, StatisticValues: set } = input;
  if ([single, many, set].filter((given) => given !== undefined).length !== 1)
    throw awsError(
      "InvalidParameterCombinationException",
      `Exactly one of the parameters ${path}.Value, ${path}.Values and ${path}.StatisticValues must be specified.`,
    );
  if (set !== undefined) {
    const { SampleCount = 0, Sum = 0, Minimum = 0, Maximum = 0 } = set;
    for (const value of [SampleCount, Sum, Minimum, Maximum]) checkNumber(value, `${path}.StatisticValues`);
    if (SampleCount <= 0 || Minimum > Maximum)
      throw invalidValue(`The parameter ${path}.StatisticValues needs SampleCount > 0 and Minimum <= Maximum.`);
    return { statistics: { sampleCount: SampleCount, sum: Sum, minimum: Minimum, maximum: Maximum } };
  }
  const numbers = many ?? [single ?? 0];
  if (numbers.length === 0 || numbers.length > maxValues)
    throw invalidValue(`The collection ${path}.Values must have between 1 and ${maxValues} elements.`);
  if (counts !== undefined && counts.length !== numbers.length)
    throw awsError(
      "InvalidParameterCombinationException",
      `The parameters ${path}.Values and ${path}.Counts must be of the same size.`,
    );
  const values = numbers.map((value, index) => ({ value, count: counts?.[index] ?? 1 }));
  for (const { value, count } of values) {
    checkNumber(value, `${path}.Value`);
    checkNumber(count, `${path}.Counts`);
    if (count <= 0) throw invalidValue(`The value ${count} for parameter ${path}.Counts is invalid.`);
  }
  return {
    values,
    statistics: {
      sampleCount: values.reduce((sum, { count }) => sum + count, 0),
      sum: values.reduce((sum, { value, count }) => sum + value * count, 0),
      minimum: Math.min(...numbers),
      maximum: Math.max(...numbers),
    },
  };
}

function checkNumber(value: number, path: string): void {
  if (!(Math.abs(value) <= largest)) throw invalidValue(`The value ${value} for parameter ${path} is invalid.`);
}
