/**
 * How sharply probabilities follow scores where no training has learned it: an item as good as the average has exp(−1 ÷ TEMPERATURE) of the best one's. With 0.1 the best of 20,000
 * items that stands alone gets about half of all, as in AWS's examples of scores between 0.001 and 0.5.
 */
const TEMPERATURE = 0.1;
/** Below exp(−RANGE) of the best one an item does not count. */
const RANGE = 24;
const STEPS_OF_UNIT = 64;
/** exp(−x) at the steps; between them it is interpolated, which is exact to 3 in 100,000. */
const EXPONENTIALS = Float64Array.from({ length: RANGE * STEPS_OF_UNIT + 2 }, (_, step) =>
  Math.exp(-step / STEPS_OF_UNIT),
);

/** Probabilities of items by their scores: exp(steepness × (score − highest)) ÷ total. */
export interface Softmax {
  readonly highest: number;
  readonly steepness: number;
  readonly total: number;
}

/** How scores become logits, from the scores of the whole catalogue; −∞ marks items that are not to be shown. */
export function scaleOfScores(scores: Float32Array): Pick<Softmax, "highest" | "steepness"> {
  let highest = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (let item = 0; item < scores.length; item += 1) {
    const score = scores[item];
    if (score > highest) highest = score;
    if (score > Number.NEGATIVE_INFINITY) sum += score;
  }
  const spread = highest - sum / scores.length;
  return { highest, steepness: spread > 0 ? 1 / (TEMPERATURE * spread) : 0 };
}

/** The softmax over all scores. */
export function softmaxOfScores(scores: Float32Array, scale = scaleOfScores(scores)): Softmax {
  const { highest, steepness } = scale;
  const factor = steepness * STEPS_OF_UNIT;
  let total = 0;
  for (let item = 0; item < scores.length; item += 1) {
    const step = (highest - scores[item]) * factor;
    if (!(step < RANGE * STEPS_OF_UNIT)) continue;
    const below = step | 0;
    const exponential = EXPONENTIALS[below];
    total += exponential + (step - below) * (EXPONENTIALS[below + 1] - exponential);
  }
  return { highest, steepness, total };
}

/** The softmax over some of the items. */
export function softmaxOfItems(scores: Float32Array, items: readonly number[], steepness: number): Softmax {
  const highest = items.reduce((best, item) => Math.max(best, scores[item]), Number.NEGATIVE_INFINITY);
  const total = items.reduce((sum, item) => sum + Math.exp(steepness * (scores[item] - highest)), 0);
  return { highest, steepness, total };
}

export function probabilityOf({ highest, steepness, total }: Softmax, score: number): number {
  return Math.exp(steepness * (score - highest)) / total;
}
