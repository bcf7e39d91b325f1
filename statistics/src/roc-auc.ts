import { normalTail } from "./gamma.ts";
import type { Interval } from "./wilson-interval.ts";

/** Two-sided 95 % of the normal distribution. */
const Z_95 = 1.959963984540054;

/** Two classes and how sure a classifier was of each example. */
export interface ScoredExamples {
  /** 1 = positive, 0 = negative. */
  readonly labels: ArrayLike<number>;
  /** Higher = more likely positive. */
  readonly scores: ArrayLike<number>;
}

export interface AucEstimate extends Interval {
  /** The probability that a positive example scores higher than a negative one, ties counted half. */
  readonly auc: number;
  readonly standardError: number;
}

export interface AucDifference extends Interval {
  /** The first's area minus the second's. */
  readonly difference: number;
  /** Of no difference, two-sided. */
  readonly pValue: number;
}

/**
 * The area under the ROC curve with the 95 % interval of DeLong, DeLong and Clarke-Pearson, "Comparing the areas under two or more correlated receiver
 * operating characteristic curves" (Biometrics 1988), computed by midranks as Sun and Xu (IEEE Signal Processing Letters 2014) do. The interval of an area of
 * exactly 0 or 1 has no width, which says little when there are few examples. Throws RangeError without examples of both classes.
 */
export function rocAuc(examples: ScoredExamples): AucEstimate {
  const { auc, ofPositives, ofNegatives } = placements(examples);
  const variance = covariance(ofPositives, ofPositives) + covariance(ofNegatives, ofNegatives);
  const standardError = Math.sqrt(variance);
  const half = Z_95 * standardError;
  return { auc, standardError, low: Math.max(0, auc - half), high: Math.min(1, auc + half) };
}

/** By how much the first classifier's area exceeds the second's on the same examples: DeLong's paired test. Throws RangeError as `rocAuc` does. */
export function compareAuc(
  labels: ArrayLike<number>,
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): AucDifference {
  const [a, b] = [placements({ labels, scores: first }), placements({ labels, scores: second })];
  const variance = (["ofPositives", "ofNegatives"] as const)
    .map((side) => covariance(a[side], a[side]) + covariance(b[side], b[side]) - 2 * covariance(a[side], b[side]))
    .reduce((sum, part) => sum + part, 0);
  const difference = a.auc - b.auc;
  // Rounding may leave a tiny negative variance where both rank alike.
  const standardError = Math.sqrt(Math.max(0, variance));
  const pValue = difference === 0 ? 1 : Math.min(1, 2 * normalTail(Math.abs(difference) / standardError));
  const half = Z_95 * standardError;
  return { difference, low: difference - half, high: difference + half, pValue };
}

interface Placements {
  readonly auc: number;
  /** V₁₀ / m: of each positive, the share of negatives below it, divided so that covariances add up. */
  readonly ofPositives: Float64Array;
  readonly ofNegatives: Float64Array;
}

/** The structural components of DeLong's equation 4: of each example, the share of the other class that it is on the right side of. */
function placements({ labels, scores }: ScoredExamples): Placements {
  if (labels.length !== scores.length) throw new RangeError(`${labels.length} labels and ${scores.length} scores`);
  const all = Array.from({ length: labels.length }, (_, index) => index);
  const positives = all.filter((index) => labels[index] === 1);
  const negatives = all.filter((index) => labels[index] !== 1);
  if (positives.length === 0 || negatives.length === 0) {
    throw new RangeError(
      `an area needs both classes: ${positives.length} positive, ${negatives.length} negative examples`,
    );
  }
  const overall = midranks(all, scores);
  const within = (members: readonly number[], others: number, sign: 1 | -1): Float64Array => {
    const own = midranks(members, scores);
    return Float64Array.from(members, (index) => {
      const below = ((overall.get(index) ?? 0) - (own.get(index) ?? 0)) / others;
      return sign === 1 ? below : 1 - below;
    });
  };
  const ofPositives = within(positives, negatives.length, 1);
  const ofNegatives = within(negatives, positives.length, -1);
  return { auc: mean(ofPositives), ofPositives, ofNegatives };
}

/** Ranks from 1, equal scores share the mean of theirs. */
function midranks(members: readonly number[], scores: ArrayLike<number>): Map<number, number> {
  const sorted = members.toSorted((a, b) => scores[a] - scores[b]);
  const ranks = new Map<number, number>();
  for (let start = 0; start < sorted.length; ) {
    let end = start;
    while (end < sorted.length && scores[sorted[end]] === scores[sorted[start]]) end++;
    for (let position = start; position < end; position++) ranks.set(sorted[position], (start + 1 + end) / 2);
    start = end;
  }
  return ranks;
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The covariance of two means over the same examples; 0 for a single one, where nothing can be said. */
function covariance(first: Float64Array, second: Float64Array): number {
  const count = first.length;
  if (count < 2) return 0;
  const [meanFirst, meanSecond] = [mean(first), mean(second)];
  let sum = 0;
  for (let index = 0; index < count; index++) sum += (first[index] - meanFirst) * (second[index] - meanSecond);
  return sum / (count - 1) / count;
}
