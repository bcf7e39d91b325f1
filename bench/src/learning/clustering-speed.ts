import {
  findNeighboursInParallel,
  kMeans,
  latentDirichlet,
  nearestNeighbours,
  principalComponents,
  randomCutForest,
  vote,
} from "@rondo/learn";
import { type ClusteringSet, clusteringPeers, prepareClusteringSet } from "./clustering-data.ts";
import type { LearningBench, LearningBenchContext, Measurement } from "./learning-bench.ts";
import { runPeer } from "./peer.ts";

const ROUNDS = 5;
/** Ours ÷ the peer's seconds that K-Means, PCA and k-NN are to reach. */
const GOAL = 1.5;

interface Contest {
  readonly data: string;
  readonly setting: string;
  /** Of the peer's program, behind the folder. */
  readonly command: readonly [string, ...string[]];
  readonly work: (set: ClusteringSet, threads: number) => Promise<unknown>;
  readonly hasGoal: boolean;
  readonly rounds?: number;
}

const kMeansContest = (data: string, k: number): Contest => ({
  data,
  setting: `k-means, k = ${k}, 1 start`,
  command: ["kmeans", String(k), "1"],
  work: ({ train }, threads) => kMeans.fit({ k }, { train }, { seed: 0, threads }),
  hasGoal: true,
});

const neighboursContest = (data: string, k: number): Contest => ({
  data,
  setting: `k-NN, k = ${k}, training and prediction`,
  command: ["knn", String(k)],
  work: async ({ train, test }, threads) => {
    const model = await nearestNeighbours.fit({ k }, { train }, { seed: 0, threads });
    return vote(model, await findNeighboursInParallel(model, test.features, threads));
  },
  hasGoal: true,
});

const pcaContest = (data: string, components: number, mode: "regular" | "randomized"): Contest => ({
  data,
  setting: `PCA, ${components} components, ${mode}`,
  command: ["pca", String(components), mode === "regular" ? "auto" : "randomized"],
  work: ({ train }, threads) => principalComponents.fit({ components, mode }, { train }, { seed: 0, threads }),
  hasGoal: true,
});

const contests: readonly Contest[] = [
  kMeansContest("letter", 26),
  neighboursContest("letter", 5),
  pcaContest("letter", 8, "regular"),
  kMeansContest("shuttle", 7),
  neighboursContest("shuttle", 5),
  {
    data: "shuttle",
    setting: "anomalies, 100 trees of 256, training and prediction",
    command: ["forest"],
    work: async ({ train, test }, threads) =>
      randomCutForest.predict(await randomCutForest.fit({}, { train }, { seed: 0, threads }), test.features),
    hasGoal: false,
  },
  kMeansContest("spambase", 10),
  neighboursContest("spambase", 5),
  pcaContest("spambase", 10, "regular"),
  kMeansContest("noise", 50),
  neighboursContest("noise", 5),
  pcaContest("noise", 10, "regular"),
  pcaContest("noise", 10, "randomized"),
  {
    data: "reuters",
    setting: "LDA, 20 topics, training",
    command: ["lda", "20", "5000"],
    work: ({ train }, threads) => latentDirichlet.fit({ topics: 20 }, { train }, { seed: 0, threads }),
    hasGoal: false,
    rounds: 1,
  },
];

/** Ours and scikit-learn in turn, both warm, on the same float32 numbers. */
export const clusteringSpeed: LearningBench = {
  name: "clustering",
  kind: "speed",
  peers: clusteringPeers,
  async *run(context) {
    for (const data of new Set(contests.map((contest) => contest.data))) {
      await using set = await prepareClusteringSet(context, data);
      for (const contest of contests.filter((candidate) => candidate.data === data))
        yield* compare(context, set, contest);
    }
  },
};

async function* compare(
  context: LearningBenchContext,
  set: ClusteringSet,
  { setting, command, work, hasGoal, rounds = ROUNDS }: Contest,
): AsyncGenerator<Measurement> {
  const { threads } = context;
  const ours: number[] = [];
  const theirs: number[] = [];
  const [name, ...rest] = command;
  let version = "";
  if (rounds > 1) await work(set, threads);
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    await work(set, threads);
    ours.push((performance.now() - start) / 1000);
    const peer = await runPeer<{ seconds: number; version: string }>(context, "clustering_peer.py", [
      name,
      set.folder,
      ...rest,
    ]);
    theirs.push(peer.seconds);
    version = peer.version;
  }
  const ratio = median(ours) / median(theirs);
  const goal = hasGoal ? { goal: { text: `≤ ${GOAL} × scikit-learn`, reached: ratio <= GOAL } } : {};
  const described = `${setting}, ${threads} threads`;
  yield {
    data: set.name,
    program: "rondo",
    setting: described,
    figures: { s: { value: median(ours), ratio, ...goal } },
  };
  const figures = { s: { value: median(theirs) } };
  yield { data: set.name, program: `scikit-learn ${version}`, setting: described, figures };
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[values.length >> 1] ?? Number.NaN;
}
