import type { HeldOutScores } from "./linear-training.ts";

/** A label with fewer positives takes the common threshold: its own would say more of chance than of the label. */
const FEWEST_POSITIVES = 3;

export interface Thresholds {
  /** One score for all labels: the best micro-F1. */
  readonly common: number;
  /** The best F1 of each label. */
  readonly perLabel: Float64Array;
}

export interface BestThreshold {
  readonly threshold: number;
  readonly f1: number;
  readonly positives: number;
}

/**
 * The threshold with the best F1, in the middle between the two scores that it separates; the higher one of two that are
 * equally good. Scores that are NaN are left out. Infinity where there is no positive.
 */
export function bestThreshold(scores: Float32Array, isPositive: (index: number) => boolean): BestThreshold {
  const order = new Uint32Array(scores.length);
  let kept = 0;
  let positives = 0;
  for (let index = 0; index < scores.length; index++) {
    if (Number.isNaN(scores[index])) continue;
    order[kept++] = index;
    if (isPositive(index)) positives++;
  }
  const descending = order.subarray(0, kept).sort((one, other) => scores[other] - scores[one] || one - other);
  let best = { threshold: Infinity, f1: 0, positives };
  let hits = 0;
  for (const [rank, index] of descending.entries()) {
    if (isPositive(index)) hits++;
    const score = scores[index];
    const next = rank + 1 < kept ? scores[descending[rank + 1]] : score - 1;
    if (next === score) continue;
    const f1 = (2 * hits) / (rank + 1 + positives);
    if (f1 > best.f1) best = { threshold: (score + next) / 2, f1, positives };
  }
  return best;
}

/** Thresholds of several labels by their held-out scores; `signs` says per label which rows have it. */
export function chooseThresholds(scores: HeldOutScores, signs: readonly Int8Array[]): Thresholds {
  const [rows, labels] = [scores[0]?.length ?? 0, scores.length];
  const all = new Float32Array(rows * labels);
  for (const [label, ofLabel] of scores.entries()) all.set(ofLabel, label * rows);
  const common = bestThreshold(all, (index) => signs[Math.floor(index / rows)][index % rows] > 0).threshold;
  const perLabel = Float64Array.from(scores, (ofLabel, label) => {
    const { threshold, positives } = bestThreshold(ofLabel, (row) => signs[label][row] > 0);
    return positives < FEWEST_POSITIVES ? common : threshold;
  });
  return { common, perLabel };
}

/** Micro- and macro-F1 of labels given by thresholds. A label without a hit counts 0. */
export function f1Scores(
  scores: HeldOutScores,
  signs: readonly Int8Array[],
  thresholdOf: (label: number) => number,
): { readonly micro: number; readonly macro: number } {
  const total = { hits: 0, chosen: 0, positives: 0 };
  let sum = 0;
  for (const [label, ofLabel] of scores.entries()) {
    const threshold = thresholdOf(label);
    let [hits, chosen, positives] = [0, 0, 0];
    for (let row = 0; row < ofLabel.length; row++) {
      if (Number.isNaN(ofLabel[row])) continue;
      const isPositive = signs[label][row] > 0;
      const isChosen = ofLabel[row] >= threshold;
      if (isPositive) positives++;
      if (isChosen) chosen++;
      if (isPositive && isChosen) hits++;
    }
    total.hits += hits;
    total.chosen += chosen;
    total.positives += positives;
    sum += chosen + positives > 0 ? (2 * hits) / (chosen + positives) : 0;
  }
  const micro = total.hits > 0 ? (2 * total.hits) / (total.chosen + total.positives) : 0;
  return { micro, macro: scores.length > 0 ? sum / scores.length : 0 };
}
