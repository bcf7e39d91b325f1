import { multiplySparse, type SparseProduct, transposeRows } from "@rondo/kernels";
import { ParameterError, type ParameterValues } from "../parameters.ts";
import { historyParameters } from "./history-weights.ts";
import { countUsersOfItems, type Interactions } from "./interactions.ts";
import { recommendByItemWeights } from "./item-weights-recommender.ts";

export const itemItemParameters = {
  similarity: { type: "categorical", values: ["cosine", "bm25", "jaccard", "lift"], default: "bm25" },
  /** Of each item the most similar ones that the model keeps. */
  neighbours: { type: "integer", minimum: 1, maximum: 100_000, default: 500 },
  /** How the similarity sees a pair of user and item: 1, or the sum of the weights of its events. Jaccard and lift: 1. */
  pairValues: { type: "categorical", values: ["binary", "summed"], default: "binary" },
  /** BM25: how late repetition saturates, and how much long histories count less. */
  k1: { type: "continuous", minimum: 0, maximum: 1e6, default: 1.2 },
  b: { type: "continuous", minimum: 0, maximum: 1, default: 0.2 },
  /** Lift: 0 ranks by the number of common users, 1 by correlation alone. */
  popularityDiscount: { type: "continuous", minimum: 0, maximum: 1, default: 0.5 },
  /** Pairs of items with fewer common users are dropped; binary cosine, Jaccard and lift only. */
  minimumCommonUsers: { type: "integer", minimum: 0, maximum: 1_000_000, default: 0 },
  ...historyParameters,
} as const;

type ItemItemParameters = ParameterValues<typeof itemItemParameters>;

/**
 * Items are similar that the same users know: by cosine, by BM25 weights (Robertson and Walker 1994, as the library implicit
 * applies them), by Jaccard's index, or by lift with a discount for popular items as Amazon Personalize's SIMS has it.
 */
export const itemItem = recommendByItemWeights({
  id: "item-item",
  parameters: itemItemParameters,
  learn: (values, interactions, run) => {
    requireCounts(values);
    return multiplySparse(productOf(interactions, values), run);
  },
});

function requireCounts({ similarity, pairValues, minimumCommonUsers }: ItemItemParameters): void {
  const sumsAreCounts =
    similarity === "jaccard" || similarity === "lift" || (similarity === "cosine" && pairValues === "binary");
  if (minimumCommonUsers > 0 && !sumsAreCounts) {
    throw new ParameterError(
      "minimumCommonUsers",
      `minimumCommonUsers must be 0 with similarity ${similarity} of ${pairValues} values.`,
    );
  }
}

function productOf(interactions: Interactions, parameters: ItemItemParameters): SparseProduct {
  const { similarity, neighbours, minimumCommonUsers, popularityDiscount } = parameters;
  const common = { minimum: minimumCommonUsers, keepDiagonal: false, count: neighbours, score: "scaled" } as const;
  if (similarity === "bm25") return { ...common, ...bm25Of(interactions, parameters) };
  if (similarity === "cosine" && parameters.pairValues === "summed")
    return { ...common, ...summedCosineOf(interactions) };
  const { values: _, ...right } = interactions.pairs;
  const factors = { left: transposeRows(right), right };
  const counts = countUsersOfItems(interactions);
  switch (similarity) {
    case "jaccard":
      return { ...common, ...factors, rowTerms: counts, columnTerms: counts, score: "jaccard" };
    case "lift": {
      const columnTerms = counts.map((count) => power(count, -popularityDiscount));
      return { ...common, ...factors, rowTerms: counts.map((count) => power(count, -1)), columnTerms };
    }
    case "cosine": {
      const terms = counts.map((count) => power(count, -0.5));
      return { ...common, ...factors, rowTerms: terms, columnTerms: terms };
    }
  }
}

type Factors = Pick<SparseProduct, "left" | "right" | "rowTerms" | "columnTerms">;

function summedCosineOf({ items, pairs }: Interactions): Factors {
  const squares = new Float32Array(items);
  for (const [entry, item] of pairs.columnIndexes.entries()) squares[item] += pairs.values[entry] ** 2;
  const terms = squares.map((square) => power(square, -0.5));
  return { left: transposeRows(pairs), right: pairs, rowTerms: terms, columnTerms: terms };
}

/** An entry of weight v: v (k1 + 1) ÷ (k1 (1 − b + b · length ÷ mean length) + v) · idf; items are the documents, users the terms. */
function bm25Of({ users, items, pairs }: Interactions, { k1, b, pairValues }: ItemItemParameters): Factors {
  const given = pairValues === "summed" ? pairs.values : new Float32Array(pairs.values.length).fill(1);
  const lengths = new Float32Array(items);
  for (const [entry, item] of pairs.columnIndexes.entries()) lengths[item] += given[entry];
  const meanLength = lengths.reduce((sum, length) => sum + length, 0) / items;
  const saturations = lengths.map((length) => k1 * (1 - b + (b * length) / meanLength));
  const weightOf = (value: number, item: number): number => (value * (k1 + 1)) / (saturations[item] + value);
  const idfOf = (user: number): number =>
    Math.max(0, Math.log(items) - Math.log1p(pairs.starts[user + 1] - pairs.starts[user]));
  const values = new Float32Array(given.length);
  // With binary values an item's entries differ by idf alone, so that the product needs to multiply only once for each user.
  const isBinary = pairValues === "binary";
  for (let user = 0; user < users; user += 1) {
    const idf = idfOf(user);
    for (let entry = pairs.starts[user]; entry < pairs.starts[user + 1]; entry += 1) {
      values[entry] = isBinary ? idf * idf : idf * weightOf(given[entry], pairs.columnIndexes[entry]);
    }
  }
  const weighted = { ...pairs, values };
  const { values: _, ...ones } = pairs;
  const terms = saturations.map((_saturation, item) => (isBinary ? weightOf(1, item) : 1));
  return { left: transposeRows(weighted), right: isBinary ? ones : weighted, rowTerms: terms, columnTerms: terms };
}

/** 0 for an item that nobody knows. */
function power(count: number, exponent: number): number {
  return count === 0 ? 0 : count ** exponent;
}
