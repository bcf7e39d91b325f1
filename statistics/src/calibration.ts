import { orderByScore } from "./order-by-score.ts";
import type { ScoredExamples } from "./roc-auc.ts";
import { type Interval, wilsonInterval } from "./wilson-interval.ts";

/** Examples whose probabilities lie close together, and how many of them were positive. */
export interface ReliabilityBin extends Interval {
  readonly count: number;
  readonly meanProbability: number;
  /** The share of positives; `low` and `high` are its 95 % interval. */
  readonly observed: number;
}

/**
 * The reliability diagram of probabilities: bins of about equally many examples, from the lowest probabilities up. Equal ones may be in two bins. Throws RangeError
 * for probabilities outside [0, 1].
 */
export function reliability({ labels, scores }: ScoredExamples, bins = 10): ReliabilityBin[] {
  if (labels.length !== scores.length) throw new RangeError(`${labels.length} labels and ${scores.length} scores`);
  const order = orderByScore(scores);
  const first = order[0];
  const last = order.at(-1);
  if (first === undefined || last === undefined) return [];
  if (!(scores[first] >= 0 && scores[last] <= 1)) {
    throw new RangeError(`probabilities from ${scores[first]} to ${scores[last]}`);
  }
  const edges = Array.from({ length: bins + 1 }, (_, bin) => Math.round((bin * order.length) / bins));
  return edges
    .slice(1)
    .map((end, bin) => Array.from(order.subarray(edges[bin], end)))
    .filter((members) => members.length > 0)
    .map((members) => {
      const count = members.length;
      const positives = members.filter((index) => labels[index] === 1).length;
      const meanProbability = members.reduce((sum, index) => sum + scores[index], 0) / count;
      return { count, meanProbability, observed: positives / count, ...wilsonInterval(positives, count) };
    });
}

/**
 * The mean distance between what was said and what happened, over the bins: Naeini, Cooper and Hauskrecht, "Obtaining well calibrated probabilities using Bayesian
 * binning" (AAAI 2015). Also a perfect forecaster's is above 0, by chance.
 */
export function expectedCalibrationError(examples: ScoredExamples, bins = 10): number {
  const diagram = reliability(examples, bins);
  const total = diagram.reduce((sum, { count }) => sum + count, 0);
  return diagram.reduce(
    (sum, { count, meanProbability, observed }) => sum + (count / total) * Math.abs(meanProbability - observed),
    0,
  );
}

/** The mean squared distance of probabilities from what happened: Brier, "Verification of forecasts expressed in terms of probability" (1950), halved as usual. */
export function brierScore({ labels, scores }: ScoredExamples): number {
  let sum = 0;
  for (let index = 0; index < labels.length; index++) sum += (scores[index] - (labels[index] === 1 ? 1 : 0)) ** 2;
  return sum / labels.length;
}
