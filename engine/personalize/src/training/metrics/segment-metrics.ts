import { setImmediate } from "node:timers/promises";
import type { Interactions, Scorer } from "@rondo/learn";
import { createRandom } from "@rondo/statistics";

/** Of the users, that make a segment: AWS's K of hit at K and recall at K. */
const SHARE_OF_USERS = 0.01;
/** Items at most whose segments are judged. */
const JUDGED_ITEMS = 300;

export interface SegmentMetrics {
  /** Mean number of users of a segment who took the item indeed. */
  readonly hit_at_k: number;
  /** Mean share of those who took the item that are in its segment. */
  readonly recall_at_k: number;
}

export interface JudgedSegments {
  /** The oldest part of each history. */
  readonly inputs: Interactions;
  /** Of each user what came after. */
  readonly truth: readonly Uint32Array[];
  readonly seed: number;
  readonly signal?: AbortSignal;
}

/** Segments of the top 1 % of users for items that somebody took in the newer part; 0 and 0 where there is none. */
export async function segmentMetrics(
  scorer: Scorer,
  { inputs, truth, seed, signal }: JudgedSegments,
): Promise<SegmentMetrics> {
  const takers = new Map<number, Set<number>>();
  for (const [user, items] of truth.entries()) {
    for (const item of items) takers.set(item, (takers.get(item) ?? new Set()).add(user));
  }
  const judged = drawItems(
    [...takers.keys()].toSorted((a, b) => a - b),
    seed,
  );
  if (judged.length === 0) return { hit_at_k: 0, recall_at_k: 0 };
  const affinities = judged.map(() => new Float32Array(inputs.users));
  for (let user = 0; user < inputs.users; user += 1) {
    const scores = scorer.score(inputs, user);
    for (const [place, item] of judged.entries()) affinities[place][user] = scores[item];
    if (user % 64 !== 63) continue;
    await setImmediate();
    signal?.throwIfAborted();
  }
  const size = Math.max(1, Math.round(inputs.users * SHARE_OF_USERS));
  let hits = 0;
  let recall = 0;
  for (const [place, item] of judged.entries()) {
    const wanted = takers.get(item) ?? new Set();
    const found = segmentOf(affinities[place], size).filter((user) => wanted.has(user)).length;
    hits += found;
    recall += found / wanted.size;
  }
  return { hit_at_k: hits / judged.length, recall_at_k: recall / judged.length };
}

function drawItems(items: readonly number[], seed: number): readonly number[] {
  const random = createRandom(seed);
  const keyed = items.map((item) => ({ item, key: random() }));
  return keyed
    .toSorted((a, b) => a.key - b.key)
    .slice(0, JUDGED_ITEMS)
    .map(({ item }) => item);
}

function segmentOf(affinities: Float32Array, size: number): readonly number[] {
  const users = [...affinities.keys()].toSorted((a, b) => affinities[b] - affinities[a] || a - b);
  return users.slice(0, size);
}
