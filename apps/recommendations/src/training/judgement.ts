import { createRandom, type MeanInterval, meanInterval, rankingMetrics } from "@rondo/statistics";

/** The cut-off of P-36. */
const K = 10;

/** What was recommended to one user (or for one product) and what was then bought. */
export interface JudgedList {
  readonly recommended: readonly string[];
  /** At least one. */
  readonly wanted: ReadonlySet<string>;
}

/** Means over the judged lists, with 95 % intervals. */
export interface ListQuality {
  readonly lists: number;
  readonly precision_at_10: MeanInterval;
  readonly recall_at_10: MeanInterval;
  readonly ndcg_at_10: MeanInterval;
}

/** What a weight of the price costs and brings, measured on what was bought in the hold-out. */
export interface RevenuePoint {
  readonly revenue_weight: number;
  /** Over the judged users, with 95 % intervals. */
  readonly ndcg_at_10: MeanInterval;
  /** Prices of those of the first ten that were then bought, per user. */
  readonly revenue_at_10: MeanInterval;
}

/** A candidate beside what is live, on purchases that neither had seen. */
export interface Judgement {
  /** The hold-out: purchases after `from`. */
  readonly from: string;
  readonly to: string;
  readonly candidate: ListQuality;
  /** What everybody would be offered: the products with most buyers before. */
  readonly popular: ListQuality;
  /** Null for the first version. */
  readonly live: ListQuality | null;
  /** Candidate minus live, NDCG at 10, paired by list. */
  readonly difference: MeanInterval | null;
  /** By how much the candidate may be worse, as a share of the live one's NDCG. */
  readonly margin: number;
  readonly isNotWorse: boolean;
  /** In words, with the numbers. */
  readonly reason: string;
  /** Of the user personalization: what weighing the price costs and brings. */
  readonly revenue_curve?: readonly RevenuePoint[];
}

export interface JudgementInput {
  readonly from: Date;
  readonly to: Date;
  /** Lists of the same subjects in the same order. */
  readonly candidate: readonly JudgedList[];
  readonly popular: readonly JudgedList[];
  readonly live: readonly JudgedList[] | undefined;
  readonly margin: number;
  /** Seeds the resampling. */
  readonly seed: number;
}

/**
 * Whether a new version is not worse than the live one: a test of non-inferiority on the paired differences. The lower end of their 95 % interval may not be
 * below −margin · the live one's mean. The first version has nothing to be compared with and passes.
 */
export function judgeCandidate({ from, to, candidate, popular, live, margin, seed }: JudgementInput): Judgement {
  const quality = (lists: readonly JudgedList[]) => qualityOf(lists, seed);
  const about = { from: from.toISOString(), to: to.toISOString(), margin };
  const measured = { candidate: quality(candidate), popular: quality(popular) };
  if (live === undefined) {
    const reason = "The first version: there is none to compare it with.";
    return { ...about, ...measured, live: null, difference: null, isNotWorse: true, reason };
  }
  const ofLive = quality(live);
  const liveGains = live.map(ndcg);
  const differences = candidate.map((list, index) => ndcg(list) - (liveGains[index] ?? 0));
  const difference = meanInterval(differences, { random: createRandom(seed) });
  const allowed = -margin * ofLive.ndcg_at_10.mean;
  const isNotWorse = difference.low >= allowed;
  const [low, high] = [difference.low, difference.high].map((bound) => bound.toFixed(4));
  const reason = `NDCG@10 ${measured.candidate.ndcg_at_10.mean.toFixed(4)} against ${ofLive.ndcg_at_10.mean.toFixed(4)} on ${candidate.length} lists: difference ${difference.mean.toFixed(4)} (95 %: ${low} to ${high}), which ${isNotWorse ? "does not reach" : "reaches"} below ${allowed.toFixed(4)}.`;
  return { ...about, ...measured, live: ofLive, difference, isNotWorse, reason };
}

function metricsOf({ recommended, wanted }: JudgedList) {
  return rankingMetrics({ hits: recommended.map((id) => wanted.has(id)), relevant: wanted.size }, K);
}

/** Normalized discounted cumulative gain at 10. */
export function ndcg(list: JudgedList): number {
  return metricsOf(list).normalizedDiscountedCumulativeGain;
}

function qualityOf(lists: readonly JudgedList[], seed: number): ListQuality {
  const metrics = lists.map(metricsOf);
  const mean = (values: readonly number[]) => meanInterval(values, { random: createRandom(seed) });
  return {
    lists: lists.length,
    precision_at_10: mean(metrics.map(({ precision }) => precision)),
    recall_at_10: mean(metrics.map(({ recall }) => recall)),
    ndcg_at_10: mean(metrics.map(({ normalizedDiscountedCumulativeGain }) => normalizedDiscountedCumulativeGain)),
  };
}
