import { type LinearParameters, linearLearner } from "@rondo/learn";
import type { LearningBench, LearningBenchContext, Measurement } from "./learning-bench.ts";
import { type LinearSet, linearPeers, prepareLinearSet } from "./linear-sets.ts";
import { runPeer } from "./peer.ts";

const ROUNDS = 5;
const GOAL = 1;

interface Comparison {
  readonly data: string;
  readonly estimator: string;
  readonly setting: string;
  readonly parameters: Partial<LinearParameters>;
}

const comparisons: readonly Comparison[] = [
  ...["adult", "spambase", "letter", "shuttle"].map((data) => ({
    data,
    estimator: "LogisticRegression",
    setting: "defaults",
    parameters: {},
  })),
  {
    data: "adult",
    estimator: "SGDClassifier",
    setting: "15 epochs, no refinement",
    parameters: { refinementIterations: 0, patience: 15 },
  },
  { data: "adult-hours", estimator: "Ridge", setting: "defaults", parameters: {} },
];

/** Training beside scikit-learn on the same rows in memory, standardisation included, ours and the peer in turn. */
export const linearSpeed: LearningBench = {
  name: "linear",
  kind: "speed",
  peers: linearPeers,
  async *run(context) {
    for (const comparison of comparisons) {
      context.log(`linear: ${comparison.data} beside ${comparison.estimator}`);
      await using set = await prepareLinearSet(context, comparison.data);
      for (const threads of new Set([1, context.threads])) yield* compare({ ...context, threads }, comparison, set);
    }
  },
};

async function* compare(
  context: LearningBenchContext,
  { data, estimator, setting, parameters }: Comparison,
  { train, folder, predictorType }: LinearSet,
): AsyncGenerator<Measurement> {
  const { threads } = context;
  const ours: number[] = [];
  const peers: number[] = [];
  let version = "";
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    await linearLearner.fit({ predictorType, ...parameters }, { train }, { seed: round, threads });
    ours.push((performance.now() - start) / 1000);
    const peer = await runPeer<{ seconds: number; version: string }>(context, "linear_peer.py", [
      "time",
      folder,
      estimator,
    ]);
    peers.push(peer.seconds);
    version = peer.version;
  }
  const ratio = median(ours) / median(peers);
  const goal = { text: `≤ ${GOAL} × ${estimator}`, reached: ratio <= GOAL };
  const how = `${setting}, ${threads} threads`;
  yield { data, program: "rondo", setting: how, figures: { seconds: { value: median(ours), ratio, goal } } };
  const peer = `${estimator}, ${threads} threads`;
  yield { data, program: `scikit-learn ${version}`, setting: peer, figures: { seconds: { value: median(peers) } } };
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
