import type { MetricDatum } from "@rondo/store";
import { distribution, Microseconds } from "../microseconds.ts";

export type MeteredOperation = "GetRecommendations" | "GetPersonalizedRanking" | "GetActionRecommendations";

const MICROSECONDS_OF_MILLISECOND = 1000;

/**
 * What CloudWatch's metrics of a campaign (namespace AWS/Personalize) say, aggregated in memory between two flushes: the number of answers, and how long each
 * took from the request's arrival, in milliseconds. https://docs.aws.amazon.com/personalize/latest/dg/cloudwatch-metrics.html
 */
export class CampaignMeter {
  readonly #latencies = new Map<MeteredOperation, Microseconds>();

  record(operation: MeteredOperation, microseconds: number): void {
    let latencies = this.#latencies.get(operation);
    if (latencies === undefined) {
      latencies = new Microseconds();
      this.#latencies.set(operation, latencies);
    }
    latencies.record(microseconds);
  }

  /** The metrics since the last call, and starts again from nothing. */
  take(dimensions: Readonly<Record<string, string>>, timestamp: Date): MetricDatum[] {
    const metrics: MetricDatum[] = [];
    for (const [operation, latencies] of this.#latencies) {
      const { count } = latencies;
      const ones = {
        statistics: { sampleCount: count, sum: count, minimum: 1, maximum: 1 },
        values: [{ value: 1, count }],
      };
      const times = distribution(latencies, MICROSECONDS_OF_MILLISECOND);
      metrics.push(
        { name: operation, dimensions, timestamp, unit: "Count", ...ones },
        { name: `${operation}Latency`, dimensions, timestamp, unit: "Milliseconds", ...times },
      );
    }
    this.#latencies.clear();
    return metrics;
  }
}
