import type { BootstrapOptions } from "./paired-bootstrap.ts";
import type { Random } from "./random.ts";
import type { Interval } from "./wilson-interval.ts";

export interface MeanInterval extends Interval {
  readonly mean: number;
}

/**
 * The mean of one value for each user (or example), with the percentile interval of the bootstrap over them: Efron and Tibshirani, "An
 * Introduction to the Bootstrap" (1993), section 13.3. Throws RangeError without values.
 */
export function meanInterval(values: ArrayLike<number>, options: BootstrapOptions): MeanInterval {
  const { random, resamples = 2000, confidence = 0.95 } = options;
  if (values.length === 0) throw new RangeError("a mean of no values");
  const means = Float64Array.from({ length: resamples }, () => resampledMean(values, random));
  means.sort();
  const rank = Math.max(1, Math.floor((resamples * (1 - confidence)) / 2));
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index];
  return { mean: sum / values.length, low: means[rank - 1], high: means[resamples - rank] };
}

function resampledMean(values: ArrayLike<number>, random: Random): number {
  let sum = 0;
  for (let drawn = 0; drawn < values.length; drawn++) sum += values[Math.floor(random() * values.length)];
  return sum / values.length;
}
