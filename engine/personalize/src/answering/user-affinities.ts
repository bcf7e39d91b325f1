import { setImmediate } from "node:timers/promises";
import { topItems } from "@rondo/kernels";
import type { AnsweringModel } from "./answering-model.ts";
import { openJudge } from "./judgement.ts";
import { probabilityOf, softmaxOfScores } from "./probabilities.ts";
import type { LiveRecords } from "./recommender.ts";

export interface AffinityOptions {
  /** Users of each segment at most. */
  readonly count: number;
  /** A byte for each user of the model, 0 for those who are left out. */
  readonly allowed?: Uint8Array | undefined;
  readonly signal?: AbortSignal | undefined;
  /** After some users: how many of how many were judged. */
  readonly onProgress?: (users: number, ofUsers: number) => void;
}

/** What affinities that are kept at a time may take: four bytes for each user and group of items. */
const MOST_BYTES = 64_000_000;
const USERS_OF_SLICE = 64;

/** How many groups of items can be asked at a time. */
export function groupsAtOnce({ trained }: Pick<AnsweringModel, "trained">): number {
  return Math.max(1, Math.floor(MOST_BYTES / 4 / Math.max(1, trained.users.ids.length)));
}

/**
 * For each group of items the users who most probably want one of them next: by the sum of the items' probabilities, as user personalization scores them. Every
 * user is judged once for all groups. Users of whom the training knew nothing have no place in the model and in no segment. The best first.
 */
export async function recommendUsers(
  model: AnsweringModel,
  live: Pick<LiveRecords, "eventsOf">,
  groups: readonly (readonly number[])[],
  { count, allowed, signal, onProgress }: AffinityOptions,
): Promise<string[][]> {
  const { ids } = model.trained.users;
  const judge = openJudge(model, live);
  const affinities = groups.map(() => new Float32Array(ids.length).fill(Number.NEGATIVE_INFINITY));
  for (const [user, userId] of ids.entries()) {
    if (allowed === undefined || allowed[user] !== 0) {
      const { scores } = judge.user(userId, () => false);
      const softmax = softmaxOfScores(scores);
      for (const [index, items] of groups.entries()) {
        affinities[index][user] = items.reduce((sum, item) => sum + probabilityOf(softmax, scores[item]), 0);
      }
    }
    if (user % USERS_OF_SLICE !== USERS_OF_SLICE - 1) continue;
    await setImmediate();
    signal?.throwIfAborted();
    onProgress?.(user + 1, ids.length);
  }
  return affinities.map((scores) => Array.from(bestUsers(scores, count), (user) => ids[user]));
}

/** Above so many a sort is faster than keeping the best in order. */
const MOST_KEPT = 1000;

function bestUsers(scores: Float32Array, count: number): Uint32Array {
  if (count <= MOST_KEPT) return topItems(scores, { count }).items;
  return Uint32Array.from(scores.keys())
    .filter((user) => scores[user] > Number.NEGATIVE_INFINITY)
    .sort((one, other) => scores[other] - scores[one] || one - other)
    .slice(0, count);
}
