import { type SparseRows, scoreScalar } from "@rondo/kernels";
import { DataError, type EncodedModel } from "../algorithm.ts";
import { type HistoryWeighting, readHistoryWeighting, weighHistories } from "./history-weights.ts";
import { countUsersOfItems, type Interactions } from "./interactions.ts";
import { decodeStoredModel, encodeStoredModel } from "./model-file.ts";
import type { RankingProblem, Scorer } from "./recommender.ts";

/** The model of every algorithm that says how much one item speaks for another. */
export interface ItemWeights {
  /** items × items, positive or negative; in row i what item i of a history says of others, in no order. */
  readonly weights: SparseRows & { readonly values: Float32Array };
  readonly weighting: HistoryWeighting;
  /** Share of the users that know the item: decides among items of which the history says nothing. */
  readonly popularity: Float32Array;
}

/** So small that popularity decides only between items that a history treats alike. */
export const POPULARITY_OFFSET = 1e-6;

export function popularityShares(interactions: Interactions): Float32Array {
  return countUsersOfItems(interactions).map((count) => count / interactions.users);
}

/** Scores are sums over the history: weight of the item in the history × what it says of the other. */
export function openItemWeights({ weights, weighting, popularity }: ItemWeights): Scorer {
  const items = weights.rows;
  const offsets = popularity.map((share) => share * POPULARITY_OFFSET);
  const scores = new Float32Array(items);
  let weighed: { readonly histories: Interactions; readonly problem: RankingProblem } | undefined;
  const problemOf = (histories: Interactions): RankingProblem => {
    requireItems(histories, items);
    if (weighed?.histories !== histories) {
      const scored = { kind: "weights", histories: weighHistories(histories, weighting), weights } as const;
      weighed = { histories, problem: { offsets, scores: scored } };
    }
    return weighed.problem;
  };
  return {
    items,
    prepare: async (histories) => problemOf(histories),
    score(histories, user) {
      scoreScalar({ ...problemOf(histories), users: histories.users, items, count: 0 }, user, scores);
      return scores;
    },
  };
}

/** Throws DataError for histories of another number of items than the model knows. */
export function requireItems(histories: Interactions, items: number): void {
  if (histories.items !== items) {
    throw new DataError(`The histories have ${histories.items} items, the model ${items}.`);
  }
}

export function encodeItemWeights(kind: string, { weights, weighting, popularity }: ItemWeights): Iterable<Uint8Array> {
  const { starts, columnIndexes, values } = weights;
  const fields = { items: weights.rows, ...weighting };
  return encodeStoredModel({ kind, fields, arrays: { starts, columnIndexes, values, popularity } });
}

export async function decodeItemWeights(kind: string, file: EncodedModel): Promise<ItemWeights> {
  const stored = await decodeStoredModel(file, kind);
  const items = stored.integer("items", 1);
  const starts = stored.starts("starts", items);
  const entries = starts[items];
  const columnIndexes = stored.indexes("columnIndexes", entries, items);
  const values = stored.floats("values", entries);
  return {
    weights: { rows: items, columns: items, starts, columnIndexes, values },
    weighting: readHistoryWeighting(stored),
    popularity: stored.floats("popularity", items),
  };
}
