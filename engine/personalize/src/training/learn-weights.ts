import { setImmediate } from "node:timers/promises";
import type { JudgedCandidates } from "@rondo/learn";

const ITERATIONS = 150;
const LEARNING_RATE = 0.2;
/** Against weights that grow without end where one component is always right. */
const PENALTY = 1e-4;
/** Of Adam (Kingma and Ba 2015). */
const FIRST_DECAY = 0.9;
const SECOND_DECAY = 0.999;
const TINY = 1e-9;

export interface LearnedWeights {
  /** The largest is 1. */
  readonly weights: Float64Array<ArrayBuffer>;
  /** What the weighed sum is multiplied by to be the logits of the softmax; undefined where there was nobody to learn from. */
  readonly steepness: number | undefined;
}

/**
 * Weights of at least 0 with which the softmax over each user's candidates gives what was wanted the highest likelihood: the top-one loss of ListNet (Cao,
 * Qin, Liu, Tsai and Li, "Learning to rank: from pairwise approach to listwise approach", ICML 2007, section 4.2), by Adam. It has one optimum, and
 * chances less on the few users of a hold-out than a search for the highest NDCG.
 */
export async function learnWeights(
  { components, users }: JudgedCandidates,
  signal?: AbortSignal,
): Promise<LearnedWeights> {
  const weights = new Float64Array(components).fill(1);
  const first = new Float64Array(components);
  const second = new Float64Array(components);
  const judged = users.filter(({ relevant }) => relevant.length > 0);
  for (let iteration = 1; iteration <= ITERATIONS && judged.length > 0; iteration += 1) {
    if (iteration % 8 === 0) await setImmediate();
    signal?.throwIfAborted();
    const gradient = new Float64Array(components);
    for (const user of judged) addGradient(gradient, user, weights);
    for (let component = 0; component < components; component += 1) {
      const slope = gradient[component] / judged.length - PENALTY * weights[component];
      first[component] = FIRST_DECAY * first[component] + (1 - FIRST_DECAY) * slope;
      second[component] = SECOND_DECAY * second[component] + (1 - SECOND_DECAY) * slope * slope;
      const mean = first[component] / (1 - FIRST_DECAY ** iteration);
      const deviation = Math.sqrt(second[component] / (1 - SECOND_DECAY ** iteration));
      weights[component] = Math.max(0, weights[component] + (LEARNING_RATE * mean) / (deviation + TINY));
    }
  }
  const largest = Math.max(...weights);
  const hasLearned = judged.length > 0 && largest > 0;
  if (!hasLearned) return { weights: weights.fill(1), steepness: undefined };
  return { weights: weights.map((weight) => weight / largest), steepness: largest };
}

/** Adds the scores of what was wanted less those that the softmax expects: the gradient of one user's log-likelihood. */
function addGradient(
  gradient: Float64Array,
  { scores, relevant }: JudgedCandidates["users"][number],
  weights: Float64Array,
): void {
  const components = weights.length;
  const sums = new Float64Array(scores.length / components);
  let highest = Number.NEGATIVE_INFINITY;
  for (let place = 0; place < sums.length; place += 1) {
    for (let component = 0; component < components; component += 1) {
      sums[place] += weights[component] * scores[place * components + component];
    }
    if (sums[place] > highest) highest = sums[place];
  }
  let total = 0;
  for (let place = 0; place < sums.length; place += 1) {
    sums[place] = Math.exp(sums[place] - highest);
    total += sums[place];
  }
  for (const place of relevant) sums[place] -= total / relevant.length;
  for (let place = 0; place < sums.length; place += 1) {
    const share = sums[place] / total;
    for (let component = 0; component < components; component += 1) {
      gradient[component] -= share * scores[place * components + component];
    }
  }
}
