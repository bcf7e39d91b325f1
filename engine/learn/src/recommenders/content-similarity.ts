import { type KernelRun, multiplySparse, type SparseRows, transposeRows } from "@rondo/kernels";
import { DataError } from "../algorithm.ts";
import { historyParameters } from "./history-weights.ts";
import { countUsersOfItems, type Interactions } from "./interactions.ts";
import { recommendByItemWeights } from "./item-weights-recommender.ts";

export const contentSimilarityParameters = {
  /** Of each item the most similar ones that the model keeps. */
  neighbours: { type: "integer", minimum: 1, maximum: 100_000, default: 200 },
  /**
   * Reach from an item of a history over the items that the same users know to those that are like them: what nobody knows yet is
   * recommended for what its like is known together with. Otherwise only what is like the items of the history.
   */
  collaborative: { type: "boolean", default: true },
  ...historyParameters,
} as const;

/**
 * Items are alike that have the same features: the cosine of their TF-IDF vectors (Lops, de Gemmis and Semeraro, "Content-based recommender
 * systems", 2011, section 3.3.1), mapped into the space of what users know together. For items that are new.
 */
export const contentSimilarity = recommendByItemWeights({
  id: "content-similarity",
  parameters: contentSimilarityParameters,
  async learn({ neighbours, collaborative }, interactions, run) {
    const alike = await similarByFeatures(requireFeatures(interactions), neighbours, run);
    if (!collaborative) return alike;
    return await reachOver(await knownTogether(interactions, neighbours, run), alike, neighbours, run);
  },
});

function requireFeatures({ items, itemFeatures }: Interactions): SparseRows {
  if (itemFeatures === undefined) throw new DataError("content-similarity needs features of the items.");
  if (itemFeatures.rows !== items) {
    throw new DataError(`There are features of ${itemFeatures.rows} items, but ${items} items.`);
  }
  if (itemFeatures.values?.some((value) => !(value > 0 && Number.isFinite(value))) === true) {
    throw new DataError("The features of an item must have values above 0; leave out those that it does not have.");
  }
  const beyond = itemFeatures.columnIndexes.find((feature) => feature >= itemFeatures.columns);
  if (beyond !== undefined) throw new DataError(`An item has feature ${beyond} of ${itemFeatures.columns}.`);
  return itemFeatures;
}

/** Cosine of TF-IDF vectors; a feature that every item has says nothing. */
async function similarByFeatures(features: SparseRows, neighbours: number, run: KernelRun): Promise<SparseRows> {
  const { rows: items, starts, columnIndexes } = features;
  const frequencies = new Float32Array(features.columns);
  for (const feature of columnIndexes) frequencies[feature] += 1;
  // Never quite 0, since the sums of a product are positive.
  const weightOf = (feature: number): number => Math.log1p(items / frequencies[feature]) - Math.LN2 + 1e-6;
  const values = Float32Array.from(
    columnIndexes,
    (feature, entry) => (features.values?.[entry] ?? 1) * weightOf(feature),
  );
  const terms = Float32Array.from({ length: items }, (_, item) => {
    let square = 0;
    for (let entry = starts[item]; entry < starts[item + 1]; entry += 1) square += values[entry] ** 2;
    return square === 0 ? 0 : 1 / Math.sqrt(square);
  });
  const left = { ...features, values };
  const fixed = { score: "scaled", minimum: 0, keepDiagonal: true, count: neighbours + 1 } as const;
  return await multiplySparse({ left, right: transposeRows(left), rowTerms: terms, columnTerms: terms, ...fixed }, run);
}

/** Cosine of the users who know two items; an item is known together with itself. */
async function knownTogether(interactions: Interactions, neighbours: number, run: KernelRun): Promise<SparseRows> {
  const { values: _, ...right } = interactions.pairs;
  const terms = countUsersOfItems(interactions).map((count) => (count === 0 ? 0 : 1 / Math.sqrt(count)));
  const fixed = { score: "scaled", minimum: 0, keepDiagonal: true, count: neighbours + 1 } as const;
  return await multiplySparse(
    { left: transposeRows(right), right, rowTerms: terms, columnTerms: terms, ...fixed },
    run,
  );
}

async function reachOver(left: SparseRows, right: SparseRows, count: number, run: KernelRun): Promise<SparseRows> {
  const ones = new Float32Array(right.columns).fill(1);
  const fixed = { score: "scaled", minimum: 0, keepDiagonal: false, count } as const;
  return await multiplySparse({ left, right, rowTerms: ones, columnTerms: ones, ...fixed }, run);
}
