import { catalogueCoverage, rankingMetrics } from "@rondo/statistics";

/** Items of a list that count at most: the default of `numResults`. */
export const LONGEST_LIST = 25;

const CUTOFFS = [5, 10, 25] as const;

/** What lists of recommendations are worth to the users who got them. */
export interface JudgedLists {
  /** Of each user the items, the best first. */
  readonly lists: readonly Uint32Array[];
  /** Of each user what was wanted; none is empty. */
  readonly truth: readonly Uint32Array[];
  /** Of the catalogue. */
  readonly items: number;
}

/** GetSolutionMetrics' metrics of each user, by its names: a value per user. */
export function metricsOfUsers({ lists, truth }: JudgedLists): Readonly<Record<string, readonly number[]>> {
  const judged = lists.map((list, user) => {
    const wanted = new Set(truth[user]);
    return { hits: Array.from(list, (item) => wanted.has(item)), relevant: wanted.size };
  });
  const at = Object.fromEntries(CUTOFFS.map((cutoff) => [cutoff, judged.map((one) => rankingMetrics(one, cutoff))]));
  return {
    [`mean_reciprocal_rank_at_${LONGEST_LIST}`]: at[LONGEST_LIST].map(({ reciprocalRank }) => reciprocalRank),
    ...Object.fromEntries(
      CUTOFFS.map((cutoff) => [
        `normalized_discounted_cumulative_gain_at_${cutoff}`,
        at[cutoff].map((metrics) => metrics.normalizedDiscountedCumulativeGain),
      ]),
    ),
    ...Object.fromEntries(
      CUTOFFS.map((cutoff) => [`precision_at_${cutoff}`, at[cutoff].map(({ precision }) => precision)]),
    ),
  };
}

/** GetSolutionMetrics: means over the users, and the share of the catalogue that is in any list. */
export function listMetrics(judged: JudgedLists): Readonly<Record<string, number>> {
  const means = Object.entries(metricsOfUsers(judged)).map(([name, values]) => [name, meanOf(values)]);
  return { coverage: catalogueCoverage(judged.lists, judged.items), ...Object.fromEntries(means) };
}

/**
 * `average_rewards_at_k`: what the hits are worth, ÷ what all that was wanted is worth; 0 to 1. Values below 0, and missing ones, count as 0.
 */
export function averageRewards({ lists, truth }: JudgedLists, values: Float64Array): number {
  const worth = (item: number): number => (values[item] > 0 ? values[item] : 0);
  let earned = 0;
  let possible = 0;
  for (const [user, wanted] of truth.entries()) {
    const list = new Set(lists[user]);
    for (const item of wanted) {
      possible += worth(item);
      if (list.has(item)) earned += worth(item);
    }
  }
  return possible > 0 ? earned / possible : 0;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
