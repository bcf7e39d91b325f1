import { logGamma } from "./gamma.ts";

/** Two classifiers on the same examples, counted by which of them is right. */
export interface PairedOutcomes {
  /** Examples that only the first one gets right. */
  readonly onlyFirst: number;
  /** Examples that only the second one gets right. */
  readonly onlySecond: number;
  /** All examples, those included on which both are right or both are wrong. */
  readonly total: number;
}

/**
 * The two-sided p-value of "both are right equally often": McNemar, "Note on the sampling error of the difference between correlated proportions or
 * percentages" (Psychometrika 12, 1947), in its exact form: under that hypothesis the smaller of the two counts is binomial(onlyFirst + onlySecond,
 * 1/2), and its tail is doubled. 1 when they never differ.
 */
export function mcNemarTest({ onlyFirst, onlySecond }: Pick<PairedOutcomes, "onlyFirst" | "onlySecond">): number {
  const trials = onlyFirst + onlySecond;
  const smaller = Math.min(onlyFirst, onlySecond);
  let tail = 0;
  for (let successes = 0; successes <= smaller; successes++) {
    const logChoose = logGamma(trials + 1) - logGamma(successes + 1) - logGamma(trials - successes + 1);
    tail += Math.exp(logChoose - trials * Math.LN2);
  }
  return Math.min(1, 2 * tail);
}
