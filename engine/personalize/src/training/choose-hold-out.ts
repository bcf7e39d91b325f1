import type { HoldOutOptions, Interactions } from "@rondo/learn";

export type HoldOutChoice = Pick<HoldOutOptions, "heldOut" | "periodDays">;

const SECONDS_OF_DAY = 86_400;
/** Of the users, that the times must tell apart to be worth anything. */
const LEAST_SHARE_OF_USERS = 0.1;
/** Of the events, in the period that is held out: enough to judge by, and enough left to learn from. */
const LEAST_SHARE_OF_EVENTS = 0.08;
const MOST_SHARE_OF_EVENTS = 0.35;
const LEAST_JUDGED_USERS = 100;
const LEAST_SHARE_OF_JUDGED_USERS = 0.2;
const PERIODS = [1, 3, 7, 14, 30, 60, 90, 180, 365];

/**
 * What a choice among algorithms is judged by. The last days of the data where times come from a clock: that is what a recommender faces. The last event
 * of each user where times only say the order (everybody starts at the same time), or too few users come back in the last days. Any event where
 * times say nothing.
 */
export function chooseHoldOut(interactions: Interactions): HoldOutChoice {
  const { events, users } = interactions;
  let several = 0;
  let ordered = 0;
  const firstTimes = new Set<number>();
  let active = 0;
  for (let user = 0; user < users; user += 1) {
    const [first, end] = [events.starts[user], events.starts[user + 1]];
    if (end === first) continue;
    active += 1;
    firstTimes.add(events.times[first]);
    if (end - first < 2) continue;
    several += 1;
    if (events.times[end - 1] > events.times[first]) ordered += 1;
  }
  if (ordered < several * LEAST_SHARE_OF_USERS) return { heldOut: "random-event", periodDays: 1 };
  const isClock = firstTimes.size >= active * LEAST_SHARE_OF_USERS;
  const leastJudged = Math.min(LEAST_JUDGED_USERS, active * LEAST_SHARE_OF_JUDGED_USERS);
  const periodDays = isClock ? PERIODS.find((days) => isJudgeable(interactions, days, leastJudged)) : undefined;
  return periodDays === undefined ? { heldOut: "last-event", periodDays: 1 } : { heldOut: "last-period", periodDays };
}

function isJudgeable({ events, users }: Interactions, days: number, leastJudged: number): boolean {
  let latest = Number.NEGATIVE_INFINITY;
  for (const time of events.times) if (time > latest) latest = time;
  const from = latest - days * SECONDS_OF_DAY;
  let heldOut = 0;
  let judged = 0;
  for (let user = 0; user < users; user += 1) {
    const [first, end] = [events.starts[user], events.starts[user + 1]];
    let place = end;
    while (place > first && events.times[place - 1] > from) place -= 1;
    heldOut += end - place;
    if (place > first && place < end) judged += 1;
  }
  const share = heldOut / events.times.length;
  return share >= LEAST_SHARE_OF_EVENTS && share <= MOST_SHARE_OF_EVENTS && judged >= leastJudged;
}
