import type { Candidates } from "./candidates.ts";
import type { Interactions } from "./interactions.ts";
import { latestTime } from "./popularity.ts";

const SECONDS_OF_DAY = 86_400;
/** Days in which use counts as recent. */
const RECENT_DAYS = 30;

/** What is known of the items without a user, row after row: logarithms of users, of recent events, of days since the last event and since the first. */
export interface ItemFacts {
  readonly items: number;
  readonly values: Float32Array;
}

export const FACTS = 4;
/** Of the user's history and of the item in it. */
const OF_HISTORY = 4;

export function countFacts({ users, items, events }: Interactions): ItemFacts {
  const end = latestTime(events.times);
  const [known, recent] = [new Float64Array(items), new Float64Array(items)];
  const [first, last] = [new Float64Array(items).fill(Number.NaN), new Float64Array(items).fill(Number.NaN)];
  const countedFor = new Int32Array(items).fill(-1);
  for (let user = 0; user < users; user += 1) {
    for (let event = events.starts[user]; event < events.starts[user + 1]; event += 1) {
      const [item, time] = [events.items[event], events.times[event]];
      if (countedFor[item] !== user) known[item] += 1;
      countedFor[item] = user;
      if (time > end - RECENT_DAYS * SECONDS_OF_DAY) recent[item] += 1;
      if (!(first[item] <= time)) first[item] = time;
      if (!(last[item] >= time)) last[item] = time;
    }
  }
  const values = new Float32Array(items * FACTS);
  for (let item = 0; item < items; item += 1) {
    const since = (time: number): number => Math.log1p((end - time) / SECONDS_OF_DAY);
    values.set(
      [Math.log1p(known[item]), Math.log1p(recent[item]), since(last[item]), since(first[item])],
      item * FACTS,
    );
  }
  return { items, values };
}

/** Numbers of each candidate: of each algorithm its score and the logarithm of its place, facts of the item, of the history, and of the item in it. */
export function candidateColumns(algorithms: number): number {
  return 2 * algorithms + FACTS + OF_HISTORY;
}

/** Writes `candidateColumns` numbers for each candidate; NaN where something never happened. */
export function describeCandidates(
  { items, scores }: Candidates,
  { values: facts }: ItemFacts,
  {
    histories,
    user,
    algorithms,
  }: { readonly histories: Interactions; readonly user: number; readonly algorithms: number },
): Float32Array {
  const columns = candidateColumns(algorithms);
  const features = new Float32Array(items.length * columns);
  const places = new Uint32Array(items.length);
  for (let algorithm = 0; algorithm < algorithms; algorithm += 1) {
    const scoreOf = (candidate: number): number => scores[candidate * algorithms + algorithm];
    for (let candidate = 0; candidate < items.length; candidate += 1) places[candidate] = candidate;
    places.sort((one, other) => scoreOf(other) - scoreOf(one) || one - other);
    for (const [place, candidate] of places.entries()) {
      features[candidate * columns + 2 * algorithm] = scoreOf(candidate);
      features[candidate * columns + 2 * algorithm + 1] = Math.log1p(place);
    }
  }
  const own = describeHistory(histories, user);
  for (const [candidate, item] of items.entries()) {
    const start = candidate * columns + 2 * algorithms;
    features.set(facts.subarray(item * FACTS, (item + 1) * FACTS), start);
    const met = own.met.get(item);
    features.set([...own.facts, Math.log1p(met?.count ?? 0), met?.since ?? Number.NaN], start + FACTS);
  }
  return features;
}

interface DescribedHistory {
  /** Logarithms of its events and of its days. */
  readonly facts: readonly [number, number];
  /** Of each item its events, and the logarithm of the days from the last of them to the last of all. */
  readonly met: ReadonlyMap<number, { readonly count: number; readonly since: number }>;
}

function describeHistory({ events }: Interactions, user: number): DescribedHistory {
  const [first, end] = [events.starts[user], events.starts[user + 1]];
  const last = events.times[end - 1];
  const met = new Map<number, { readonly count: number; readonly since: number }>();
  for (let event = first; event < end; event += 1) {
    const item = events.items[event];
    const since = Math.log1p((last - events.times[event]) / SECONDS_OF_DAY);
    met.set(item, { count: (met.get(item)?.count ?? 0) + 1, since });
  }
  const days = end > first ? (last - events.times[first]) / SECONDS_OF_DAY : 0;
  return { facts: [Math.log1p(end - first), Math.log1p(days)], met };
}
