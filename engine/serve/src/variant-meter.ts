import type { MetricDatum } from "@rondo/store";

/** Eight buckets per doubling: a percentile read from them is within 5 % of the true one (half a bucket of 2^(1/8) = 9 %). */
const BUCKETS_PER_DOUBLING = 8;
/** Up to 2^32 µs = 71 minutes, beyond any invocation's limit. */
const BUCKETS = 32 * BUCKETS_PER_DOUBLING;

/** A histogram of microseconds on typed arrays: recording allocates nothing. */
class Microseconds {
  readonly counts = new Uint32Array(BUCKETS);
  sum = 0;
  minimum = Number.POSITIVE_INFINITY;
  maximum = 0;

  record(value: number): void {
    const bucket = (Math.log2(value + 1) * BUCKETS_PER_DOUBLING) | 0;
    this.counts[bucket < BUCKETS ? bucket : BUCKETS - 1]! += 1;
    this.sum += value;
    if (value < this.minimum) this.minimum = value;
    if (value > this.maximum) this.maximum = value;
  }

  /** The geometric middle of each bucket in use, kept within what was really seen. */
  values(): { value: number; count: number }[] {
    const values: { value: number; count: number }[] = [];
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const count = this.counts[bucket]!;
      if (count === 0) continue;
      const middle = 2 ** ((bucket + 0.5) / BUCKETS_PER_DOUBLING) - 1;
      values.push({ value: Math.min(this.maximum, Math.max(this.minimum, middle)), count });
    }
    return values;
  }
}

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
      { ...base, name: "ModelLatency", unit: "Microseconds", ...distribution(this.#modelLatency, count) },
      { ...base, name: "OverheadLatency", unit: "Microseconds", ...distribution(this.#overheadLatency, count) },
    ];
    this.#invocations = 0;
    this.#clientErrors = 0;
    this.#serverErrors = 0;
    this.#modelLatency = new Microseconds();
    this.#overheadLatency = new Microseconds();
    return metrics;
  }
}

type Numbers = Pick<MetricDatum, "statistics" | "values">;

function constant(value: number, count: number): Numbers {
  return {
    statistics: { sampleCount: count, sum: value * count, minimum: value, maximum: value },
    values: [{ value, count }],
  };
}

/** CloudWatch sends 1 for each invocation that was one and 0 for each that was not. */
function occurrences(ones: number, count: number): Numbers {
  const values: { value: number; count: number }[] = [];
  if (ones < count) values.push({ value: 0, count: count - ones });
  if (ones > 0) values.push({ value: 1, count: ones });
  return {
    statistics: { sampleCount: count, sum: ones, minimum: ones === count ? 1 : 0, maximum: ones > 0 ? 1 : 0 },
    values,
  };
}

function distribution(histogram: Microseconds, count: number): Numbers {
  return {
    statistics: { sampleCount: count, sum: histogram.sum, minimum: histogram.minimum, maximum: histogram.maximum },
    values: histogram.values(),
  };
}
