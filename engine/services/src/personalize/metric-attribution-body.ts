import type { MetricAttribute, MetricAttributionOutput } from "@aws-sdk/client-personalize";
import type { Resource } from "@rondo/store";

/** A metric attribution, less what stands in the row's own columns. */
export interface MetricAttributionBody {
  readonly datasetGroupArn: string;
  /** Each has been checked by `parseMetricAttribute`. */
  readonly metrics: readonly MetricAttribute[];
  readonly metricsOutputConfig: MetricAttributionOutput;
  /** The number of the newest single record that has been counted; at creation the group's newest. */
  readonly countedUpTo: number;
  readonly failureReason?: string;
}

export type MetricAttribution = Resource<MetricAttributionBody>;
