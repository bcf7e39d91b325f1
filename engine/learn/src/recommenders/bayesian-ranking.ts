import { setImmediate } from "node:timers/promises";
import { type FactorScorer, openFactorScorer, openRankingLearner, type RankingLearner, strideOf } from "@rondo/kernels";
import { createRandom, type Random } from "@rondo/statistics";
import type { EncodedModel } from "../algorithm.ts";
import { type ParameterValues, resolveParameters } from "../parameters.ts";
import type { TableFitContext } from "../table/table-algorithm.ts";
import { type Interactions, requireEvents } from "./interactions.ts";
import { requireItems } from "./item-weights.ts";
import { decodeStoredModel, encodeStoredModel } from "./model-file.ts";
import type { Recommender, Scorer } from "./recommender.ts";

export const bayesianRankingParameters = {
  factors: { type: "integer", minimum: 1, maximum: 1024, default: 64 },
  /** Passes: each draws as many pairs as there are. */
  iterations: { type: "integer", minimum: 1, maximum: 100_000, default: 100 },
  learningRate: { type: "continuous", minimum: 0, exclusiveMinimum: true, maximum: 1, default: 0.05 },
  regularization: { type: "continuous", minimum: 0, maximum: 10, default: 0.01 },
} as const;

type BayesianRankingParameters = ParameterValues<typeof bayesianRankingParameters>;

/** Factors and biases of items; a user's factors are learned from the history that is asked about. */
export interface RankingFactors {
  readonly factors: number;
  readonly learningRate: number;
  readonly regularization: number;
  /** Of each item a row of `strideOf(factors)` floats. */
  readonly itemFactors: Float32Array;
  readonly biases: Float32Array;
}

/** Draws of one call of the kernel: some 50 ms. */
const DRAWS = 100_000;
/** Draws for each item of a history from which a user's factors are learned. */
const DRAWS_OF_ITEM = 30;
/** Draws between two looks at the signal while users' factors are learned: some milliseconds. */
const DRAWS_OF_TURN = 20_000;

/**
 * BPR: factors by which what a user knows scores higher than what the user does not: Rendle, Freudenthaler, Gantner and Schmidt-Thieme, "BPR: Bayesian
 * personalized ranking from implicit feedback" (UAI 2009). One thread makes all draws, so that a seed decides the model.
 */
export const bayesianRanking: Recommender<typeof bayesianRankingParameters, RankingFactors> = {
  id: "bayesian-ranking",
  parameters: bayesianRankingParameters,
  async fit(parameters, interactions, context) {
    const resolved = resolveParameters(bayesianRankingParameters, parameters);
    requireEvents(interactions);
    context.signal?.throwIfAborted();
    const { factors, learningRate, regularization } = resolved;
    const { users, items, pairs } = interactions;
    const stride = strideOf(factors);
    const random = createRandom(context.seed);
    const learner = openRankingLearner({
      stride,
      items,
      userFactors: initial(users, factors, random),
      itemFactors: initial(items, factors, random),
      biases: new Float32Array(items),
      starts: pairs.starts,
      pairItems: pairs.columnIndexes,
      learningRate,
      regularization,
      seed: context.seed,
    });
    await learnAll(learner, pairs.columnIndexes.length, resolved, context);
    const [itemFactors, biases] = [learner.itemFactors.slice(), learner.biases.slice()];
    return { factors, learningRate, regularization, itemFactors, biases };
  },
  open: openRankingFactors,
  encode({ factors, learningRate, regularization, itemFactors, biases }) {
    const fields = { items: biases.length, factors, learningRate, regularization };
    return encodeStoredModel({ kind: "bayesian-ranking", fields, arrays: { itemFactors, biases } });
  },
  decode: decodeRankingFactors,
};

async function learnAll(
  learner: RankingLearner,
  pairs: number,
  { iterations }: BayesianRankingParameters,
  { signal, stop, onProgress }: TableFitContext,
): Promise<void> {
  const total = pairs * iterations;
  for (let done = 0; done < total && stop?.aborted !== true; ) {
    const draws = Math.min(DRAWS, total - done);
    learner.learn(draws);
    done += draws;
    onProgress?.({ fraction: done / total, iteration: Math.floor(done / pairs), metrics: [] });
    await setImmediate();
    signal?.throwIfAborted();
  }
}

/** Small numbers around zero. */
function initial(rows: number, factors: number, random: Random): Float32Array {
  const stride = strideOf(factors);
  const values = new Float32Array(rows * stride);
  for (let row = 0; row < rows; row += 1) {
    for (let factor = 0; factor < factors; factor += 1) values[row * stride + factor] = (random() - 0.5) / factors;
  }
  return values;
}

function openRankingFactors(model: RankingFactors): Scorer {
  const { biases, factors } = model;
  const items = biases.length;
  let scorer: FactorScorer | undefined;
  return {
    items,
    score(histories, user) {
      requireItems(histories, items);
      scorer ??= openFactorScorer({ rows: items, stride: strideOf(factors), values: model.itemFactors }, 1, 0);
      const scores = scorer.multiply(userFactorsOf(model, histories, user));
      for (let item = 0; item < items; item += 1) scores[item] += biases[item];
      return scores;
    },
    async prepare(histories, { signal }) {
      requireItems(histories, items);
      const stride = strideOf(factors);
      const userFactors = new Float32Array(histories.users * stride);
      let drawn = 0;
      for (let user = 0; user < histories.users; user += 1) {
        userFactors.set(userFactorsOf(model, histories, user), user * stride);
        drawn += 1 + DRAWS_OF_ITEM * (histories.pairs.starts[user + 1] - histories.pairs.starts[user]);
        if (drawn < DRAWS_OF_TURN) continue;
        drawn = 0;
        await setImmediate();
        signal?.throwIfAborted();
      }
      return { offsets: biases, scores: { kind: "factors", stride, userFactors, itemFactors: model.itemFactors } };
    },
  };
}

/** The gradient ascent of the training for one user, while the items stay as they are. */
function userFactorsOf(model: RankingFactors, { pairs }: Interactions, user: number): Float32Array {
  const { factors, learningRate, regularization, itemFactors, biases } = model;
  const stride = strideOf(factors);
  const known = pairs.columnIndexes.subarray(pairs.starts[user], pairs.starts[user + 1]);
  const isKnown = new Set(known);
  const userFactors = new Float32Array(stride);
  const random = createRandom(known.length);
  for (let draw = 0; draw < DRAWS_OF_ITEM * known.length; draw += 1) {
    const better = known[draw % known.length];
    const worse = Math.floor(random() * biases.length);
    if (isKnown.has(worse)) continue;
    let score = biases[better] - biases[worse];
    for (let factor = 0; factor < factors; factor += 1) {
      score += userFactors[factor] * (itemFactors[better * stride + factor] - itemFactors[worse * stride + factor]);
    }
    const gradient = 1 / (1 + Math.exp(score));
    for (let factor = 0; factor < factors; factor += 1) {
      const preferred = itemFactors[better * stride + factor] - itemFactors[worse * stride + factor];
      userFactors[factor] += learningRate * (gradient * preferred - regularization * userFactors[factor]);
    }
  }
  return userFactors;
}

/** More than any training gives. */
const MOST_FACTORS = 4096;

async function decodeRankingFactors(file: EncodedModel): Promise<RankingFactors> {
  const stored = await decodeStoredModel(file, "bayesian-ranking");
  const items = stored.integer("items", 1);
  const factors = stored.integer("factors", 1, MOST_FACTORS);
  return {
    factors,
    learningRate: stored.number("learningRate"),
    regularization: stored.number("regularization"),
    itemFactors: stored.floats("itemFactors", items * strideOf(factors)),
    biases: stored.floats("biases", items),
  };
}
