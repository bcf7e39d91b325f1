import { fBeta, precisionAt, recallAt, type ThresholdPoint } from "@rondo/statistics";
import type { LinearParameters } from "./linear-parameters.ts";

export interface ThresholdChoice {
  readonly threshold: number;
  /** The criterion's value there; the higher the better. */
  readonly value: number;
}

export interface ScoredRows {
  readonly scores: Float32Array;
  /** 0 or 1. */
  readonly labels: Float32Array;
  readonly weights: Float32Array;
}

type Criterion = Pick<LinearParameters, "selectionCriterion" | "fBeta" | "targetPrecision" | "targetRecall">;

/** Above what any row can have with a target that it misses. */
const MISSED = -1;

/**
 * The threshold with the best value of the criterion: halfway between two neighbouring scores, of equal ones that nearest to `usual`.
 * A threshold that misses a target precision or recall is worth less than any that meets it, and the more the farther it misses.
 */
export function selectThreshold(rows: ScoredRows, criterion: Criterion, usual: number): ThresholdChoice {
  const order = Uint32Array.from(rows.scores.keys()).sort((one, other) => rows.scores[other] - rows.scores[one]);
  let positives = 0;
  let negatives = 0;
  for (const [row, label] of rows.labels.entries()) {
    if (label === 1) positives += rows.weights[row];
    else negatives += rows.weights[row];
  }
  let truePositives = 0;
  let falsePositives = 0;
  let best: ThresholdChoice | undefined;
  const consider = (threshold: number): void => {
    const falseNegatives = positives - truePositives;
    const trueNegatives = negatives - falsePositives;
    const point = { threshold, truePositives, falsePositives, falseNegatives, trueNegatives };
    const value = criterionValue(point, criterion);
    const isNearer = (other: ThresholdChoice): boolean =>
      value === other.value && Math.abs(threshold - usual) < Math.abs(other.threshold - usual);
    if (best === undefined || value > best.value || isNearer(best)) best = { threshold, value };
  };
  for (const [rank, row] of order.entries()) {
    const score = rows.scores[row];
    const previous = rank === 0 ? undefined : rows.scores[order[rank - 1]];
    if (previous === undefined) consider(above(score));
    else if (previous !== score) consider(between(score, previous, usual));
    if (rows.labels[row] === 1) truePositives += rows.weights[row];
    else falsePositives += rows.weights[row];
  }
  consider(order.length === 0 ? usual : below(rows.scores[order[order.length - 1]], usual));
  return best ?? { threshold: usual, value: MISSED };
}

/** The usual threshold where it separates the two scores as well as any other. */
function between(lower: number, upper: number, usual: number): number {
  return lower < usual && usual <= upper ? usual : (lower + upper) / 2;
}

function above(highest: number): number {
  return highest + Math.max(1e-6, Math.abs(highest) * 1e-6);
}

function below(lowest: number, usual: number): number {
  return Math.min(lowest, usual);
}

/** Accuracy, F-beta, precision or recall of a threshold; for the others 0, since no threshold changes a loss. */
export function criterionValue(point: ThresholdPoint, criterion: Criterion): number {
  const { truePositives, falsePositives, falseNegatives, trueNegatives } = point;
  const precision = precisionAt(point);
  // Without positives there is nothing to recall.
  const recall = recallAt(point) || 0;
  switch (criterion.selectionCriterion) {
    case "accuracy":
      return (truePositives + trueNegatives) / (truePositives + trueNegatives + falsePositives + falseNegatives);
    case "f_beta":
      return fBeta(point, criterion.fBeta);
    case "precision_at_target_recall":
      return recall >= criterion.targetRecall ? precision : MISSED + recall - criterion.targetRecall;
    case "recall_at_target_precision":
      return precision >= criterion.targetPrecision ? recall : MISSED + precision - criterion.targetPrecision;
    case "loss_function":
    case "cross_entropy_loss":
      return 0;
  }
}
