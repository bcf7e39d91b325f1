import { type BlendComponent, blendComponent, ease, implicitAls, itemItem, recommendAll } from "@rondo/learn";
import type { LearningBench, LearningBenchContext, Measurement } from "./learning-bench.ts";
import { type PeerModel, type PeerTime, recommenderPeers, timePeer, writePairs } from "./recommenders-peer.ts";
import { type RecommendationSet, recommendationSets } from "./recommenders-sets.ts";

const ROUNDS = 5;

interface Race {
  readonly set: keyof typeof recommendationSets;
  readonly setting: string;
  readonly ours: BlendComponent;
  readonly peers: readonly (PeerModel & {
    /** Our time ÷ the peer's at most. Peers without are for information. */
    readonly goal?: number;
  })[];
}

/** The same settings on both sides; implicit's confidence is alpha, ours 1 + alpha. */
const races: readonly Race[] = [
  {
    set: "beauty",
    setting: "ALS, 128 factors, 15 iterations",
    ours: blendComponent(implicitAls, { factors: 128, alpha: 39, regularization: 1 }),
    peers: [{ model: "als", settings: { factors: 128, regularization: 1, alpha: 40 }, goal: 1 }],
  },
  {
    set: "retail",
    setting: "ALS, 64 factors, 15 iterations",
    ours: blendComponent(implicitAls, { factors: 64, alpha: 0, regularization: 1 }),
    peers: [{ model: "als", settings: { factors: 64, regularization: 1, alpha: 1 }, goal: 1 }],
  },
  {
    set: "retail",
    setting: "EASE, penalty 200, 3607 items",
    ours: blendComponent(ease, { penalty: 200 }),
    peers: [
      { model: "ease-numpy", settings: { l2: 200 }, goal: 1.5 },
      { model: "ease-scipy", settings: { l2: 200 } },
    ],
  },
  {
    set: "beauty",
    setting: "item-item BM25, 500 neighbours",
    ours: blendComponent(itemItem, { similarity: "bm25", neighbours: 500 }),
    peers: [{ model: "bm25", settings: { K: 500, K1: 1.2, B: 0.2 }, goal: 1 }],
  },
  {
    set: "retail",
    setting: "item-item cosine, 1000 neighbours",
    ours: blendComponent(itemItem, { similarity: "cosine", neighbours: 1000 }),
    peers: [{ model: "cosine", settings: { K: 1000 }, goal: 1 }],
  },
];

/** Training beside implicit, NumPy and scipy, in turn on the same pairs; and how many users a second are ranked. */
export const recommendersSpeed: LearningBench = {
  name: "recommenders",
  kind: "speed",
  peers: recommenderPeers,
  async *run(context) {
    for (const race of races) {
      const set = await recommendationSets[race.set](context.data);
      if (set === undefined) context.log(`${race.set} is left out: its data are missing.`);
      else yield* compare(context, race, set);
    }
  },
};

async function* compare(
  context: LearningBenchContext,
  { set: data, setting, ours, peers }: Race,
  { train }: RecommendationSet,
): AsyncGenerator<Measurement> {
  await using pairs = await writePairs(train);
  const fit = { seed: 1, threads: context.threads };
  const fitted = await ours.fit(train, fit);
  const seconds: number[] = [];
  const answers = peers.map((): PeerTime[] => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    seconds.push(await secondsOf(() => ours.fit(train, fit)));
    for (const [index, peer] of peers.entries()) answers[index]?.push(await timePeer(context, pairs.path, peer));
  }
  const scorer = fitted.open();
  const ranking = await secondsOf(() => recommendAll(scorer, train, { count: 10, exclude: "history" }, context));
  const ownTime = median(seconds);
  yield {
    data,
    program: "rondo",
    setting,
    figures: { seconds: { value: ownTime }, "users/s": { value: train.users / ranking } },
  };
  for (const [index, { model, goal }] of peers.entries()) {
    const times = answers[index] ?? [];
    const value = median(times.map((answer) => answer.seconds));
    const ratio = ownTime / value;
    const reached = goal === undefined ? {} : { goal: { text: `ours ≤ ${goal} × this`, reached: ratio <= goal } };
    const program = times[0]?.version ?? model;
    yield { data, program, setting: `${setting} (${model})`, figures: { seconds: { value, ratio, ...reached } } };
  }
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
