import type { KernelRun, SparseRows } from "@rondo/kernels";
import type { EncodedModel } from "../algorithm.ts";
import type { ParameterTable, ParameterValues } from "../parameters.ts";
import type { TableFitContext } from "../table/table-algorithm.ts";
import type { Interactions } from "./interactions.ts";

/**
 * An algorithm that learns from interactions which items suit whom: functions over plain data. A model says something about
 * histories, not about users that it has seen: who comes with new events, or is new, gets recommendations at once.
 */
export interface Recommender<Parameters extends ParameterTable, Model> {
  /** `implicit-als`: the name in benchmarks and messages. */
  readonly id: string;
  readonly parameters: Parameters;
  /** Throws ParameterError before anything else, DataError for interactions that cannot be learned from. */
  fit(
    parameters: Partial<ParameterValues<Parameters>>,
    interactions: Interactions,
    context: TableFitContext,
  ): Promise<Model>;
  /** Prepares the model for scoring. */
  open(model: Model): Scorer;
  /** The model's file, in pieces. */
  encode(model: Model): Iterable<Uint8Array>;
  /** Throws FormatError for bytes that are no such model. */
  decode(file: EncodedModel): Promise<Model>;
}

/** Says how well every item suits what a user did. */
export interface Scorer {
  readonly items: number;
  /**
   * A score for each item, higher is better, never NaN; the array is overwritten by the next call. The histories have as
   * many items as the model; throws DataError for others.
   */
  score(histories: Interactions, user: number): Float32Array;
  /** Present where many users can be ranked by a kernel on several threads. */
  readonly prepare?: (histories: Interactions, run: KernelRun) => Promise<RankingProblem>;
}

/** Scores as a kernel computes them: the sum over a history of weights between items, or a product of factors. */
export interface RankingProblem {
  /** Added to every score; of each item. */
  readonly offsets?: Float32Array;
  readonly scores:
    | { readonly kind: "weights"; readonly histories: SparseRows; readonly weights: SparseRows }
    | {
        readonly kind: "factors";
        /** Of each user and each item a row of `stride` floats, a multiple of 4. */
        readonly stride: number;
        readonly userFactors: Float32Array;
        readonly itemFactors: Float32Array;
      };
}
