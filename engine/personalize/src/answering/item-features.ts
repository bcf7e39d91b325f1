import type { SparseRows } from "@rondo/kernels";
import type { Interactions } from "@rondo/learn";
import type { Records } from "../records/records.ts";

/** The categories of the items by their weight: rows of length 1, for cosines. */
export type ItemFeatures = SparseRows & { readonly values: Float32Array };

/** Items of a history that say what a user likes; the newest. */
const PROFILE_ITEMS = 50;

/**
 * What items are like, as TF-IDF vectors of their categories (Lops, de Gemmis and Semeraro, "Content-based recommender systems", 2011, section 3.3.1).
 * A category that only one item has, such as a name, likens it to nothing and is left out.
 */
export function featuresOf({ count, columns }: Records): ItemFeatures {
  const featuresOfItems: number[][] = Array.from({ length: count }, () => []);
  let features = 0;
  for (const column of Object.values(columns)) {
    if (column.kind !== "text") continue;
    const places = new Map<string, number>();
    const ofValues = column.values.map((value) =>
      value.split("|").map((category) => {
        const place = places.get(category) ?? features++;
        places.set(category, place);
        return place;
      }),
    );
    for (let item = 0; item < count; item += 1) {
      const code = column.codes[item];
      if (code >= 0) featuresOfItems[item].push(...ofValues[code]);
    }
  }
  return weigh(featuresOfItems, features);
}

function weigh(featuresOfItems: readonly number[][], features: number): ItemFeatures {
  const frequencies = new Float64Array(features);
  for (const row of featuresOfItems) for (const feature of row) frequencies[feature] += 1;
  const starts = new Uint32Array(featuresOfItems.length + 1);
  const columnIndexes: number[] = [];
  const values: number[] = [];
  for (const [item, row] of featuresOfItems.entries()) {
    const first = columnIndexes.length;
    let square = 0;
    for (const feature of new Set(row)) {
      if (frequencies[feature] < 2) continue;
      const weight = Math.log1p(featuresOfItems.length / frequencies[feature]);
      columnIndexes.push(feature);
      values.push(weight);
      square += weight * weight;
    }
    const norm = Math.sqrt(square);
    for (let entry = first; entry < values.length; entry += 1) values[entry] /= norm;
    starts[item + 1] = columnIndexes.length;
  }
  return {
    rows: featuresOfItems.length,
    columns: features,
    starts,
    columnIndexes: Uint32Array.from(columnIndexes),
    values: Float32Array.from(values),
  };
}

/** What a user likes: the sum of the features of his newest items. */
export type ContentProfile = ReadonlyMap<number, number>;

export function contentProfile({ starts, columnIndexes, values }: ItemFeatures, history: Interactions): ContentProfile {
  const profile = new Map<number, number>();
  const { items } = history.events;
  const seen = new Set<number>();
  for (let event = items.length - 1; event >= 0 && seen.size < PROFILE_ITEMS; event -= 1) {
    const item = items[event];
    if (seen.has(item)) continue;
    seen.add(item);
    for (let entry = starts[item]; entry < starts[item + 1]; entry += 1) {
      const feature = columnIndexes[entry];
      profile.set(feature, (profile.get(feature) ?? 0) + values[entry]);
    }
  }
  return profile;
}

/** The cosine of an item and a profile, 0 to 1; 0 for an item or a user without categories. */
export function likeness(
  { starts, columnIndexes, values }: ItemFeatures,
  item: number,
  profile: ContentProfile,
): number {
  if (profile.size === 0) return 0;
  let product = 0;
  for (let entry = starts[item]; entry < starts[item + 1]; entry += 1) {
    product += values[entry] * (profile.get(columnIndexes[entry]) ?? 0);
  }
  let square = 0;
  for (const value of profile.values()) square += value * value;
  return product / Math.sqrt(square);
}
