import { regressColumns } from "@rondo/kernels";
import { DataError } from "../algorithm.ts";
import { historyParameters } from "./history-weights.ts";
import { recommendByItemWeights } from "./item-weights-recommender.ts";

export const easeParameters = {
  /** λ: the larger, the more users two items must have in common to say something of each other. */
  penalty: { type: "continuous", minimum: 0, exclusiveMinimum: true, maximum: 1e9, default: 250 },
  /** Of each item the weights that the model keeps, the largest without sign. */
  neighbours: { type: "integer", minimum: 1, maximum: 100_000, default: 1000 },
  ...historyParameters,
} as const;

/** More items need more memory for their matrix than a kernel can address. */
const MOST_ITEMS = 30_000;

/**
 * EASE: every item is predicted from all others by a ridge regression with a closed solution: Steck, "Embarrassingly
 * shallow autoencoders for sparse data" (WWW 2019). Of the items × items matrix only the largest weights are kept.
 */
export const ease = recommendByItemWeights({
  id: "ease",
  parameters: easeParameters,
  async learn({ penalty, neighbours }, { items, pairs }, run) {
    if (items > MOST_ITEMS) {
      throw new DataError(
        `EASE takes up to ${MOST_ITEMS} items, not ${items}; item-item, rp3-beta and implicit-als take more.`,
      );
    }
    const { values: _, ...rows } = pairs;
    return await regressColumns({ rows, penalty, count: neighbours }, run);
  },
});
