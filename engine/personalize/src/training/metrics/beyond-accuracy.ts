import { setImmediate } from "node:timers/promises";
import type { Interactions } from "@rondo/learn";
import { createRandom, type MeanInterval, meanInterval } from "@rondo/statistics";
import { type JudgedLists, LONGEST_LIST, metricsOfUsers } from "./list-metrics.ts";

/** Lists at most of which the diversity is looked at, and items of each. */
const DIVERSE_LISTS = 500;
const DIVERSE_ITEMS = 10;
const RESAMPLES = 500;

/** What AWS's metrics leave out. */
export interface BeyondAccuracy {
  /** Of users who were judged. */
  readonly users: number;
  /** Of each metric the mean with its 95 % bootstrap interval over users. */
  readonly intervals: Readonly<Record<string, MeanInterval>>;
  /** The same for the most popular items of the training part, and for items drawn at random. */
  readonly baselines: Readonly<Record<"popularity" | "random", BeyondAccuracy["intervals"]>>;
  /** Mean of −log₂ of the share of users who know an item that was recommended: bits of surprise. */
  readonly novelty: number;
  /** 1 − the mean cosine between two items of a list by the users who know them. */
  readonly intraListDiversity: number;
}

/** Throws RangeError without users. */
export async function beyondAccuracy(judged: JudgedLists, train: Interactions, seed: number): Promise<BeyondAccuracy> {
  const popular = mostKnown(train).slice(0, LONGEST_LIST);
  const random = createRandom(seed);
  const count = Math.min(LONGEST_LIST, judged.items);
  const drawn = judged.lists.map(() => drawItems(judged.items, count, random));
  return {
    users: judged.lists.length,
    intervals: await intervalsOf(judged, seed),
    baselines: {
      popularity: await intervalsOf({ ...judged, lists: judged.lists.map(() => popular) }, seed),
      random: await intervalsOf({ ...judged, lists: drawn }, seed),
    },
    novelty: noveltyOf(judged, train),
    intraListDiversity: diversityOf(judged, train),
  };
}

async function intervalsOf(judged: JudgedLists, seed: number): Promise<BeyondAccuracy["intervals"]> {
  const random = createRandom(seed);
  const intervals: Record<string, MeanInterval> = {};
  for (const [name, values] of Object.entries(metricsOfUsers(judged))) {
    await setImmediate();
    intervals[name] = meanInterval(values, { random, resamples: RESAMPLES });
  }
  return intervals;
}

function mostKnown({ items, pairs }: Interactions): Uint32Array {
  const counts = countUsers(items, pairs.columnIndexes);
  return Uint32Array.from(counts.keys()).sort((a, b) => counts[b] - counts[a] || a - b);
}

function countUsers(items: number, columnIndexes: Uint32Array): Uint32Array {
  const counts = new Uint32Array(items);
  for (const item of columnIndexes) counts[item] += 1;
  return counts;
}

function drawItems(items: number, count: number, random: () => number): Uint32Array {
  const drawn = new Set<number>();
  while (drawn.size < count) drawn.add(Math.floor(random() * items));
  return Uint32Array.from(drawn);
}

/** Of an item that nobody knows as of one that half a user knows. */
function noveltyOf({ lists }: JudgedLists, { users, items, pairs }: Interactions): number {
  const counts = countUsers(items, pairs.columnIndexes);
  let bits = 0;
  let count = 0;
  for (const list of lists) {
    for (const item of list) bits -= Math.log2(Math.max(0.5, counts[item]) / users);
    count += list.length;
  }
  return count === 0 ? 0 : bits / count;
}

function diversityOf({ lists }: JudgedLists, train: Interactions): number {
  const knownBy = usersOfItems(train);
  let similarity = 0;
  let pairs = 0;
  const step = Math.max(1, lists.length / DIVERSE_LISTS);
  for (let index = 0; index < lists.length; index += step) {
    const list = lists[Math.floor(index)].subarray(0, DIVERSE_ITEMS);
    for (const [place, item] of list.entries()) {
      for (const other of list.subarray(place + 1)) {
        similarity += cosine(knownBy(item), knownBy(other));
        pairs += 1;
      }
    }
  }
  return pairs === 0 ? 0 : 1 - similarity / pairs;
}

/** Of each item the users who know it, ascending. */
function usersOfItems({ users, items, pairs }: Interactions): (item: number) => Uint32Array {
  const starts = new Uint32Array(items + 1);
  for (const item of pairs.columnIndexes) starts[item + 1] += 1;
  for (let item = 0; item < items; item += 1) starts[item + 1] += starts[item];
  const next = starts.slice();
  const known = new Uint32Array(pairs.columnIndexes.length);
  for (let user = 0; user < users; user += 1) {
    for (let pair = pairs.starts[user]; pair < pairs.starts[user + 1]; pair += 1) {
      known[next[pairs.columnIndexes[pair]]++] = user;
    }
  }
  return (item) => known.subarray(starts[item], starts[item + 1]);
}

/** Of two sets in ascending order. */
function cosine(one: Uint32Array, other: Uint32Array): number {
  if (one.length === 0 || other.length === 0) return 0;
  let common = 0;
  let place = 0;
  for (const user of one) {
    while (other[place] < user) place += 1;
    if (other[place] === user) common += 1;
  }
  return common / Math.sqrt(one.length * other.length);
}
