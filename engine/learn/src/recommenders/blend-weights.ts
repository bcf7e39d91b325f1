import { setImmediate } from "node:timers/promises";
import { type CandidateLimits, gatherCandidates } from "./candidates.ts";
import type { HeldOut } from "./hold-out.ts";
import type { Scorer } from "./recommender.ts";

/** What scorers said of the items that one of them would recommend, and which of these were done indeed. */
export interface JudgedCandidates {
  readonly components: number;
  /** Of each user: `candidates × components` scores, which of the candidates are relevant, and the best gain possible. */
  readonly users: readonly {
    readonly scores: Float32Array;
    readonly relevant: readonly number[];
    readonly idealGain: number;
  }[];
}

export interface CandidateOptions extends CandidateLimits {
  /** Users at most, chosen evenly. */
  readonly users: number;
}

/** Of a list of recommendations the places that count. */
const CUTOFF = 10;
/** Factors by which a weight is tried to be changed. */
const CHANGES = [0, 0.25, 0.5, 0.8, 1.25, 2, 4];
const MOST_ROUNDS = 20;

/** The candidates of every judged user, with a pause after each so that other work gets its turn. */
export function* judgeCandidates(
  scorers: readonly Scorer[],
  { known, relevant }: HeldOut,
  options: CandidateOptions,
): Iterable<JudgedCandidates["users"][number]> {
  const judged = relevant.flatMap(({ length }, user) => (length > 0 ? [user] : []));
  const step = Math.max(1, judged.length / options.users);
  for (let index = 0; index < judged.length; index += step) {
    const user = judged[Math.floor(index)];
    yield candidatesOf(scorers, { known, relevant }, user, options);
  }
}

function candidatesOf(
  scorers: readonly Scorer[],
  { known, relevant }: HeldOut,
  user: number,
  options: CandidateOptions,
): JudgedCandidates["users"][number] {
  const { items, scores } = gatherCandidates(scorers, known, user, options);
  const wanted = new Set(relevant[user]);
  const places = [...items.keys()].filter((place) => wanted.has(items[place]));
  return { scores, relevant: places, idealGain: gainOfFirst(Math.min(CUTOFF, wanted.size)) };
}

/**
 * Weights with which the mean NDCG@10 is highest, by coordinate ascent (Metzler and Croft, "Linear feature-based models for
 * information retrieval", 2007): each weight in turn is changed as long as that gains anything. The largest weight is 1.
 */
export async function learnWeights(judged: JudgedCandidates, signal?: AbortSignal): Promise<Float64Array> {
  const { components } = judged;
  let best = bestSingle(judged);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const before = best.gain;
    for (let component = 0; component < components; component += 1) {
      await setImmediate();
      signal?.throwIfAborted();
      for (const change of CHANGES) {
        const weights = best.weights.slice();
        weights[component] = weights[component] === 0 ? change / 10 : weights[component] * change;
        const gain = meanGain(judged, weights);
        if (gain > best.gain) best = { weights, gain };
      }
    }
    if (best.gain <= before) break;
  }
  const largest = Math.max(...best.weights);
  return best.weights.map((weight) => weight / largest);
}

interface Weighed {
  readonly weights: Float64Array;
  readonly gain: number;
}

/** The better of all components alike and any of them mostly alone. */
function bestSingle(judged: JudgedCandidates): Weighed {
  const { components } = judged;
  const starts = Array.from({ length: components }, (_, chosen) =>
    Float64Array.from({ length: components }, (_weight, component) => (component === chosen ? 1 : 0.1)),
  );
  starts.push(new Float64Array(components).fill(1));
  return starts
    .map((weights) => ({ weights, gain: meanGain(judged, weights) }))
    .reduce((best, other) => (other.gain > best.gain ? other : best));
}

/** Mean NDCG@10 of the candidates in the order of their weighted scores. */
export function meanGain({ users, components }: JudgedCandidates, weights: Float64Array): number {
  let total = 0;
  for (const { scores, relevant, idealGain } of users) {
    if (relevant.length === 0) continue;
    const sums = new Float64Array(scores.length / components);
    for (let place = 0; place < sums.length; place += 1) {
      for (let component = 0; component < components; component += 1) {
        sums[place] += weights[component] * scores[place * components + component];
      }
    }
    let gain = 0;
    for (const place of relevant) {
      const rank = rankOf(sums, place);
      if (rank < CUTOFF) gain += 1 / Math.log2(rank + 2);
    }
    total += gain / idealGain;
  }
  return users.length === 0 ? 0 : total / users.length;
}

/** How many are better; of equal ones those that come first. */
function rankOf(sums: Float64Array, place: number): number {
  const own = sums[place];
  let rank = 0;
  for (let other = 0; other < sums.length; other += 1) {
    if (sums[other] > own || (sums[other] === own && other < place)) rank += 1;
  }
  return rank;
}

function gainOfFirst(count: number): number {
  let gain = 0;
  for (let rank = 0; rank < count; rank += 1) gain += 1 / Math.log2(rank + 2);
  return gain;
}
