import type { SparseLinearMatrix } from "./sparse-linear-layout.ts";

/** What is minimised over w: ½ ‖w‖² + Σ cost(i) loss(y_i w·x_i), with a constant feature for the bias. */
export interface SparseLinearSettings {
  /** `svm` is max(0, 1 − margin)², `logistic` is log(1 + e^−margin). */
  readonly loss: "svm" | "logistic";
  readonly positiveCost: number;
  readonly negativeCost: number;
  /** How much the features are scaled by their naive-Bayes ratios: 0 not at all, 1 by nothing else. */
  readonly naiveBayes: number;
  /** β of Wang & Manning: 1 leaves the weights as they are, 0 puts all of them to their mean. Used where `naiveBayes` > 0. */
  readonly interpolation: number;
  readonly tolerance: number;
  readonly maximumIterations: number;
  /** The square of the constant feature; 1 as in liblinear. */
  readonly biasScale: number;
  /** An integer of 1 to 2³² − 1. */
  readonly seed: number;
}

export interface SparseLinearSolution {
  readonly weights: Float32Array;
  readonly bias: number;
  /** Of the rows whose sign is 0, NaN of the others. */
  readonly scores: Float32Array;
  readonly iterations: number;
}

/**
 * The scalar reference: dual coordinate descent for L2-loss SVM (Hsieh, Chang, Lin, Keerthi, Sundararajan 2008, algorithm
 * 1) and logistic regression (Yu, Huang, Lin 2011) over features scaled by naive-Bayes log-count ratios (Wang & Manning
 * 2012). Without shrinking and in the rows' own order, so it meets the compiled kernel at the optimum.
 */
export function solveSparseLinear(
  matrix: SparseLinearMatrix,
  signs: Int8Array,
  settings: SparseLinearSettings,
): SparseLinearSolution {
  const { rowStarts, indexes, values } = matrix;
  const members = [...signs.keys()].filter((row) => signs[row] !== 0);
  const { ratios, scales, ratioScale } = mixScales(matrix, signs, settings);
  const weights = new Float64Array(matrix.features);
  let bias = 0;

  const sumOver = (row: number, term: (feature: number, value: number) => number): number => {
    let sum = 0;
    for (let entry = rowStarts[row]; entry < rowStarts[row + 1]; entry++) sum += term(indexes[entry], values[entry]);
    return sum;
  };
  const dot = (row: number): number => sumOver(row, (feature, value) => weights[feature] * value) + bias;
  const move = (row: number, step: number): void => {
    for (let entry = rowStarts[row]; entry < rowStarts[row + 1]; entry++) {
      weights[indexes[entry]] += step * values[entry] * scales[indexes[entry]];
    }
    bias += step * settings.biasScale;
  };

  const duals = new Float64Array(signs.length);
  const costOf = (row: number): number => (signs[row] > 0 ? settings.positiveCost : settings.negativeCost);
  const squares = Float64Array.from(signs, (_, row) =>
    sumOver(row, (feature, value) => value * value * scales[feature]),
  );
  let iterations = 0;
  for (let violation = Infinity; violation > settings.tolerance && iterations < settings.maximumIterations; ) {
    violation = 0;
    for (const row of members) {
      const sign = signs[row];
      const curvature = squares[row] + settings.biasScale;
      const { dual, missed } = (settings.loss === "svm" ? stepOfSvm : stepOfLogistic)(
        duals[row],
        sign * dot(row),
        curvature,
        costOf(row),
      );
      violation = Math.max(violation, missed);
      move(row, sign * (dual - duals[row]));
      duals[row] = dual;
    }
    iterations++;
  }
  if (settings.naiveBayes > 0)
    interpolate(weights, matrix.scales, { ratios, scales, ratioScale }, settings.interpolation);
  const scores = Float32Array.from(signs, (sign, row) => (sign === 0 ? dot(row) : Number.NaN));
  return { weights: Float32Array.from(weights), bias, scores, iterations };
}

interface Step {
  readonly dual: number;
  readonly missed: number;
}

function stepOfSvm(dual: number, margin: number, curvature: number, cost: number): Step {
  const gradient = margin - 1 + dual / (2 * cost);
  const missed = dual === 0 && gradient > 0 ? 0 : Math.abs(gradient);
  return { dual: Math.max(0, dual - gradient / (curvature + 1 / (2 * cost))), missed };
}

/** The minimum over z in (0, cost) of z log z + (cost − z) log(cost − z) + ½ curvature (z − dual)² + margin z, by bisection. */
function stepOfLogistic(dual: number, margin: number, curvature: number, cost: number): Step {
  const slope = (z: number): number => curvature * (z - dual) + margin + Math.log(z / (cost - z));
  let [low, high] = [0, cost];
  for (let halving = 0; halving < 200; halving++) {
    const middle = (low + high) / 2;
    if (slope(middle) > 0) high = middle;
    else low = middle;
  }
  return { dual: low, missed: dual === 0 ? Infinity : Math.abs(slope(dual)) };
}

interface MixedScales {
  readonly ratios: Float64Array;
  readonly scales: Float64Array;
  /** By which the square of a ratio is multiplied, so that rows are as long with ratios as without, on average. */
  readonly ratioScale: number;
}

function mixScales(matrix: SparseLinearMatrix, signs: Int8Array, { naiveBayes }: SparseLinearSettings): MixedScales {
  const { rowStarts, indexes, values } = matrix;
  const positive = new Float64Array(matrix.features);
  const negative = new Float64Array(matrix.features);
  const eachEntry = (visit: (row: number, feature: number, value: number) => void): void => {
    for (const [row, sign] of signs.entries()) {
      if (sign === 0) continue;
      for (let entry = rowStarts[row]; entry < rowStarts[row + 1]; entry++) visit(row, indexes[entry], values[entry]);
    }
  };
  eachEntry((row, feature) => {
    (signs[row] > 0 ? positive : negative)[feature] += 1;
  });
  const isSeen = (feature: number): boolean => positive[feature] + negative[feature] > 0;
  const total = (counts: Float64Array): number =>
    counts.reduce((sum, count, feature) => (isSeen(feature) ? sum + 1 + count : sum), 0);
  const shift = Math.log(total(negative) / total(positive));
  const ratios = positive.map((count, feature) =>
    isSeen(feature) ? Math.log((1 + count) / (1 + negative[feature])) + shift : 0,
  );
  let [plain, withRatios] = [0, 0];
  eachEntry((_, feature, value) => {
    plain += value ** 2 * matrix.scales[feature];
    withRatios += value ** 2 * matrix.scales[feature] * ratios[feature] ** 2;
  });
  const ratioScale = withRatios > 0 ? plain / withRatios : 0;
  const scales = Float64Array.from(
    matrix.scales,
    (scale, feature) => scale * (1 - naiveBayes + naiveBayes * ratios[feature] ** 2 * ratioScale),
  );
  return { ratios, scales: naiveBayes > 0 ? scales : Float64Array.from(matrix.scales), ratioScale };
}

function interpolate(
  weights: Float64Array,
  given: Float32Array,
  { ratios, scales, ratioScale }: MixedScales,
  share: number,
): void {
  const used = [...weights.keys()].filter((feature) => scales[feature] > 0);
  const mean =
    used.reduce((sum, feature) => sum + Math.abs(weights[feature]) / Math.sqrt(scales[feature]), 0) /
    Math.max(1, used.length);
  for (const feature of weights.keys()) {
    weights[feature] =
      share * weights[feature] + (1 - share) * mean * ratios[feature] * Math.sqrt(ratioScale * given[feature]);
  }
}
