import type { HeldOutScores } from "./linear-training.ts";

/** How scores become probabilities: 1 / (1 + e^−(slope score + intercept)), or of labels that exclude each other softmax(slope score). */
export interface Calibration {
  /** One per output. */
  readonly slopes: Float64Array;
  readonly intercepts: Float64Array;
}

/** Labels with fewer positives share one slope and intercept. */
const FEWEST_POSITIVES = 10;
/** Scores that are looked at in one go: some 20 ms. */
const ROWS_PER_SLICE = 400_000;

export function uncalibrated(outputs: number): Calibration {
  return { slopes: new Float64Array(outputs).fill(1), intercepts: new Float64Array(outputs) };
}

/** One sigmoid per output (Platt 1999), fitted to held-out scores. `pause` is awaited between slices of work. */
export async function calibrateSigmoids(
  scores: HeldOutScores,
  signs: readonly Int8Array[],
  pause: () => Promise<void>,
): Promise<Calibration> {
  const rows = scores.map((ofLabel, label) => heldOutOf(ofLabel, signs[label]));
  let joined: Sigmoid | undefined;
  const fitted: Sigmoid[] = [];
  for (const ofLabel of rows) {
    const fewer = Math.min(ofLabel.positives, ofLabel.scores.length - ofLabel.positives);
    if (fewer < FEWEST_POSITIVES) joined ??= await fitSigmoid(join(rows), pause);
    fitted.push(fewer < FEWEST_POSITIVES && joined ? joined : await fitSigmoid(ofLabel, pause));
  }
  return {
    slopes: Float64Array.from(fitted, ({ slope }) => slope),
    intercepts: Float64Array.from(fitted, ({ intercept }) => intercept),
  };
}

/** Scores of rows that were held out, and whether each has the label. */
interface ScoredRows {
  readonly scores: Float32Array;
  readonly signs: Int8Array;
  readonly positives: number;
}

interface Sigmoid {
  readonly slope: number;
  readonly intercept: number;
}

function heldOutOf(given: Float32Array, signsOfAll: Int8Array): ScoredRows {
  const scores = new Float32Array(given.length);
  const signs = new Int8Array(given.length);
  let [kept, positives] = [0, 0];
  for (let row = 0; row < given.length; row++) {
    if (Number.isNaN(given[row])) continue;
    scores[kept] = given[row];
    signs[kept++] = signsOfAll[row];
    if (signsOfAll[row] > 0) positives++;
  }
  return { scores: scores.subarray(0, kept), signs: signs.subarray(0, kept), positives };
}

function join(labels: readonly ScoredRows[]): ScoredRows {
  const length = labels.reduce((sum, { scores }) => sum + scores.length, 0);
  const joined = { scores: new Float32Array(length), signs: new Int8Array(length), positives: 0 };
  let next = 0;
  for (const { scores, signs, positives } of labels) {
    joined.scores.set(scores, next);
    joined.signs.set(signs, next);
    joined.positives += positives;
    next += scores.length;
  }
  return joined;
}

/**
 * Newton's method on the cross-entropy with Platt's softened targets (Lin, Lin, Weng 2007): (n₊ + 1) ÷ (n₊ + 2) instead of 1,
 * 1 ÷ (n₋ + 2) instead of 0. A slope never below 0.
 */
async function fitSigmoid({ scores, signs, positives }: ScoredRows, pause: () => Promise<void>): Promise<Sigmoid> {
  const rows = scores.length;
  const negatives = rows - positives;
  const targets = { positive: (positives + 1) / (positives + 2), negative: 1 / (negatives + 2) };
  let slope = 0;
  let intercept = Math.log((positives + 1) / (negatives + 1));
  const lossAt = (a: number, b: number): number => {
    let loss = 0;
    for (let row = 0; row < rows; row++) {
      const z = a * scores[row] + b;
      const target = signs[row] > 0 ? targets.positive : targets.negative;
      loss += Math.max(z, 0) - z * target + Math.log1p(Math.exp(-Math.abs(z)));
    }
    return loss;
  };
  let loss = lossAt(slope, intercept);
  for (let iteration = 0, work = 0; iteration < 100; iteration++, work += rows) {
    if (work > ROWS_PER_SLICE) {
      work = 0;
      await pause();
    }
    let [gradientA, gradientB, aa, ab, bb] = [0, 0, 1e-12, 0, 1e-12];
    for (let row = 0; row < rows; row++) {
      const score = scores[row];
      const probability = 1 / (1 + Math.exp(-(slope * score + intercept)));
      const missed = probability - (signs[row] > 0 ? targets.positive : targets.negative);
      const curvature = probability * (1 - probability);
      gradientA += missed * score;
      gradientB += missed;
      aa += curvature * score * score;
      ab += curvature * score;
      bb += curvature;
    }
    if (Math.abs(gradientA) < 1e-5 && Math.abs(gradientB) < 1e-5) break;
    const determinant = aa * bb - ab * ab;
    const stepA = (bb * gradientA - ab * gradientB) / determinant;
    const stepB = (aa * gradientB - ab * gradientA) / determinant;
    let length = 1;
    let reached = lossAt(slope - stepA, intercept - stepB);
    for (; reached > loss && length > 1e-10; length /= 2) {
      reached = lossAt(slope - (stepA * length) / 2, intercept - (stepB * length) / 2);
    }
    if (!(reached <= loss)) break;
    slope -= stepA * length;
    intercept -= stepB * length;
    const improvement = loss - reached;
    loss = reached;
    if (improvement < 1e-9 * rows) break;
  }
  return { slope: Math.max(slope, 0), intercept };
}

/** One slope for all labels, which exclude each other: temperature scaling (Guo et al. 2017), by golden-section search. `pause` is awaited at each step. */
export async function calibrateTemperature(
  scores: HeldOutScores,
  labelOf: (row: number) => number,
  pause: () => Promise<void>,
): Promise<Calibration> {
  const loss = async (logarithm: number): Promise<number> => {
    await pause();
    return softmaxLoss(scores, labelOf, Math.exp(logarithm));
  };
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [Math.log(0.01), Math.log(100)];
  let [left, right] = [high - ratio * (high - low), low + ratio * (high - low)];
  let [lossLeft, lossRight] = [await loss(left), await loss(right)];
  while (high - low > 1e-3) {
    if (lossLeft < lossRight) {
      [high, right, lossRight] = [right, left, lossLeft];
      left = high - ratio * (high - low);
      lossLeft = await loss(left);
    } else {
      [low, left, lossLeft] = [left, right, lossRight];
      right = low + ratio * (high - low);
      lossRight = await loss(right);
    }
  }
  const slope = Math.exp((low + high) / 2);
  return { slopes: new Float64Array(scores.length).fill(slope), intercepts: new Float64Array(scores.length) };
}

/** Mean −log of the probability of the true label. */
export function softmaxLoss(scores: HeldOutScores, labelOf: (row: number) => number, slope: number): number {
  const rows = scores[0]?.length ?? 0;
  let [sum, counted] = [0, 0];
  for (let row = 0; row < rows; row++) {
    if (Number.isNaN(scores[0][row])) continue;
    let highest = -Infinity;
    for (const ofLabel of scores) highest = Math.max(highest, ofLabel[row]);
    let total = 0;
    for (const ofLabel of scores) total += Math.exp(slope * (ofLabel[row] - highest));
    sum += Math.log(total) - slope * (scores[labelOf(row)][row] - highest);
    counted++;
  }
  return counted > 0 ? sum / counted : 0;
}

/** Mean cross-entropy of one sigmoid. */
export function sigmoidLoss(scores: Float32Array, signs: Int8Array, { slopes, intercepts }: Calibration): number {
  let [sum, counted] = [0, 0];
  for (const [row, score] of scores.entries()) {
    if (Number.isNaN(score)) continue;
    const margin = signs[row] * (slopes[0] * score + intercepts[0]);
    sum += Math.max(-margin, 0) + Math.log1p(Math.exp(-Math.abs(margin)));
    counted++;
  }
  return counted > 0 ? sum / counted : 0;
}
