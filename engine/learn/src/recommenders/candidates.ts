import { topItems } from "@rondo/kernels";
import type { Interactions } from "./interactions.ts";
import type { Scorer } from "./recommender.ts";

/** The items that one of several algorithms would recommend to a user, and what all of them say of each. */
export interface Candidates {
  readonly items: Uint32Array;
  /** items × algorithms, each algorithm's on the scale of its highest. */
  readonly scores: Float32Array;
}

export interface CandidateLimits {
  /** Items of each algorithm. */
  readonly candidates: number;
  /** `history`: only items that the user does not know. */
  readonly exclude: "history" | "none";
}

/**
 * Brings the scores of different algorithms on one scale: each is divided by the highest that it gives to an item that may be
 * recommended, or by the size of the lowest where none is above 0.
 */
export function scaleOf(scores: Float32Array, known: Uint32Array, exclude: "history" | "none"): number {
  if (exclude === "history") for (const item of known) scores[item] = 0;
  let highest = 0;
  let lowest = 0;
  for (const score of scores) {
    if (score > highest) highest = score;
    else if (score < lowest) lowest = score;
  }
  const size = highest > 0 ? highest : -lowest;
  return size > 0 ? 1 / size : 0;
}

/** The best of each algorithm for a user of the histories, each item once, in the order in which they are found. */
export function gatherCandidates(
  scorers: readonly Scorer[],
  histories: Interactions,
  user: number,
  { candidates, exclude }: CandidateLimits,
): Candidates {
  const { starts, columnIndexes } = histories.pairs;
  const known = columnIndexes.subarray(starts[user], starts[user + 1]);
  const excluded = exclude === "history" ? known : new Uint32Array(0);
  const found = new Set<number>();
  const scored = scorers.map((scorer) => {
    const scores = scorer.score(histories, user).slice();
    const scale = scaleOf(scores, known, exclude);
    for (const item of topItems(scores, { count: candidates, excluded }).items) found.add(item);
    return { scores, scale };
  });
  const items = Uint32Array.from(found);
  const scores = new Float32Array(items.length * scorers.length);
  for (const [place, item] of items.entries()) {
    for (const [component, { scores: all, scale }] of scored.entries()) {
      scores[place * scorers.length + component] = all[item] * scale;
    }
  }
  return { items, scores };
}
