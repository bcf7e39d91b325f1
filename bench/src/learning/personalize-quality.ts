import { recommendAll } from "@rondo/learn";
import { openScorer, trainModel, type WeighedChoice } from "@rondo/personalize";
import type { LearningBench, LearningBenchContext, Measurement } from "./learning-bench.ts";
import { groupOf } from "./personalize-group.ts";
import { judgeLists, type Mode } from "./recommenders-judgement.ts";
import { askPeer, type PeerModel, recommenderPeers, writePairs } from "./recommenders-peer.ts";
import { type RecommendationSet, recommendationSets } from "./recommenders-sets.ts";

const CUTOFF = 10;
const RECIPE = "aws-user-personalization-v2";

interface Contest {
  readonly set: keyof typeof recommendationSets;
  /** Which modes are judged, by what best peer. */
  readonly modes: readonly { readonly mode: Mode; readonly peer: PeerModel; readonly ndcg: number }[];
  /** What the set says of time, as TIMESTAMP: nothing, the order of each user's events, or seconds. */
  readonly time: "none" | "order" | "clock";
}

const contests: readonly Contest[] = [
  {
    set: "beauty",
    time: "order",
    modes: [{ mode: "new", peer: { model: "bm25", settings: { K: 500, K1: 1.2, B: 0.2 } }, ndcg: 0.0427 }],
  },
  {
    set: "citeulike",
    time: "none",
    modes: [{ mode: "new", peer: { model: "rp3beta", settings: { alpha: 0.6, beta: 0.3, K: 500 } }, ndcg: 0.1995 }],
  },
  {
    set: "retail",
    time: "clock",
    modes: [
      { mode: "new", peer: { model: "ease-scipy", settings: { l2: 200 } }, ndcg: 0.1022 },
      { mode: "any", peer: { model: "own-count", settings: {} }, ndcg: 0.3426 },
    ],
  },
];

/** The recipe's own choice of algorithms and weights, without a hint of the data set, beside the best peer of each. */
export const personalizeQuality: LearningBench = {
  name: "personalize",
  kind: "quality",
  peers: recommenderPeers,
  async *run(context) {
    for (const contest of contests) {
      const set = await recommendationSets[contest.set](context.data);
      if (set === undefined) context.log(`${contest.set} is left out: its data are missing.`);
      else yield* measure(context, contest, set);
    }
  },
};

async function* measure(
  context: LearningBenchContext,
  { set: name, modes, time }: Contest,
  set: RecommendationSet,
): AsyncGenerator<Measurement> {
  const request = { recipe: RECIPE, trainingMode: "FULL", performHPO: false, solutionConfig: {} } as const;
  const { threads } = context;
  const clock = { now: () => new Date() };
  const { model } = await trainModel(groupOf(timed(set, time)), request, { threads, clock });
  const { scorer, newItemsScorer, components } = await openScorer(model);
  await using pairs = await writePairs(set.train);
  for (const { mode, peer, ndcg } of modes) {
    const isNew = mode === "new";
    const options = { count: CUTOFF, exclude: isNew ? "history" : "none" } as const;
    const ranked = await recommendAll(isNew ? newItemsScorer : scorer, model.learned, options, context);
    const lists = Array.from(ranked.counts, (length, user) =>
      Array.from(ranked.items.subarray(user * ranked.count, user * ranked.count + length)),
    );
    const data = `${name}, ${mode}`;
    const setting = describe(components, isNew);
    yield { data, program: "rondo", setting, figures: judgeLists(set, mode, lists, { ndcg }) };
    const { version, items } = await askPeer(context, pairs.path, peer, mode);
    const settings = `${peer.model} ${JSON.stringify(peer.settings).replaceAll(/["{}]/g, "")}`;
    yield { data, program: version, setting: settings, figures: judgeLists(set, mode, items) };
  }
}

/** Users and items keep their numbers, since ids are numbered by their place in the dictionary. */
function timed({ train }: RecommendationSet, time: Contest["time"]): RecommendationSet["train"] {
  if (time === "clock") return train;
  const { starts, times } = train.events;
  const places = new Float64Array(times.length);
  for (let user = 0; user < train.users && time === "order"; user += 1) {
    const first = starts[user] ?? 0;
    for (let event = first; event < (starts[user + 1] ?? 0); event += 1) places[event] = event - first;
  }
  return { ...train, events: { ...train.events, times: places } };
}

function describe(components: readonly WeighedChoice[], isNew: boolean): string {
  return components
    .map(({ algorithm, weight, newItemsWeight }) => ({ algorithm, share: isNew ? newItemsWeight : weight }))
    .filter(({ share }) => share > 0)
    .toSorted((a, b) => b.share - a.share)
    .map(({ algorithm, share }) => `${share.toFixed(2)} ${algorithm}`)
    .join(" + ");
}
