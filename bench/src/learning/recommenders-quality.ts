import {
  type BlendComponent,
  blendComponent,
  createBlend,
  createReranker,
  ease,
  itemItem,
  ownHistory,
  popularity,
  recommendAll,
  rp3Beta,
  sequential,
} from "@rondo/learn";
import type { LearningBench, LearningBenchContext, Measurement } from "./learning-bench.ts";
import { judgeLists, type Mode } from "./recommenders-judgement.ts";
import { askPeer, type PeerModel, recommenderPeers, writePairs } from "./recommenders-peer.ts";
import { type RecommendationSet, recommendationSets } from "./recommenders-sets.ts";

const CUTOFF = 10;
const SEED = 1;

interface Contest {
  readonly set: keyof typeof recommendationSets;
  readonly mode: Mode;
  readonly ours: readonly { readonly setting: string; readonly component: BlendComponent }[];
  readonly peers: readonly PeerModel[];
  /** What the first of ours is to reach. */
  readonly goals: { readonly ndcg: number; readonly hitRate?: number };
}

type Mixing = Parameters<typeof blendComponent>[1];

/** A blend as one more component. */
function blendOf(components: readonly BlendComponent[], parameters: Mixing): BlendComponent {
  return blendComponent(createBlend(components), parameters);
}

/** What algorithms propose, as it is and re-ranked by LambdaMART with its defaults; `name` is the blend's. */
function mixed(name: string, components: readonly BlendComponent[], parameters: Mixing): Contest["ours"] {
  return [
    { setting: `re-ranking of ${name}`, component: blendComponent(createReranker(components), parameters) },
    { setting: `blend of ${name}`, component: blendOf(components, parameters) },
  ];
}

/** Every parameter was chosen by NDCG@10 on the tuning split inside the training data; the peers' are those of the reference. */
const contests: readonly Contest[] = [
  {
    set: "beauty",
    mode: "new",
    ours: [
      { setting: "sequential", component: blendComponent(sequential, { lengthDiscount: 0.1 }) },
      ...mixed(
        "sequential and BM25",
        [
          blendComponent(sequential, { lengthDiscount: 0.1 }),
          blendComponent(itemItem, { similarity: "bm25", halfLifeItems: 2 }),
        ],
        { heldOut: "last-event" },
      ),
      { setting: "item-item BM25", component: blendComponent(itemItem, { similarity: "bm25" }) },
    ],
    peers: [
      { model: "bm25", settings: { K: 500, K1: 1.2, B: 0.2 } },
      { model: "rp3beta", settings: { alpha: 0.6, beta: 0.1, K: 500 } },
    ],
    goals: { ndcg: 0.0427, hitRate: 0.0754 },
  },
  {
    set: "citeulike",
    mode: "new",
    ours: [{ setting: "RP3beta", component: blendComponent(rp3Beta, { alpha: 0.65, beta: 0.35, neighbours: 5000 }) }],
    peers: [{ model: "rp3beta", settings: { alpha: 0.6, beta: 0.3, K: 500 } }],
    goals: { ndcg: 0.1995 },
  },
  {
    set: "retail",
    mode: "new",
    ours: [
      ...mixed(
        "EASE and recent popularity",
        [
          blendComponent(ease, { penalty: 200, halfLifeDays: 60 }),
          blendComponent(popularity, { windowDays: 30 }),
          blendComponent(popularity, { counts: "events", halfLifeDays: 7 }),
        ],
        { heldOut: "last-period" },
      ),
      { setting: "EASE", component: blendComponent(ease, { penalty: 200 }) },
    ],
    peers: [
      { model: "ease-scipy", settings: { l2: 200 } },
      { model: "als", settings: { factors: 64, regularization: 1, alpha: 1 } },
    ],
    goals: { ndcg: 0.102 },
  },
  {
    set: "retail",
    mode: "any",
    ours: [
      ...mixed(
        "own history, EASE, popularity",
        [
          blendComponent(ownHistory, { repeatExponent: 1, halfLifeDays: 250 }),
          blendComponent(ownHistory, { repeatExponent: 1, halfLifeDays: 30 }),
          blendComponent(ease, { penalty: 200 }),
          blendComponent(popularity, { windowDays: 30 }),
        ],
        { heldOut: "last-period", exclude: "none" },
      ),
      {
        setting: "own history",
        component: blendComponent(ownHistory, { repeatExponent: 1, halfLifeDays: 250 }),
      },
    ],
    peers: [{ model: "own-count", settings: {} }],
    goals: { ndcg: 0.343 },
  },
];

/** The best ten items beside implicit's, scipy's and NumPy's, all lists judged by the same code. */
export const recommendersQuality: LearningBench = {
  name: "recommenders",
  kind: "quality",
  peers: recommenderPeers,
  async *run(context) {
    for (const contest of contests) {
      const set = await recommendationSets[contest.set](context.data);
      if (set === undefined) {
        context.log(`${contest.set} is left out: its data are missing.`);
        continue;
      }
      yield* measure(context, contest, set);
    }
  },
};

async function* measure(
  context: LearningBenchContext,
  { set: name, mode, ours, peers, goals }: Contest,
  set: RecommendationSet,
): AsyncGenerator<Measurement> {
  const data = `${name}, ${mode}`;
  for (const [index, { setting, component }] of ours.entries()) {
    const fitted = await component.fit(set.train, { seed: SEED, threads: context.threads });
    const options = { count: CUTOFF, exclude: mode === "new" ? "history" : "none" } as const;
    const ranked = await recommendAll(fitted.open(), set.train, options, context);
    const lists = Array.from(ranked.counts, (length, user) =>
      Array.from(ranked.items.subarray(user * ranked.count, user * ranked.count + length)),
    );
    yield { data, program: "rondo", setting, figures: judgeLists(set, mode, lists, index === 0 ? goals : undefined) };
  }
  await using pairs = await writePairs(set.train);
  for (const peer of peers) {
    const { version, items } = await askPeer(context, pairs.path, peer, mode);
    const setting = `${peer.model} ${JSON.stringify(peer.settings).replaceAll(/["{}]/g, "")}`;
    yield { data, program: version, setting, figures: judgeLists(set, mode, items) };
  }
}
