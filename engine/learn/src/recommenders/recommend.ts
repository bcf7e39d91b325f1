import { setImmediate } from "node:timers/promises";
import { type KernelRun, type RankedUsers, rankUsers, type SparseRows, type TopItems, topItems } from "@rondo/kernels";
import type { Interactions } from "./interactions.ts";
import type { Scorer } from "./recommender.ts";

export interface RecommendOptions {
  /** Items at most. */
  readonly count: number;
  /** `history`: what the user knows is left out. Default `none`. */
  readonly exclude?: "history" | "none";
  /** One byte for each item, 0 for those that nobody is shown: the outcome of a filter. */
  readonly allowed?: Uint8Array;
}

/** The best items for one user of the histories, the best first. */
export function recommend(
  scorer: Scorer,
  histories: Interactions,
  user: number,
  { count, exclude, allowed }: RecommendOptions,
): TopItems {
  const { starts, columnIndexes } = histories.pairs;
  const known = columnIndexes.subarray(starts[user], starts[user + 1]);
  const restriction = exclude === "history" ? { excluded: known } : {};
  return topItems(scorer.score(histories, user), { count, ...restriction, ...(allowed && { allowed }) });
}

/** The best items for every user of the histories, by a kernel on several threads where the model allows. */
export async function recommendAll(
  scorer: Scorer,
  histories: Interactions,
  { count, exclude, allowed }: RecommendOptions,
  run: KernelRun,
): Promise<RankedUsers> {
  const { users, pairs } = histories;
  const { items } = scorer;
  const problem = await scorer.prepare?.(histories, run);
  if (problem === undefined)
    return await recommendEach(
      scorer,
      histories,
      { count, ...(exclude && { exclude }), ...(allowed && { allowed }) },
      run,
    );
  const excluded: { readonly excluded?: SparseRows } = exclude === "history" ? { excluded: pairs } : {};
  return await rankUsers({ ...problem, users, items, count, ...excluded, ...(allowed && { allowed }) }, run);
}

async function recommendEach(
  scorer: Scorer,
  histories: Interactions,
  options: RecommendOptions,
  { signal }: KernelRun,
): Promise<RankedUsers> {
  const { users } = histories;
  const count = Math.min(options.count, scorer.items);
  const ranked = {
    count,
    counts: new Uint32Array(users),
    items: new Uint32Array(users * count),
    scores: new Float32Array(users * count),
  };
  for (let user = 0; user < users; user += 1) {
    const best = recommend(scorer, histories, user, options);
    ranked.counts[user] = best.items.length;
    ranked.items.set(best.items, user * count);
    ranked.scores.set(best.scores, user * count);
    if (user % 64 !== 63) continue;
    await setImmediate();
    signal?.throwIfAborted();
  }
  return ranked;
}
