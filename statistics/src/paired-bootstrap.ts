import type { PairedOutcomes } from "./mcnemar-test.ts";
import type { Random } from "./random.ts";
import { sampleBinomial } from "./sample-binomial.ts";
import type { Interval } from "./wilson-interval.ts";

export interface BootstrapOptions {
  readonly random: Random;
  /** Default 2,000: enough that the ends of a 95 % interval rest on 50 resamples each. */
  readonly resamples?: number;
  /** Default 0.95. */
  readonly confidence?: number;
}

export interface PairedDifference extends Interval {
  /** Accuracy of the first minus accuracy of the second, −1 to 1. */
  readonly difference: number;
  readonly confidence: number;
  readonly resamples: number;
}

/**
 * By how much the first classifier's accuracy exceeds the second's on the same examples, with the percentile interval of the paired bootstrap: Efron
 * and Tibshirani, "An Introduction to the Bootstrap" (1993), section 13.3.
 *
 * An example contributes +1, 0 or −1 to the difference, so a resample of the examples is a draw from the multinomial of these three counts and takes
 * two binomial draws instead of one per example: the distribution is the same. Throws RangeError without examples.
 */
export function pairedBootstrap(outcomes: PairedOutcomes, options: BootstrapOptions): PairedDifference {
  const { onlyFirst, onlySecond, total } = outcomes;
  const { random, resamples = 2000, confidence = 0.95 } = options;
  if (!(total > 0) || onlyFirst + onlySecond > total) {
    throw new RangeError(`${onlyFirst} and ${onlySecond} differing examples of ${total}`);
  }
  const shareOfRest = onlyFirst === total ? 0 : onlySecond / (total - onlyFirst);
  const differences = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample++) {
    const first = sampleBinomial(random, total, onlyFirst / total);
    differences[resample] = (first - sampleBinomial(random, total - first, shareOfRest)) / total;
  }
  differences.sort();
  // Equation 13.5: the (resamples · α)-th ordered value on either side.
  const rank = Math.max(1, Math.floor((resamples * (1 - confidence)) / 2));
  return {
    difference: (onlyFirst - onlySecond) / total,
    low: differences[rank - 1],
    high: differences[resamples - rank],
    confidence,
    resamples,
  };
}
