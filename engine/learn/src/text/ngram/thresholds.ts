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
  const { keys, positives } = ascendingKeys(scores, isPositive);
  let best = { threshold: Infinity, f1: 0, positives };
  let hits = 0;
  for (let rank = 0; rank < keys.length; rank++) {
    const key = keys[keys.length - 1 - rank];
    hits += key % 2;
    const score = scoreOf(key);
    const next = rank + 1 < keys.length ? scoreOf(keys[keys.length - 2 - rank]) : score - 1;
    if (next === score) continue;
    const f1 = (2 * hits) / (rank + 1 + positives);
    if (f1 > best.f1) best = { threshold: (score + next) / 2, f1, positives };
  }
  return best;
}

/**
 * Twice a score's bits, in the order of the scores, and 1 more where it is that of a positive: numbers that sort by themselves, ten times as
 * fast as by a comparison. Of equal scores the order means nothing.
 */
function ascendingKeys(
  scores: Float32Array,
  isPositive: (index: number) => boolean,
): { readonly keys: Float64Array; readonly positives: number } {
  const bits = new Uint32Array(scores.buffer, scores.byteOffset, scores.length);
  const keys = new Float64Array(scores.length);
  let [kept, positives] = [0, 0];
  for (let index = 0; index < scores.length; index++) {
    if (Number.isNaN(scores[index])) continue;
    const positive = Number(isPositive(index));
    positives += positive;
    keys[kept++] = (bits[index] < SIGN ? bits[index] + SIGN : 2 ** 32 - 1 - bits[index]) * 2 + positive;
  }
  return { keys: keys.subarray(0, kept).sort(), positives };
}

/** The bit of a negative number. */
const SIGN = 2 ** 31;
const oneScore = new Float32Array(1);
const itsBits = new Uint32Array(oneScore.buffer);

function scoreOf(key: number): number {
  const ordered = Math.floor(key / 2);
  itsBits[0] = ordered >= SIGN ? ordered - SIGN : 2 ** 32 - 1 - ordered;
  return oneScore[0];
}

/** Thresholds of several labels by their held-out scores; `signs` says per label which rows have it. `pause` is awaited between labels. */
export async function chooseThresholds(
  scores: HeldOutScores,
  signs: readonly Int8Array[],
  pause: () => Promise<void>,
): Promise<Thresholds> {
  const [rows, labels] = [scores[0]?.length ?? 0, scores.length];
  const all = new Float32Array(rows * labels);
  for (const [label, ofLabel] of scores.entries()) all.set(ofLabel, label * rows);
  const common = bestThreshold(all, (index) => signs[Math.floor(index / rows)][index % rows] > 0).threshold;
  const perLabel = new Float64Array(labels);
  for (const [label, ofLabel] of scores.entries()) {
    await pause();
    const { threshold, positives } = bestThreshold(ofLabel, (row) => signs[label][row] > 0);
    perLabel[label] = positives < FEWEST_POSITIVES ? common : threshold;
  }
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
