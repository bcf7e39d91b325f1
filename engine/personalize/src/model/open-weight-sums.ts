import { type Interactions, type ItemWeights, type Scorer, weighHistories } from "@rondo/learn";

/** The scores of a component of a blend. */
export interface PartScorer extends Scorer {
  /** The quick way, where most scores are 0. */
  readonly add?: AddScores;
  /** By how much the order of items of which nothing is said is better than chance: far less than any score. */
  readonly popularityOffsets?: Float32Array;
}

/**
 * Adds weight × scores to the sums, on the scale of the highest score of the items that are not known (or of the size of the lowest where none is above
 * 0); known ones are added as well.
 */
export type AddScores = (sums: Float32Array, request: PartRequest) => void;

export interface PartRequest {
  readonly histories: Interactions;
  readonly user: number;
  readonly weight: number;
  /** Items that have no say in the scale. */
  readonly known: Uint32Array;
}

/** As scorers of weights have it. */
const POPULARITY_OFFSET = 1e-6;
const TOUCHED = 1;
const KNOWN = 2;

/** The scorer of an algorithm of weights with the quick way. */
export function openWeights(scorer: Scorer, model: ItemWeights): PartScorer {
  const popularityOffsets = model.popularity.map((share) => share * POPULARITY_OFFSET);
  return { ...scorer, popularityOffsets, add: openWeightSums(model) };
}

/**
 * Sums over a history that look only at the items of which it says something, some thousands of a large catalogue. Without the popularity by which
 * scorers of weights order the others: a blend has that once, from `popularityOffsets`.
 */
function openWeightSums({ weights, weighting }: Pick<ItemWeights, "weights" | "weighting">): AddScores {
  const { rows: items, starts, columnIndexes, values } = weights;
  const partial = new Float32Array(items);
  const states = new Uint8Array(items);
  const touched = new Uint32Array(items);
  let weighed: { readonly histories: Interactions; readonly rows: ReturnType<typeof weighHistories> } | undefined;
  return (sums, { histories, user, weight, known }) => {
    if (weighed?.histories !== histories) weighed = { histories, rows: weighHistories(histories, weighting) };
    const { rows } = weighed;
    for (const item of known) states[item] = KNOWN;
    let count = 0;
    for (let pair = rows.starts[user]; pair < rows.starts[user + 1]; pair += 1) {
      const source = rows.columnIndexes[pair];
      const voice = rows.values?.[pair] ?? 1;
      const end = starts[source + 1];
      for (let entry = starts[source]; entry < end; entry += 1) {
        const item = columnIndexes[entry];
        if ((states[item] & TOUCHED) === 0) {
          states[item] |= TOUCHED;
          touched[count] = item;
          count += 1;
        }
        partial[item] += voice * values[entry];
      }
    }
    const factor = weight * scaleOf(partial, touched.subarray(0, count), states);
    for (let place = 0; place < count; place += 1) {
      const item = touched[place];
      sums[item] += factor * partial[item];
      partial[item] = 0;
      states[item] = 0;
    }
    for (const item of known) states[item] = 0;
  };
}

function scaleOf(partial: Float32Array, touched: Uint32Array, states: Uint8Array): number {
  let highest = 0;
  let lowest = 0;
  for (const item of touched) {
    const score = partial[item];
    if (states[item] === TOUCHED) {
      if (score > highest) highest = score;
      else if (score < lowest) lowest = score;
    }
  }
  const size = highest > 0 ? highest : -lowest;
  return size > 0 ? 1 / size : 0;
}
