import type { MetricDatum } from "@rondo/store";

/** Eight buckets per doubling: a percentile read from them is within 5 % of the true one (half a bucket of 2^(1/8) = 9 %). */
const BUCKETS_PER_DOUBLING = 8;
/** Up to 2^32 µs = 71 minutes, beyond any invocation's limit. */
const BUCKETS = 32 * BUCKETS_PER_DOUBLING;

/** A histogram of microseconds on typed arrays: recording allocates nothing. */
export class Microseconds {
  readonly counts = new Uint32Array(BUCKETS);
  count = 0;
  sum = 0;
  minimum = Number.POSITIVE_INFINITY;
  maximum = 0;

  record(value: number): void {
    const bucket = (Math.log2(value + 1) * BUCKETS_PER_DOUBLING) | 0;
    this.counts[bucket < BUCKETS ? bucket : BUCKETS - 1]! += 1;
    this.count += 1;
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

/** The numbers of a CloudWatch datum. */
export type DatumNumbers = Pick<MetricDatum, "statistics" | "values">;

/** What was recorded, in units of so many microseconds. */
export function distribution(histogram: Microseconds, unit = 1): DatumNumbers {
  const { count, sum, minimum, maximum } = histogram;
  return {
    statistics: { sampleCount: count, sum: sum / unit, minimum: minimum / unit, maximum: maximum / unit },
    values: histogram.values().map(({ value, count: times }) => ({ value: value / unit, count: times })),
  };
}
