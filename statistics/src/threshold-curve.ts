import { orderByScore } from "./order-by-score.ts";
import type { ScoredExamples } from "./roc-auc.ts";

/** What a classifier does when every score of at least `threshold` counts as positive. */
export interface ThresholdPoint {
  readonly threshold: number;
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
}

/** One point for each distinct score, from the highest threshold to the lowest: both ROC and precision-recall curves are read off it.
 * Throws RangeError for a score that is NaN, as everything below does. */
export function thresholdCurve({ labels, scores }: ScoredExamples): ThresholdPoint[] {
  if (labels.length !== scores.length) throw new RangeError(`${labels.length} labels and ${scores.length} scores`);
  const order = orderByScore(scores).reverse();
  const positives = order.reduce((count, index) => count + (labels[index] === 1 ? 1 : 0), 0);
  const points: ThresholdPoint[] = [];
  let [truePositives, falsePositives] = [0, 0];
  for (const [position, index] of order.entries()) {
    if (labels[index] === 1) truePositives++;
    else falsePositives++;
    if (position + 1 < order.length && scores[order[position + 1]] === scores[index]) continue;
    points.push({
      threshold: scores[index],
      truePositives,
      falsePositives,
      falseNegatives: positives - truePositives,
      trueNegatives: labels.length - positives - falsePositives,
    });
  }
  return points;
}

/** Of those called positive, the share that is; 1 when none is called so. */
export function precisionAt({ truePositives, falsePositives }: ThresholdPoint): number {
  const called = truePositives + falsePositives;
  return called === 0 ? 1 : truePositives / called;
}

/** Of the positives, the share that is called so; NaN when there are none. */
export function recallAt({ truePositives, falseNegatives }: ThresholdPoint): number {
  return truePositives / (truePositives + falseNegatives);
}

/**
 * The area under the precision-recall curve as a sum of steps, Σ (Rₙ − Rₙ₋₁) Pₙ, without the interpolation that flatters (Davis and Goadrich, ICML 2006); the
 * same as scikit-learn's average_precision_score. NaN without positives.
 */
export function averagePrecision(examples: ScoredExamples): number {
  let [sum, recall] = [0, 0];
  for (const point of thresholdCurve(examples)) {
    const next = recallAt(point);
    sum += (next - recall) * precisionAt(point);
    recall = next;
  }
  return sum;
}

/** The harmonic mean of precision and recall, recall counting β times as much: van Rijsbergen, "Information Retrieval" (1979). */
export function fBeta({ truePositives, falsePositives, falseNegatives }: ThresholdPoint, beta = 1): number {
  const weight = beta ** 2;
  const whole = (1 + weight) * truePositives + weight * falseNegatives + falsePositives;
  return whole === 0 ? 0 : ((1 + weight) * truePositives) / whole;
}

/** The point with the best F-β; the highest threshold among equals. Throws RangeError without examples. */
export function bestThreshold(examples: ScoredExamples, beta = 1): ThresholdPoint {
  const [first, ...others] = thresholdCurve(examples);
  if (first === undefined) throw new RangeError("no examples to choose a threshold by");
  return others.reduce((best, point) => (fBeta(point, beta) > fBeta(best, beta) ? point : best), first);
}
