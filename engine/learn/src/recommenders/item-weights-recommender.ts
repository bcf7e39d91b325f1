import type { KernelRun, SparseRows } from "@rondo/kernels";
import { type ParameterTable, type ParameterValues, resolveParameters } from "../parameters.ts";
import type { HistoryWeighting, historyParameters } from "./history-weights.ts";
import { type Interactions, requireEvents } from "./interactions.ts";
import {
  decodeItemWeights,
  encodeItemWeights,
  type ItemWeights,
  openItemWeights,
  popularityShares,
} from "./item-weights.ts";
import type { Recommender } from "./recommender.ts";

export interface ItemWeightsAlgorithm<Parameters extends ParameterTable> {
  readonly id: string;
  readonly parameters: Parameters;
  /** What each item says of others: items × items. Throws DataError and ParameterError. */
  learn(values: ParameterValues<Parameters>, interactions: Interactions, run: KernelRun): Promise<SparseRows>;
}

/** The recommender whose model is how much one item speaks for another, however that is learned. */
export function recommendByItemWeights<
  Parameters extends ParameterTable & Record<keyof typeof historyParameters, unknown>,
>({ id, parameters, learn }: ItemWeightsAlgorithm<Parameters>): Recommender<Parameters, ItemWeights> {
  return {
    id,
    parameters,
    async fit(given, interactions, { threads, signal }) {
      const values = resolveParameters(parameters, given);
      requireEvents(interactions);
      signal?.throwIfAborted();
      const weights = await learn(values, interactions, { threads, ...(signal && { signal }) });
      // A table of parameters that is not known here hides what those of histories are.
      const { historyValues, halfLifeItems, halfLifeDays } = values as unknown as HistoryWeighting;
      return {
        weights: { ...weights, values: weights.values ?? new Float32Array(0) },
        weighting: { historyValues, halfLifeItems, halfLifeDays },
        popularity: popularityShares(interactions),
      };
    },
    open: openItemWeights,
    encode: (model) => encodeItemWeights(id, model),
    decode: (file) => decodeItemWeights(id, file),
  };
}
