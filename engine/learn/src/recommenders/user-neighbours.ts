import { type SparseRows, topItems, transposeRows } from "@rondo/kernels";
import type { EncodedModel } from "../algorithm.ts";
import { resolveParameters } from "../parameters.ts";
import { type HistoryWeighting, historyParameters, readHistoryWeighting, weighHistories } from "./history-weights.ts";
import { type Interactions, requireEvents } from "./interactions.ts";
import { POPULARITY_OFFSET, popularityShares, requireItems } from "./item-weights.ts";
import { decodeStoredModel, encodeStoredModel } from "./model-file.ts";
import type { Recommender, Scorer } from "./recommender.ts";

export const userNeighboursParameters = {
  /** The most similar users who vote. */
  neighbours: { type: "integer", minimum: 1, maximum: 100_000, default: 100 },
  ...historyParameters,
} as const;

/** The histories that were trained on, to look for similar users in. */
export interface UserNeighbours {
  readonly neighbours: number;
  /** users × items, weighed. */
  readonly histories: SparseRows & { readonly values: Float32Array };
  readonly weighting: HistoryWeighting;
  readonly popularity: Float32Array;
}

/** UserKNN: the users whose histories are most similar by cosine vote for what they know, with their similarity. */
export const userNeighbours: Recommender<typeof userNeighboursParameters, UserNeighbours> = {
  id: "user-neighbours",
  parameters: userNeighboursParameters,
  async fit(parameters, interactions, { signal }) {
    const { neighbours, ...weighting } = resolveParameters(userNeighboursParameters, parameters);
    requireEvents(interactions);
    signal?.throwIfAborted();
    const { values = new Float32Array(0), ...pairs } = weighHistories(interactions, weighting);
    return { neighbours, histories: { ...pairs, values }, weighting, popularity: popularityShares(interactions) };
  },
  open: openUserNeighbours,
  encode({ neighbours, histories, weighting, popularity }) {
    const { rows: users, columns: items, starts, columnIndexes, values } = histories;
    const fields = { users, items, neighbours, ...weighting };
    return encodeStoredModel({
      kind: "user-neighbours",
      fields,
      arrays: { starts, columnIndexes, values, popularity },
    });
  },
  decode: decodeUserNeighbours,
};

async function decodeUserNeighbours(file: EncodedModel): Promise<UserNeighbours> {
  const stored = await decodeStoredModel(file, "user-neighbours");
  const [users, items] = [stored.integer("users", 1), stored.integer("items", 1)];
  const starts = stored.starts("starts", users);
  const columnIndexes = stored.indexes("columnIndexes", starts[users], items);
  const values = stored.floats("values", starts[users]);
  return {
    neighbours: stored.integer("neighbours", 1),
    histories: { rows: users, columns: items, starts, columnIndexes, values },
    weighting: readHistoryWeighting(stored),
    popularity: stored.floats("popularity", items),
  };
}

function openUserNeighbours({ neighbours, histories: trained, weighting, popularity }: UserNeighbours): Scorer {
  const items = popularity.length;
  const scores = new Float32Array(items);
  const byItem = transposeRows(trained);
  const knownBy = byItem.values ?? new Float32Array(0);
  const inverseNorms = inverseNormsOf(trained);
  const similarities = new Float32Array(trained.rows);
  let weighed: { readonly histories: Interactions; readonly rows: SparseRows } | undefined;
  const rowsOf = (histories: Interactions): SparseRows => {
    requireItems(histories, items);
    if (weighed?.histories !== histories) weighed = { histories, rows: weighHistories(histories, weighting) };
    return weighed.rows;
  };
  return {
    items,
    score(histories, user) {
      const { starts, columnIndexes, values = new Float32Array(0) } = rowsOf(histories);
      similarities.fill(0);
      for (let entry = starts[user]; entry < starts[user + 1]; entry += 1) {
        const item = columnIndexes[entry];
        for (let other = byItem.starts[item]; other < byItem.starts[item + 1]; other += 1) {
          similarities[byItem.columnIndexes[other]] += values[entry] * knownBy[other];
        }
      }
      for (let other = 0; other < similarities.length; other += 1) {
        // Who has nothing in common with the user has no vote.
        similarities[other] =
          similarities[other] > 0 ? similarities[other] * inverseNorms[other] : Number.NEGATIVE_INFINITY;
      }
      const nearest = topItems(similarities, { count: neighbours });
      for (let item = 0; item < items; item += 1) scores[item] = popularity[item] * POPULARITY_OFFSET;
      for (const [index, other] of nearest.items.entries()) {
        const similarity = nearest.scores[index];
        for (let entry = trained.starts[other]; entry < trained.starts[other + 1]; entry += 1) {
          scores[trained.columnIndexes[entry]] += similarity * trained.values[entry];
        }
      }
      return scores;
    },
  };
}

/** The norm of the history that is asked about is left out: it is the same for all neighbours. */
function inverseNormsOf({ rows, starts, values }: UserNeighbours["histories"]): Float32Array {
  return Float32Array.from({ length: rows }, (_, row) => {
    let square = 0;
    for (let entry = starts[row]; entry < starts[row + 1]; entry += 1) square += values[entry] ** 2;
    return square === 0 ? 0 : 1 / Math.sqrt(square);
  });
}
