import { createRandom, type MeanInterval, meanInterval, rankingMetrics } from "@rondo/statistics";
import type { Figure } from "./learning-bench.ts";
import type { RecommendationSet } from "./recommenders-sets.ts";

const CUTOFF = 10;
const SEED = 1;

/** `new`: items that the user had in training neither count nor are recommended. */
export type Mode = "new" | "any";

/** What NDCG@10 and hit rate are to reach. */
export interface Goals {
  readonly ndcg: number;
  readonly hitRate?: number;
}

/** Means over the users to whom something came that they could be recommended, with bootstrap intervals over them. */
export function judgeLists(
  { train, wanted }: RecommendationSet,
  mode: Mode,
  lists: readonly (readonly number[])[],
  goals?: Goals,
): Record<string, Figure> {
  const { starts, columnIndexes } = train.pairs;
  const judged = wanted.flatMap((items, user) => {
    const known = new Set(columnIndexes.subarray(starts[user], starts[user + 1]));
    const relevant = new Set(mode === "new" ? items.filter((item) => !known.has(item)) : items);
    if (relevant.size === 0) return [];
    const hits = (lists[user] ?? []).map((item) => relevant.has(item));
    return [rankingMetrics({ hits, relevant: relevant.size }, CUTOFF)];
  });
  const random = createRandom(SEED);
  const meanOf = (values: readonly number[]): MeanInterval => meanInterval(values, { random, resamples: 1000 });
  const ndcg = meanOf(judged.map((metrics) => metrics.normalizedDiscountedCumulativeGain));
  const hitRate = meanOf(judged.map((metrics) => metrics.hitRate));
  return {
    "NDCG@10": figureOf(ndcg, goals?.ndcg),
    "HR@10": figureOf(hitRate, goals?.hitRate),
    "recall@10": figureOf(meanOf(judged.map(({ recall }) => recall))),
    "precision@10": figureOf(meanOf(judged.map(({ precision }) => precision))),
  };
}

function figureOf({ mean, low, high }: MeanInterval, least?: number): Figure {
  const goal = least === undefined ? {} : { goal: { text: `≥ ${least}`, reached: Number(mean.toFixed(4)) >= least } };
  return { value: mean, low, high, ...goal };
}
