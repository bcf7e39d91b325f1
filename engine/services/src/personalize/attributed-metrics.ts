import type { MetricAttribute } from "@aws-sdk/client-personalize";
import type { DatasetRecord, MetricDatum } from "@rondo/store";
import { awsError } from "@rondo/wire";

/** A metric of a metric attribution, read: what an event of its type adds. */
export interface AttributedMetric {
  readonly name: string;
  readonly eventType: string;
  /** Of SUM; an event of SAMPLECOUNT adds 1. */
  readonly column?: { readonly dataset: "Interactions" | "Items"; readonly name: string };
}

/** What counting looks up. */
export interface AttributionContext {
  readonly datasetGroupArn: string;
  readonly now: Date;
  /** The campaign or recommender of a recommendationId. */
  readonly answererOf: (recommendationId: string) => string | undefined;
  /** A numeric column of an item. */
  readonly itemValue: (column: string, itemId: string) => number | undefined;
}

/** As AWS's reports call events without a source. */
const NO_SOURCE = "SOURCE_NAME_UNDEFINED";

/** CloudWatch takes nothing that is older; such events count as of now. */
const OLDEST_MS = 14 * 24 * 3_600_000;
const MINUTE_MS = 60_000;

const EXPRESSION = /^(?:SAMPLECOUNT\(\s*\)|SUM\(\s*(?<dataset>Interactions|Items)\.(?<column>\w+)\s*\))$/i;

/** Reads a metric. Throws InvalidInputException for an expression that is neither `SAMPLECOUNT()` nor `SUM(Items.PRICE)` or `SUM(Interactions.…)`. */
export function parseMetricAttribute({
  eventType = "",
  metricName = "",
  expression = "",
}: MetricAttribute): AttributedMetric {
  const match = EXPRESSION.exec(expression.trim());
  if (match === null) {
    throw awsError(
      "InvalidInputException",
      `The expression ${expression} of the metric ${metricName} is neither SAMPLECOUNT() nor SUM(DatasetType.COLUMN_NAME) of Interactions or Items.`,
    );
  }
  const { dataset, column } = match.groups ?? {};
  if (dataset === undefined || column === undefined) return { name: metricName, eventType };
  const isItems = dataset.toLowerCase() === "items";
  const own = { dataset: isItems ? "Items" : "Interactions", name: column.toUpperCase() } as const;
  return { name: metricName, eventType, column: own };
}

/** Whether an event is of a metric's type: without regard to case, as in filters. */
export function isAttributed({ content }: DatasetRecord, { eventType }: AttributedMetric): boolean {
  return String(content.EVENT_TYPE).toLowerCase() === eventType.toLowerCase();
}

/** What events add to the metrics, by source and minute; events without a value of the column add nothing. */
export function countAttributed(
  metrics: readonly AttributedMetric[],
  events: readonly DatasetRecord[],
  context: AttributionContext,
): MetricDatum[] {
  const data = new Map<string, MetricDatum>();
  for (const event of events) {
    for (const metric of metrics) {
      if (!isAttributed(event, metric)) continue;
      const value = valueOf(event, metric, context);
      if (value === undefined) continue;
      const source = sourceOf(event, context);
      const minute = minuteOf(event, context.now);
      const key = JSON.stringify([metric.name, metric.eventType, source, minute]);
      const known = data.get(key);
      data.set(key, known === undefined ? newDatum({ metric, source, minute, value }, context) : added(known, value));
    }
  }
  return [...data.values()];
}

function valueOf(
  { content }: DatasetRecord,
  { column }: AttributedMetric,
  { itemValue }: AttributionContext,
): number | undefined {
  if (column === undefined) return 1;
  if (column.dataset === "Items") return itemValue(column.name, String(content.ITEM_ID));
  const value = content[column.name];
  return typeof value === "number" ? value : undefined;
}

/** What the event says itself comes first. */
function sourceOf({ content }: DatasetRecord, { answererOf }: AttributionContext): string {
  const { EVENT_ATTRIBUTION_SOURCE: own, RECOMMENDATION_ID: recommendationId } = content;
  if (typeof own === "string") return own;
  return (typeof recommendationId === "string" ? answererOf(recommendationId) : undefined) ?? NO_SOURCE;
}

function minuteOf({ content }: DatasetRecord, now: Date): number {
  const at = Number(content.TIMESTAMP) * 1000;
  const isRecent = at <= now.getTime() && at > now.getTime() - OLDEST_MS;
  return Math.floor((isRecent ? at : now.getTime()) / MINUTE_MS) * MINUTE_MS;
}

function newDatum(
  event: {
    readonly metric: AttributedMetric;
    readonly source: string;
    readonly minute: number;
    readonly value: number;
  },
  { datasetGroupArn }: AttributionContext,
): MetricDatum {
  const { metric, source, minute, value } = event;
  return {
    name: metric.name,
    dimensions: {
      DatasetGroupArn: datasetGroupArn,
      EVENT_TYPE: metric.eventType,
      EVENT_ATTRIBUTION_SOURCE: source,
    },
    timestamp: new Date(minute),
    unit: metric.column === undefined ? "Count" : "None",
    statistics: { sampleCount: 1, sum: value, minimum: value, maximum: value },
  };
}

function added(
  { statistics: { sampleCount, sum, minimum, maximum }, ...datum }: MetricDatum,
  value: number,
): MetricDatum {
  const statistics = {
    sampleCount: sampleCount + 1,
    sum: sum + value,
    minimum: Math.min(minimum, value),
    maximum: Math.max(maximum, value),
  };
  return { ...datum, statistics };
}
