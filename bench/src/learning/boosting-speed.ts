import { createEnsemblePredictor, gradientBoosting, sliceRows } from "@rondo/learn";
import { type BoostingPeer, type BoostingSet, likeLightGbm, likeXgboost, prepareBoostingSet } from "./boosting-data.ts";
import type { Figure, LearningBench, LearningBenchContext, Measurement } from "./learning-bench.ts";
import { runPeer } from "./peer.ts";

const ROUNDS = 5;
/** What is to be reached: ours ÷ the peer's seconds. */
const TRAIN_GOAL = 0.7;
const PREDICT_GOAL = 1;
const ROW_GOAL_MICROSECONDS = 5;
const SINGLE_ROWS = 20_000;
const WARM_ROWS = 2000;

const sets = ["adult", "letter", "gen100k", "gen1m"];

interface Contest {
  readonly setting: string;
  readonly peer: BoostingPeer;
  readonly parameters: typeof likeXgboost;
}

const contests: readonly Contest[] = [
  { setting: "depth 6", peer: "xgboost", parameters: likeXgboost },
  { setting: "31 leaves", peer: "lightgbm", parameters: likeLightGbm },
  { setting: "depth 6", peer: "lightgbm-depth-6", parameters: likeXgboost },
];

interface Seconds {
  readonly train: number;
  readonly predict: number;
}

/** Training with binning, prediction of the test rows in one call, and of one row at a time; ours and the peer in turn, both warm. */
export const boostingSpeed: LearningBench = {
  name: "boosting",
  kind: "speed",
  peers: ["xgboost==3.2.0", "lightgbm==4.7.0", "pandas==3.1.1"],
  async *run(context) {
    for (const name of sets) {
      await using set = await prepareBoostingSet(context, name);
      for (const contest of contests) yield* compare(context, { set, name, contest });
      yield await measureSingleRows(context, name, set);
    }
  },
};

interface Comparison {
  readonly set: BoostingSet;
  readonly name: string;
  readonly contest: Contest;
}

async function* compare(
  context: LearningBenchContext,
  { set, name, contest }: Comparison,
): AsyncGenerator<Measurement> {
  const { setting, peer, parameters } = contest;
  const ours: Seconds[] = [];
  const theirs: Seconds[] = [];
  await measureOurs(context, set, parameters(set));
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push(await measureOurs(context, set, parameters(set)));
    theirs.push(await runPeer(context, "boosting_peer.py", ["time", set.folder, peer]));
  }
  const figure = (part: keyof Seconds, most: number): Figure => {
    const ratio = median(ours, part) / median(theirs, part);
    return { value: median(ours, part), ratio, goal: { text: `≤ ${most} × ${peer}`, reached: ratio <= most } };
  };
  const described = `${setting}, ${context.threads} threads`;
  yield {
    data: name,
    program: "rondo",
    setting: described,
    figures: { "train s": figure("train", TRAIN_GOAL), "predict s": figure("predict", PREDICT_GOAL) },
  };
  yield {
    data: name,
    program: peer,
    setting: described,
    figures: { "train s": { value: median(theirs, "train") }, "predict s": { value: median(theirs, "predict") } },
  };
}

async function measureOurs(
  { threads }: LearningBenchContext,
  { train, test }: BoostingSet,
  parameters: ReturnType<typeof likeXgboost>,
): Promise<Seconds> {
  const start = performance.now();
  const model = await gradientBoosting.fit(parameters, { train }, { seed: 0, threads });
  const trained = performance.now();
  using predictor = createEnsemblePredictor(model, threads);
  await predictor.predict(test.features);
  const begin = performance.now();
  await predictor.predict(test.features);
  return { train: (trained - start) / 1000, predict: (performance.now() - begin) / 1000 };
}

/** As an endpoint does it: a matrix of one row at a time. */
async function measureSingleRows(
  { threads }: LearningBenchContext,
  name: string,
  set: BoostingSet,
): Promise<Measurement> {
  const model = await gradientBoosting.fit(likeXgboost(set), { train: set.train }, { seed: 0, threads });
  const { features } = set.test;
  const times = new Float64Array(SINGLE_ROWS);
  for (let index = -WARM_ROWS; index < SINGLE_ROWS; index += 1) {
    const row = sliceRows(features, (index + WARM_ROWS) % features.rows, ((index + WARM_ROWS) % features.rows) + 1);
    const start = performance.now();
    gradientBoosting.predict(model, row);
    if (index >= 0) times[index] = (performance.now() - start) * 1000;
  }
  const sorted = times.toSorted();
  const middle = sorted[SINGLE_ROWS / 2] ?? Number.NaN;
  const trees = model.trees.length;
  return {
    data: name,
    program: "rondo",
    setting: `one row, ${trees} trees of depth 6`,
    figures: {
      "p50 µs": {
        value: middle,
        // The goal is one of 100 trees; a model of 26 classes has as many for each.
        ...(trees > 100
          ? {}
          : { goal: { text: `< ${ROW_GOAL_MICROSECONDS} µs`, reached: middle < ROW_GOAL_MICROSECONDS } }),
      },
      "p99 µs": { value: sorted[SINGLE_ROWS * 0.99] ?? Number.NaN },
    },
  };
}

function median(results: readonly Seconds[], part: keyof Seconds): number {
  const sorted = results.map((result) => result[part]).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
