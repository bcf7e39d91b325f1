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
  const touched = new Uint32Array(items + 1);
  let weighed: { readonly histories: Interactions; readonly rows: ReturnType<typeof weighHistories> } | undefined;
  return (sums, { histories, user, weight, known }) => {
    if (weighed?.histories !== histories) weighed = { histories, rows: weighHistories(histories, weighting) };
    const { rows } = weighed;
    let count = 0;
    for (let pair = rows.starts[user]; pair < rows.starts[user + 1]; pair += 1) {
      const source = rows.columnIndexes[pair];
      const voice = rows.values?.[pair] ?? 1;
      const end = starts[source + 1];
      for (let entry = starts[source]; entry < end; entry += 1) {
        const item = columnIndexes[entry];
        const before = partial[item];
        // Written in any case and counted where it is the first: a branch would be guessed wrong half of the time. Where sums of opposite signs come to 0 an item
        // stands there twice, which adds nothing the second time.
        touched[count] = item;
        count += before === 0 ? 1 : 0;
        partial[item] = before + voice * values[entry];
      }
    }
    const spoken = count > items ? Uint32Array.from(partial.keys()) : touched.subarray(0, count);
    const factor = weight * scaleOf(partial, spoken, known);
    for (let place = 0; place < spoken.length; place += 1) {
      const item = spoken[place];
      sums[item] += factor * partial[item];
      partial[item] = 0;
    }
  };
}

/** 1 ÷ the highest of the items that are not known, or ÷ the size of the lowest where none is above 0; 0 where all are 0. */
function scaleOf(partial: Float32Array, touched: Uint32Array, known: Uint32Array): number {
  const ofKnown = Float32Array.from(known, (item) => partial[item]);
  for (const item of known) partial[item] = 0;
  let highest = 0;
  let lowest = 0;
  for (let place = 0; place < touched.length; place += 1) {
    const score = partial[touched[place]];
    if (score > highest) highest = score;
    else if (score < lowest) lowest = score;
  }
  for (const [place, item] of known.entries()) partial[item] = ofKnown[place];
  const size = highest > 0 ? highest : -lowest;
  return size > 0 ? 1 / size : 0;
}
