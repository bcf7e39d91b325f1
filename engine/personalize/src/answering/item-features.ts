import type { Interactions } from "@rondo/learn";
import type { Records } from "../records/records.ts";

/** How much each category of each column says: nothing where only one item has it, such as a name. */
export type CategoryWeights = ReadonlyMap<string, ReadonlyMap<string, CategoryWeight>>;

interface CategoryWeight {
  readonly feature: number;
  readonly weight: number;
}

/** The categories of an item by their weights, as a vector of length 1; of an item without categories empty. */
interface FeatureVector {
  readonly features: readonly number[];
  readonly weights: readonly number[];
}

/** What items of a catalogue are like, worked out when it is asked for. */
export interface ItemFeatures {
  of(item: number): FeatureVector;
}

/** Items of a history that say what a user likes; the newest. */
const PROFILE_ITEMS = 50;
/** Vectors that are kept at a time. */
const KEPT_VECTORS = 20_000;

/**
 * Weights of TF-IDF vectors (Lops, de Gemmis and Semeraro, "Content-based recommender systems", 2011, section 3.3.1) from the items of a model: once, since
 * reading all items takes long where there are many.
 */
export function weighCategories({ count, columns }: Records): CategoryWeights {
  let features = 0;
  const weights = new Map<string, ReadonlyMap<string, CategoryWeight>>();
  for (const [name, column] of Object.entries(columns)) {
    if (column.kind !== "text") continue;
    const timesOfValue = new Uint32Array(column.values.length);
    for (const code of column.codes) if (code >= 0) timesOfValue[code] += 1;
    const times = new Map<string, number>();
    for (const [code, value] of column.values.entries()) {
      for (const category of categoriesOf(value)) times.set(category, (times.get(category) ?? 0) + timesOfValue[code]);
    }
    const ofColumn = new Map<string, CategoryWeight>();
    for (const [category, items] of times) {
      if (items >= 2) ofColumn.set(category, { feature: features++, weight: Math.log1p(count / items) });
    }
    weights.set(name, ofColumn);
  }
  return weights;
}

export function openItemFeatures(weights: CategoryWeights, { columns }: Records): ItemFeatures {
  const kept = new Map<number, FeatureVector>();
  const vectorOf = (item: number): FeatureVector => {
    const categories: CategoryWeight[] = [];
    for (const [name, ofColumn] of weights) {
      const column = columns[name];
      const value = column?.kind === "text" ? column.values[column.codes[item]] : undefined;
      for (const category of value === undefined ? [] : categoriesOf(value)) {
        const known = ofColumn.get(category);
        if (known !== undefined) categories.push(known);
      }
    }
    const norm = Math.sqrt(categories.reduce((sum, { weight }) => sum + weight * weight, 0));
    return {
      features: categories.map(({ feature }) => feature),
      weights: categories.map(({ weight }) => weight / norm),
    };
  };
  return {
    of(item) {
      const known = kept.get(item);
      if (known !== undefined) return known;
      if (kept.size >= KEPT_VECTORS) kept.clear();
      const vector = vectorOf(item);
      kept.set(item, vector);
      return vector;
    },
  };
}

function categoriesOf(value: string): Iterable<string> {
  return new Set(value.split("|"));
}

/** What a user likes: the sum of the features of his newest items. */
export interface ContentProfile {
  readonly weights: ReadonlyMap<number, number>;
  readonly norm: number;
}

export function contentProfile(itemFeatures: ItemFeatures, history: Interactions | undefined): ContentProfile {
  const profile = new Map<number, number>();
  const items = history?.events.items ?? [];
  const seen = new Set<number>();
  for (let event = items.length - 1; event >= 0 && seen.size < PROFILE_ITEMS; event -= 1) {
    const item = items[event];
    if (seen.has(item)) continue;
    seen.add(item);
    const { features, weights } = itemFeatures.of(item);
    for (const [index, feature] of features.entries()) {
      profile.set(feature, (profile.get(feature) ?? 0) + weights[index]);
    }
  }
  let square = 0;
  for (const weight of profile.values()) square += weight * weight;
  return { weights: profile, norm: Math.sqrt(square) };
}

/** The cosine of an item and a profile, 0 to 1; 0 for an item or a user without categories. */
export function likeness(itemFeatures: ItemFeatures, item: number, { weights: liked, norm }: ContentProfile): number {
  if (norm === 0) return 0;
  const { features, weights } = itemFeatures.of(item);
  let product = 0;
  for (let index = 0; index < features.length; index += 1)
    product += weights[index] * (liked.get(features[index]) ?? 0);
  return product / norm;
}
