import type { Proportion } from "./proportion-difference.ts";
import type { Interval } from "./wilson-interval.ts";

export interface SequentialOptions {
  /** Chance of ever calling two equal proportions different, however often one looks; default 0.05. */
  readonly alpha?: number;
  /**
   * Standard deviation τ of the normal mixture over the differences that one expects; default 0.01. The promise holds for any, fixed before the first
   * look; the test is quickest for differences of about this size.
   */
  readonly mixtureDeviation?: number;
}

/** Where a test that may be looked at any time stands. */
export interface SequentialComparison extends Interval {
  /** Second minus first. */
  readonly difference: number;
  /** Always-valid p-value of this look: the chance, were both equal, of ever seeing a ratio as large as this one. */
  readonly pValue: number;
  /** Whether the interval leaves out zero: the test may be stopped, now or at any look before. */
  readonly isDecided: boolean;
}

/** With fewer successes or failures in an arm the normal distribution is no likeness of the difference's. */
const LEAST_OUTCOMES = 5;

/**
 * Compares two proportions that grow with time and are looked at as often as one likes: the mixture sequential probability ratio test (Robbins,
 * "Statistical methods related to the law of the iterated logarithm", 1970) in the form of Johari, Koomen, Pekelis and Walsh, "Always valid inference:
 * continuous monitoring of A/B tests" (Operations Research 70, 2022), section 5: with the difference θ, its estimated variance V and the mixture
 * N(0, τ²),
 *
 *   Λ = √(V / (V + τ²)) · exp(τ²θ² / (2V(V + τ²))),  p = min(1, 1 / Λ),
 *
 * and the interval holds every difference that would not be rejected. A test with a fixed size looked at 100 times would be wrong far
 * more often than it says. Too few outcomes decide nothing: the interval is [−1, 1].
 */
export function sequentialComparison(
  first: Proportion,
  second: Proportion,
  { alpha = 0.05, mixtureDeviation = 0.01 }: SequentialOptions = {},
): SequentialComparison {
  if (!(alpha > 0 && alpha < 1) || !(mixtureDeviation > 0)) {
    throw new RangeError(`alpha ${alpha} and mixture deviation ${mixtureDeviation} are not above 0`);
  }
  const rates = [first, second].map(({ successes, trials }) => (trials === 0 ? 0 : successes / trials));
  const difference = rates[1] - rates[0];
  const hasEnough = [first, second].every(
    ({ successes, trials }) => successes >= LEAST_OUTCOMES && trials - successes >= LEAST_OUTCOMES,
  );
  if (!hasEnough) return { difference, pValue: 1, low: -1, high: 1, isDecided: false };
  const variance = varianceOf(first) + varianceOf(second);
  const mixture = mixtureDeviation ** 2;
  const logRatio =
    0.5 * Math.log(variance / (variance + mixture)) +
    (mixture * difference ** 2) / (2 * variance * (variance + mixture));
  const half = Math.sqrt(
    ((variance * (variance + mixture)) / mixture) *
      (2 * Math.log(1 / alpha) + Math.log((variance + mixture) / variance)),
  );
  const [low, high] = [Math.max(-1, difference - half), Math.min(1, difference + half)];
  return { difference, pValue: Math.min(1, Math.exp(-logRatio)), low, high, isDecided: low > 0 || high < 0 };
}

function varianceOf({ successes, trials }: Proportion): number {
  const rate = successes / trials;
  return (rate * (1 - rate)) / trials;
}
