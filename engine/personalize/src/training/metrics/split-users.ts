import { type Interactions, keepEvents } from "@rondo/learn";
import { createRandom } from "@rondo/statistics";
import { selectUsers } from "../select-users.ts";

const TEST_SHARE = 0.1;
const TRUTH_SHARE = 0.1;

/** AWS's protocol of GetSolutionMetrics: one part of the users to learn from, another to judge by. */
export interface UserSplit {
  /** The histories of 90 % of the users. */
  readonly train: Interactions;
  /** Of the others the oldest 90 % of the events of each. */
  readonly inputs: Interactions;
  /** Of each of these users the items of the newest 10 %, at least of one event; each once. */
  readonly truth: readonly Uint32Array[];
}

/** Users with one event are learned from; of the others one in ten is drawn to be judged by. https://docs.aws.amazon.com/personalize/latest/dg/working-with-training-metrics.html */
export function splitUsers(interactions: Interactions, seed: number): UserSplit {
  const { events, users } = interactions;
  const random = createRandom(seed);
  const judgeable = Uint32Array.from({ length: users }, (_, user) => user).filter(
    (user) => events.starts[user + 1] - events.starts[user] >= 2,
  );
  const count = Math.max(1, Math.round(judgeable.length * TEST_SHARE));
  for (let place = 0; place < Math.min(count, judgeable.length); place += 1) {
    const other = place + Math.floor(random() * (judgeable.length - place));
    [judgeable[place], judgeable[other]] = [judgeable[other], judgeable[place]];
  }
  const chosen = judgeable.slice(0, count).sort();
  const isTest = new Uint8Array(users);
  for (const user of chosen) isTest[user] = 1;
  const test = selectUsers(interactions, chosen);
  return {
    train: selectUsers(
      interactions,
      Uint32Array.from(isTest.keys()).filter((user) => isTest[user] === 0),
    ),
    ...splitHistories(test, TRUTH_SHARE),
  };
}

/** Of each history the oldest events, and the items of the newest share, at least of one event; each once. */
export function splitHistories(histories: Interactions, newest: number): Pick<UserSplit, "inputs" | "truth"> {
  const { starts, items } = histories.events;
  const cuts = Uint32Array.from({ length: histories.users }, (_, user) => {
    const length = starts[user + 1] - starts[user];
    return starts[user + 1] - Math.max(1, Math.round(length * newest));
  });
  return {
    inputs: keepEvents(histories, (event, user) => event < cuts[user]),
    truth: Array.from(cuts, (cut, user) => Uint32Array.from(new Set(items.subarray(cut, starts[user + 1])))),
  };
}
