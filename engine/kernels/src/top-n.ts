import type { SparseRows } from "./sparse-rows.ts";

/** What is not to be among the best. */
export interface TopNRestriction {
  readonly count: number;
  /** Items that are left out. */
  readonly excluded?: Uint32Array;
  /** One byte for each item, 0 for those that are left out. */
  readonly allowed?: Uint8Array;
}

/** The best items, the best first; of equal scores the lower item. */
export interface TopItems {
  readonly items: Uint32Array;
  readonly scores: Float32Array;
}

/** The best of the scores above −∞. Those of excluded items are overwritten by −∞. The scalar reference of the kernel. */
export function topItems(scores: Float32Array, { count, excluded, allowed }: TopNRestriction): TopItems {
  for (const item of excluded ?? []) scores[item] = Number.NEGATIVE_INFINITY;
  const best = new Uint32Array(Math.min(count, scores.length) + 1);
  let length = 0;
  let threshold = Number.NEGATIVE_INFINITY;
  for (let item = 0; item < scores.length; item += 1) {
    const score = scores[item];
    if (!(score > threshold) || allowed?.[item] === 0) continue;
    let place = length;
    while (place > 0 && scores[best[place - 1]] < score) {
      best[place] = best[place - 1];
      place -= 1;
    }
    best[place] = item;
    if (length < best.length - 1) length += 1;
    if (length === count) threshold = scores[best[length - 1]];
  }
  const items = best.slice(0, length);
  return { items, scores: Float32Array.from(items, (item) => scores[item]) };
}

/** Scores for many users at once: sums over their histories of weights between items, or products of factors. */
export type TopNScores =
  | {
      readonly kind: "weights";
      /** users × items: what each user's items count. */
      readonly histories: SparseRows;
      /** items × items: what each item of a history says of others. */
      readonly weights: SparseRows;
    }
  | {
      readonly kind: "factors";
      /** Floats of a row, a multiple of 4. */
      readonly stride: number;
      readonly userFactors: Float32Array;
      readonly itemFactors: Float32Array;
    };

export interface TopNProblem {
  readonly users: number;
  readonly items: number;
  readonly scores: TopNScores;
  /** Added to every score; of each item. */
  readonly offsets?: Float32Array;
  readonly count: number;
  /** users × items: what each user is not shown. */
  readonly excluded?: SparseRows;
  /** One byte for each item, 0 for those that nobody is shown. */
  readonly allowed?: Uint8Array;
}

/** Of each user a row of `count` places, of which `counts` are taken, the best first. */
export interface RankedUsers {
  readonly count: number;
  readonly counts: Uint32Array;
  readonly items: Uint32Array;
  readonly scores: Float32Array;
}

/** The scores of one user, in the order in which the kernel adds. */
export function scoreScalar({ items, scores, offsets }: TopNProblem, user: number, into: Float32Array): void {
  if (offsets === undefined) into.fill(0);
  else into.set(offsets);
  if (scores.kind === "weights") addWeights(scores, user, into);
  else {
    const { stride, userFactors, itemFactors } = scores;
    const lanes = new Float32Array(4);
    for (let item = 0; item < items; item += 1) {
      lanes.fill(0);
      for (let index = 0; index < stride; index += 1) {
        lanes[index % 4] += Math.fround(userFactors[user * stride + index] * itemFactors[item * stride + index]);
      }
      const sum = Math.fround(Math.fround(lanes[0] + lanes[1]) + Math.fround(lanes[2] + lanes[3]));
      into[item] = sum + into[item];
    }
  }
}

function addWeights(
  { histories, weights }: Extract<TopNScores, { kind: "weights" }>,
  user: number,
  into: Float32Array,
): void {
  for (let event = histories.starts[user]; event < histories.starts[user + 1]; event += 1) {
    const item = histories.columnIndexes[event];
    const factor = histories.values?.[event] ?? 1;
    for (let entry = weights.starts[item]; entry < weights.starts[item + 1]; entry += 1) {
      into[weights.columnIndexes[entry]] += Math.fround(factor * (weights.values?.[entry] ?? 1));
    }
  }
}
