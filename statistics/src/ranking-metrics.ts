/** A list that was recommended, judged by what was wanted. */
export interface JudgedRanking {
  /** In the order of the list: whether the item was wanted. */
  readonly hits: readonly boolean[];
  /** How many items were wanted, in the list or not; at least 1. */
  readonly relevant: number;
}

export interface RankingMetrics {
  /** 1 when any of the first k was wanted. */
  readonly hitRate: number;
  /** Wanted ones among the first k ÷ k. */
  readonly precision: number;
  /** Wanted ones among the first k ÷ all wanted ones. */
  readonly recall: number;
  /** See `discountedCumulativeGain`, with a gain of 1, ÷ that of the best list possible. */
  readonly normalizedDiscountedCumulativeGain: number;
  /** 1 ÷ the place of the first wanted one; 0 when none is among the first k. */
  readonly reciprocalRank: number;
  /** Mean precision at the places of the wanted ones, over as many as fit among the first k. */
  readonly averagePrecision: number;
}

/**
 * The metrics of one list at a cut-off of `k`; averaged over users they are hit rate, precision, recall, NDCG, MRR and MAP at k. Manning, Raghavan and
 * Schütze, "Introduction to Information Retrieval" (2008), chapter 8. Throws RangeError when nothing was wanted: such a user
 * says nothing of a list.
 */
export function rankingMetrics({ hits, relevant }: JudgedRanking, k: number): RankingMetrics {
  if (!(relevant >= 1) || !(k >= 1)) throw new RangeError(`${relevant} relevant items, cut-off ${k}`);
  let found = 0;
  let first = 0;
  let precisions = 0;
  let gain = 0;
  for (let place = 1; place <= Math.min(k, hits.length); place++) {
    if (hits[place - 1] !== true) continue;
    found++;
    if (first === 0) first = place;
    precisions += found / place;
    gain += discount(place);
  }
  const possible = Math.min(k, relevant);
  return {
    hitRate: found > 0 ? 1 : 0,
    precision: found / k,
    recall: found / relevant,
    normalizedDiscountedCumulativeGain: gain / idealGain(possible),
    reciprocalRank: first === 0 ? 0 : 1 / first,
    averagePrecision: precisions / possible,
  };
}

/**
 * Σ gain ÷ log₂(1 + place): Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques" (2002), in the form
 * in which the first place is discounted by 1 and the second already by log₂ 3.
 */
export function discountedCumulativeGain(gains: readonly number[]): number {
  return gains.reduce((sum, gain, index) => sum + gain * discount(index + 1), 0);
}

/** How much of the catalogue is ever recommended: distinct items of all lists ÷ items. */
export function catalogueCoverage(lists: Iterable<Iterable<number>>, items: number): number {
  const shown = new Set<number>();
  for (const list of lists) for (const item of list) shown.add(item);
  return shown.size / items;
}

function discount(place: number): number {
  return 1 / Math.log2(place + 1);
}

function idealGain(places: number): number {
  let gain = 0;
  for (let place = 1; place <= places; place++) gain += discount(place);
  return gain;
}
