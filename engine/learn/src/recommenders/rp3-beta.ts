import { multiplySparse, transposeRows } from "@rondo/kernels";
import { historyParameters } from "./history-weights.ts";
import { countUsersOfItems } from "./interactions.ts";
import { recommendByItemWeights } from "./item-weights-recommender.ts";

export const rp3BetaParameters = {
  /** Power of the probability of each step. */
  alpha: { type: "continuous", minimum: 0, maximum: 3, default: 0.6 },
  /** Power of an item's popularity by which its score is divided. */
  beta: { type: "continuous", minimum: 0, maximum: 3, default: 0.3 },
  /** Of each item the most likely ones that the model keeps. */
  neighbours: { type: "integer", minimum: 1, maximum: 100_000, default: 500 },
  ...historyParameters,
} as const;

/**
 * RP3beta: a random walk of three steps over the graph of users and items, user → item → user → item, re-ranked by popularity: Paudel,
 * Christoffel, Newell and Bernstein, "Updatable, accurate, diverse, and scalable recommendations for interactive
 * applications" (ACM TiiS 7, 2016), equation 6, the steps raised to alpha as in P3alpha (Cooper et al. 2014).
 */
export const rp3Beta = recommendByItemWeights({
  id: "rp3-beta",
  parameters: rp3BetaParameters,
  learn({ alpha, beta, neighbours }, interactions, run) {
    const { pairs } = interactions;
    const { values: _, ...right } = pairs;
    const steps = new Float32Array(pairs.values.length);
    for (let user = 0; user < pairs.rows; user += 1) {
      const [first, end] = [pairs.starts[user], pairs.starts[user + 1]];
      steps.fill((end - first) ** -alpha, first, end);
    }
    const counts = countUsersOfItems(interactions);
    const termsOf = (exponent: number): Float32Array => counts.map((count) => (count === 0 ? 0 : count ** exponent));
    const product = {
      left: transposeRows({ ...pairs, values: steps }),
      right,
      rowTerms: termsOf(-alpha),
      columnTerms: termsOf(-beta),
      score: "scaled",
      minimum: 0,
      keepDiagonal: false,
      count: neighbours,
    } as const;
    return multiplySparse(product, run);
  },
});
