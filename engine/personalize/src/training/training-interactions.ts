import { DataError, type Interactions } from "@rondo/learn";
import { selectUsers } from "./select-users.ts";

/** https://docs.aws.amazon.com/personalize/latest/dg/limits.html */
const LEAST_INTERACTIONS = 1000;
const LEAST_USERS = 25;
const LEAST_INTERACTIONS_OF_USERS = 2;

/**
 * Throws DataError where there is less than AWS asks for. AWS checks the same and fails the solution version; its guide has the numbers, not the words.
 */
export function requireEnough({ users, events }: Interactions, options: { readonly needsUsers: boolean }): void {
  const count = events.items.length;
  if (count < LEAST_INTERACTIONS) {
    throw new DataError(
      `There are ${count} interactions to train on, after filtering by event type and event value threshold; at least ${LEAST_INTERACTIONS} are needed.`,
    );
  }
  if (!options.needsUsers) return;
  let enough = 0;
  for (let user = 0; user < users; user += 1) {
    if (events.starts[user + 1] - events.starts[user] >= LEAST_INTERACTIONS_OF_USERS) enough += 1;
  }
  if (enough < LEAST_USERS) {
    throw new DataError(
      `There are ${enough} users with ${LEAST_INTERACTIONS_OF_USERS} or more interactions, after filtering by event type and event value threshold; at least ${LEAST_USERS} are needed.`,
    );
  }
}

/** A share of the users or items from below and from above, 0 to 1, between which counts lie that are learned from. */
export interface Percentiles {
  readonly minimum: number;
  readonly maximum: number;
}

/** The histories that are neither shorter nor longer than most; users without events have none. */
export function keepUsualHistories(interactions: Interactions, percentiles: Percentiles): Interactions {
  const { events, users } = interactions;
  const lengths = Uint32Array.from({ length: users }, (_, user) => events.starts[user + 1] - events.starts[user]);
  const isUsual = between(lengths, percentiles);
  const kept = Uint32Array.from(lengths.keys()).filter((user) => lengths[user] > 0 && isUsual(lengths[user]));
  return kept.length === users ? interactions : selectUsers(interactions, kept);
}

/** Whether a count is between the percentiles of those above 0, both ends included. */
export function between(counts: Uint32Array, { minimum, maximum }: Percentiles): (count: number) => boolean {
  const sorted = counts.filter((count) => count > 0).sort();
  if (sorted.length === 0) return () => true;
  const least = sorted[Math.floor(minimum * (sorted.length - 1))];
  const most = sorted[Math.ceil(maximum * (sorted.length - 1))];
  return (count) => count >= least && count <= most;
}
