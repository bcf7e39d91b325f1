import type { MetricDatum } from "@rondo/store";
import { type DatumNumbers, distribution, Microseconds } from "./microseconds.ts";

/**
 * What CloudWatch's endpoint metrics (namespace AWS/SageMaker) say of one variant, aggregated in memory between two flushes. An invocation only
 * adds numbers here. https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
 */
export class VariantMeter {
  #invocations = 0;
  #clientErrors = 0;
  #serverErrors = 0;
  #modelLatency = new Microseconds();
  #overheadLatency = new Microseconds();

  /** `status` is the container's; times in microseconds. */
  record(status: number, modelMicroseconds: number, overheadMicroseconds: number): void {
    this.#invocations += 1;
    if (status >= 500) this.#serverErrors += 1;
    else if (status >= 400) this.#clientErrors += 1;
    this.#modelLatency.record(modelMicroseconds);
    this.#overheadLatency.record(overheadMicroseconds);
  }

  /** The metrics since the last call, and starts again from nothing; an empty list when there was no invocation. */
  take(options: {
    readonly dimensions: Readonly<Record<string, string>>;
    readonly timestamp: Date;
    readonly instanceCount: number;
  }): MetricDatum[] {
    const count = this.#invocations;
    if (count === 0) return [];
    const { dimensions, timestamp } = options;
    const share = 1 / Math.max(1, options.instanceCount);
    // By the second, so that alarms can look at periods of 10 s: a roll-out that goes wrong is noticed within one of them.
    const base = { dimensions, timestamp, resolution: 1 } as const;
    const metrics: MetricDatum[] = [
      { ...base, name: "Invocations", unit: "Count", ...constant(1, count) },
      { ...base, name: "InvocationsPerInstance", unit: "Count", ...constant(share, count) },
      { ...base, name: "Invocation4XXErrors", unit: "Count", ...occurrences(this.#clientErrors, count) },
      { ...base, name: "Invocation5XXErrors", unit: "Count", ...occurrences(this.#serverErrors, count) },
      {
        ...base,
        name: "InvocationModelErrors",
        unit: "Count",
        ...occurrences(this.#clientErrors + this.#serverErrors, count),
      },
      { ...base, name: "ModelLatency", unit: "Microseconds", ...distribution(this.#modelLatency) },
      { ...base, name: "OverheadLatency", unit: "Microseconds", ...distribution(this.#overheadLatency) },
    ];
    this.#invocations = 0;
    this.#clientErrors = 0;
    this.#serverErrors = 0;
    this.#modelLatency = new Microseconds();
    this.#overheadLatency = new Microseconds();
    return metrics;
  }
}

function constant(value: number, count: number): DatumNumbers {
  return {
    statistics: { sampleCount: count, sum: value * count, minimum: value, maximum: value },
    values: [{ value, count }],
  };
}

/** CloudWatch sends 1 for each invocation that was one and 0 for each that was not. */
function occurrences(ones: number, count: number): DatumNumbers {
  const values: { value: number; count: number }[] = [];
  if (ones < count) values.push({ value: 0, count: count - ones });
  if (ones > 0) values.push({ value: 1, count: ones });
  return {
    statistics: { sampleCount: count, sum: ones, minimum: ones === count ? 1 : 0, maximum: ones > 0 ? 1 : 0 },
    values,
  };
}
