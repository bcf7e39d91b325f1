import { normalTail } from "./gamma.ts";
import { type Interval, wilsonInterval } from "./wilson-interval.ts";

/** Successes among independent trials. */
export interface Proportion {
  readonly successes: number;
  readonly trials: number;
}

export interface ProportionDifference extends Interval {
  /** Share of the first minus share of the second. */
  readonly difference: number;
  /** One-sided: how likely a difference at least this far below zero is if both shares are the same. */
  readonly pValueOfDrop: number;
}

/**
 * The difference of two shares from *independent* samples with its 95 % interval: Newcombe, "Interval estimation for the difference between independent
 * proportions" (Statistics in Medicine 17, 1998), method 10, which joins two Wilson intervals. The p-value is that of the z-test with the pooled share.
 * Throws RangeError when one of the samples is empty.
 */
export function proportionDifference(first: Proportion, second: Proportion): ProportionDifference {
  if (first.trials === 0 || second.trials === 0) throw new RangeError("A share of nothing cannot be compared.");
  const [one, two] = [first.successes / first.trials, second.successes / second.trials];
  const [ofFirst, ofSecond] = [first, second].map(({ successes, trials }) => wilsonInterval(successes, trials));
  const difference = one - two;
  const pooled = (first.successes + second.successes) / (first.trials + second.trials);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / first.trials + 1 / second.trials));
  return {
    difference,
    low: difference - Math.hypot(one - ofFirst.low, ofSecond.high - two),
    high: difference + Math.hypot(ofFirst.high - one, two - ofSecond.low),
    pValueOfDrop: error === 0 ? 1 : normalTail(-difference / error),
  };
}
