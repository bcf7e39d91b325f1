import { type FactorRows, type FactorSolver, openFactorSolver } from "@rondo/kernels";
import { createRandom, type Random } from "@rondo/statistics";
import { type ParameterValues, resolveParameters } from "../parameters.ts";
import type { TableFitContext } from "../table/table-algorithm.ts";
import { historyParameters, weighHistories } from "./history-weights.ts";
import { type Interactions, requireEvents } from "./interactions.ts";
import {
  decodeItemFactors,
  encodeItemFactors,
  type ItemFactors,
  openItemFactors,
  type PenaltyScale,
  penaltiesOf,
  sum,
} from "./item-factors.ts";
import { popularityShares } from "./item-weights.ts";
import type { Recommender } from "./recommender.ts";

export const implicitAlsParameters = {
  factors: { type: "integer", minimum: 1, maximum: 1024, default: 64 },
  iterations: { type: "integer", minimum: 1, maximum: 10_000, default: 15 },
  /** What a pair that occurs is more sure than one that does not: confidence 1 + alpha × weight. */
  alpha: { type: "continuous", minimum: 0, maximum: 1e6, default: 40 },
  regularization: { type: "continuous", minimum: 0, exclusiveMinimum: true, maximum: 1e6, default: 1 },
  /** 0: the same penalty for all. 1: in proportion to how much is known of a user or an item; around the same mean. */
  frequencyExponent: { type: "continuous", minimum: 0, maximum: 2, default: 0 },
  solver: { type: "categorical", values: ["conjugate-gradient", "cholesky"], default: "conjugate-gradient" },
  /** Of conjugate gradients, in each half of an iteration. */
  steps: { type: "integer", minimum: 1, maximum: 100, default: 3 },
  ...historyParameters,
} as const;

type ImplicitAlsParameters = ParameterValues<typeof implicitAlsParameters>;

/**
 * Alternating least squares over implicit feedback: Hu, Koren and Volinsky, "Collaborative filtering for implicit feedback datasets" (ICDM
 * 2008); conjugate gradients: Takács, Pilászy and Tikk, "Applications of the conjugate gradient method for implicit feedback
 * collaborative filtering" (RecSys 2011); penalties by frequency: Rendle, Krichene, Zhang and Koren, "Revisiting the
 * performance of iALS on item recommendation benchmarks" (2021), section 3.3.
 */
export const implicitAls: Recommender<typeof implicitAlsParameters, ItemFactors> = {
  id: "implicit-als",
  parameters: implicitAlsParameters,
  async fit(parameters, interactions, context) {
    const resolved = resolveParameters(implicitAlsParameters, parameters);
    requireEvents(interactions);
    context.signal?.throwIfAborted();
    const { factors, alpha, solver, steps, historyValues, halfLifeItems, halfLifeDays } = resolved;
    const weighting = { historyValues, halfLifeItems, halfLifeDays };
    const { values = new Float32Array(0), ...pairs } = weighHistories(interactions, weighting);
    const byUser = { ...pairs, values: values.map((value) => alpha * value) };
    const penalties = userPenaltyScale(resolved, interactions, byUser.values);
    const problem = {
      byUser,
      factors,
      userPenalties: penaltiesOf(penalties, byUser.starts, byUser.values),
      itemPenalties: itemPenalties(resolved, interactions, byUser.values),
      solver,
      steps,
    };
    using team = openFactorSolver(problem, context);
    await alternate(team, resolved, context);
    const itemFactors = team.items.values.slice();
    return { factors, itemFactors, alpha, penalties, weighting, popularity: popularityShares(interactions) };
  },
  open: openItemFactors,
  encode: (model) => encodeItemFactors("implicit-als", model),
  decode: (file) => decodeItemFactors("implicit-als", file),
};

async function alternate(
  team: FactorSolver,
  { factors, iterations }: ImplicitAlsParameters,
  { seed, signal, stop, onProgress }: TableFitContext,
): Promise<void> {
  const random = createRandom(seed);
  initialise(team.users, factors, random);
  initialise(team.items, factors, random);
  const ending = AbortSignal.any([signal, stop].filter((given) => given !== undefined));
  for (let iteration = 1; iteration <= iterations; iteration += 1) {
    try {
      await team.solveUsers(ending);
      await team.solveItems(ending);
    } catch (error) {
      signal?.throwIfAborted();
      // Stopped in the middle of an iteration, some rows are one step ahead of the others: each is a solution for what it was given.
      if (stop?.aborted === true) return;
      throw error;
    }
    onProgress?.({ fraction: iteration / iterations, iteration, metrics: [] });
    if (stop?.aborted === true) return;
  }
}

/** Small numbers around zero. */
function initialise({ rows, stride, values }: FactorRows, factors: number, random: Random): void {
  const scale = 0.2 / Math.sqrt(factors);
  for (let row = 0; row < rows; row += 1) {
    for (let factor = 0; factor < factors; factor += 1) values[row * stride + factor] = (random() - 0.5) * scale;
  }
}

function userPenaltyScale(
  { regularization, frequencyExponent }: ImplicitAlsParameters,
  { users, items }: Interactions,
  confidences: Float32Array,
): PenaltyScale {
  return { regularization, exponent: frequencyExponent, width: items, mean: sum(confidences) / users + items };
}

function itemPenalties(
  { regularization, frequencyExponent }: ImplicitAlsParameters,
  { users, items, pairs }: Interactions,
  confidences: Float32Array,
): Float32Array {
  const known = new Float32Array(items);
  for (const [entry, item] of pairs.columnIndexes.entries()) known[item] += confidences[entry];
  const mean = sum(confidences) / items + users;
  return known.map((confidence) => regularization * ((confidence + users) / mean) ** frequencyExponent);
}
