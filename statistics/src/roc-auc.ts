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
 * operating characteristic curves" (Biometrics 1988), in n log n steps. The interval of an area of exactly 0 or 1 has no width, which says little when there are few examples. Throws
 * RangeError without examples of both classes, and for a score that is NaN.
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

/** The structural components of DeLong's equation 4: of each example, the share of the other class that it is on the right side of, ties counted half. */
function placements({ labels, scores }: ScoredExamples): Placements {
  if (labels.length !== scores.length) throw new RangeError(`${labels.length} labels and ${scores.length} scores`);
  const [positives, negatives] = separate(labels, scores);
  if (positives.length === 0 || negatives.length === 0) {
    throw new RangeError(
      `an area needs both classes: ${positives.length} positive, ${negatives.length} negative examples`,
    );
  }
  const [sortedPositives, sortedNegatives] = [positives.toSorted(), negatives.toSorted()];
  const ofPositives = positives.map((score) => shareBelow(sortedNegatives, score));
  const ofNegatives = negatives.map((score) => 1 - shareBelow(sortedPositives, score));
  return { auc: mean(ofPositives), ofPositives, ofNegatives };
}

/** The scores of the positive examples and those of the others, in their order. */
function separate(labels: ArrayLike<number>, scores: ArrayLike<number>): readonly [Float64Array, Float64Array] {
  let positive = 0;
  for (let index = 0; index < labels.length; index++) positive += labels[index] === 1 ? 1 : 0;
  const positives = new Float64Array(positive);
  const negatives = new Float64Array(labels.length - positive);
  for (let index = 0, found = 0; index < labels.length; index++) {
    if (Number.isNaN(scores[index])) throw new RangeError(`the score of example ${index + 1} is no number`);
    if (labels[index] === 1) positives[found++] = scores[index];
    else negatives[index - found] = scores[index];
  }
  return [positives, negatives];
}

/** The share of ascending numbers that are below one, equal ones counted half. */
function shareBelow(sorted: Float64Array, score: number): number {
  const below = countBelow(sorted, score, false);
  return (below + countBelow(sorted, score, true)) / 2 / sorted.length;
}

function countBelow(sorted: Float64Array, score: number, orEqual: boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < score || (orEqual && sorted[middle] === score)) low = middle + 1;
    else high = middle;
  }
  return low;
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
