import { type Interactions, recommendAll, type Scorer, type TableFitContext } from "@rondo/learn";
import type { BlendPlan } from "../model/blend-plan.ts";
import type { RecipeType } from "../recipes/recipe.ts";
import { fitPlan, openFittedPlan } from "./fit-plan.ts";
import { lastItems } from "./item-queries.ts";
import { type BeyondAccuracy, beyondAccuracy } from "./metrics/beyond-accuracy.ts";
import { averageRewards, type JudgedLists, LONGEST_LIST, listMetrics } from "./metrics/list-metrics.ts";
import { segmentMetrics } from "./metrics/segment-metrics.ts";
import type { UserSplit } from "./metrics/split-users.ts";
import { trendAccuracy } from "./metrics/trend-accuracy.ts";
import type { Objective } from "./objective.ts";

/** What is learned from, and what that is judged by. */
export interface Study {
  readonly type: RecipeType;
  readonly plan: BlendPlan;
  readonly split: UserSplit;
  /** What the recipe makes of histories before it learns from them. */
  arrange(interactions: Interactions): Interactions;
  /** Of scores, one for each item. */
  readonly multipliers?: Float32Array | undefined;
  readonly objective?: Objective | undefined;
}

export interface Measured {
  /** GetSolutionMetrics. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly extras: Readonly<Record<string, unknown>>;
}

/** GetSolutionMetrics by AWS's protocol for lists, rankings and segments, of a model that learned from the training part of the split alone. */
export async function measurePlan(study: Study, context: TableFitContext): Promise<Measured> {
  const { type, plan, split, arrange, multipliers, objective } = study;
  const { signal, seed, threads } = context;
  const fitted = await fitPlan(plan, arrange(split.train), context);
  const { scorer } = openFittedPlan(fitted, multipliers);
  if (type === "USER_SEGMENTATION") {
    const metrics = await segmentMetrics(scorer, { ...split, seed, ...(signal && { signal }) });
    return { metrics: { ...metrics }, extras: { users: split.inputs.users } };
  }
  const run = { threads, ...(signal && { signal }) };
  const judged = await judgeLists(scorer, type, split, run);
  const rewards = objective && { average_rewards_at_k: averageRewards(judged, objective.values) };
  const extras: BeyondAccuracy = await beyondAccuracy(judged, split.train, seed);
  return { metrics: { ...listMetrics(judged), ...rewards }, extras: { ...extras } };
}

/** The lists that users get; related items are asked for with the newest item of each history. */
async function judgeLists(
  scorer: Scorer,
  type: RecipeType,
  { inputs, truth }: UserSplit,
  run: { readonly threads: number; readonly signal?: AbortSignal },
): Promise<JudgedLists> {
  const isRelated = type === "RELATED_ITEMS";
  const options = { count: LONGEST_LIST, exclude: isRelated ? "history" : "none" } as const;
  const ranked = await recommendAll(scorer, isRelated ? lastItems(inputs) : inputs, options, run);
  const lists = Array.from(ranked.counts, (count, user) => {
    return ranked.items.subarray(user * ranked.count, user * ranked.count + count);
  });
  return { lists, truth, items: inputs.items };
}

/** The same for trends, which are judged by the window of time that follows. */
export async function measureTrends(
  interactions: Interactions,
  plan: BlendPlan,
  windowHours: number,
  context: TableFitContext,
): Promise<Measured> {
  const learn = async (past: Interactions): Promise<Scorer> =>
    openFittedPlan(await fitPlan(plan, past, context)).scorer;
  const accuracy = await trendAccuracy(interactions, windowHours, learn);
  const coverage = Math.min(LONGEST_LIST, interactions.items) / interactions.items;
  return { metrics: { coverage, trend_prediction_accuracy: accuracy }, extras: {} };
}
