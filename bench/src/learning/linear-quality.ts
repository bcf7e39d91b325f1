import { join } from "node:path";
import {
  type FactorizationParameters,
  factorizationMachines,
  linearLearner,
  mostProbable,
  selectRows,
} from "@rondo/learn";
import { createRandom, meanInterval, rocAuc, wilsonInterval } from "@rondo/statistics";
import type { Figure, LearningBench, LearningBenchContext, Measurement } from "./learning-bench.ts";
import { type LinearSet, linearPeers, linearSets, prepareLinearSet, readFloats } from "./linear-sets.ts";
import { runPeer } from "./peer.ts";

const RESAMPLES = 1000;
/** Every such row of the training part is validation data of the runs that choose by it. */
const VALIDATION = 5;

/** Our defaults beside scikit-learn's LogisticRegression(C=1) and Ridge(alpha=1) on the same rows. */
export const linearQuality: LearningBench = {
  name: "linear",
  kind: "quality",
  peers: linearPeers,
  async *run(context) {
    for (const name of linearSets) {
      context.log(`linear: ${name}`);
      await using set = await prepareLinearSet(context, name);
      yield* compare(context, name, set);
    }
    await using pairs = await prepareLinearSet(context, "adult-bins");
    yield* compareFactorization(context, pairs);
  },
};

/** Chosen on a fifth of the training rows. */
const factorization: Partial<FactorizationParameters> = {
  factors: 8,
  epochs: 20,
  miniBatchSize: 200,
  biasLearningRate: 0.01,
  biasWeightDecay: 0,
  linearLearningRate: 0.01,
  linearWeightDecay: 1e-5,
  factorsLearningRate: 0.005,
  factorsWeightDecay: 2e-3,
  factorsInitSigma: 0.05,
};

/** Adult with numbers in bins: what pairs of categories add to the linear model of the same rows of 0 and 1. */
async function* compareFactorization(context: LearningBenchContext, set: LinearSet): AsyncGenerator<Measurement> {
  const { version, values: peer } = await predictByPeer(context, set, "LogisticRegression");
  const machine = await factorizationMachines.fit(factorization, { train: set.train }, { seed: 1, threads: 1 });
  const own = factorizationMachines.predict(machine, set.test.features).values;
  const data = "adult-bins";
  yield { data, program: "rondo", setting: "factorization machine, 8 factors", figures: beside(set, own, peer) };
  yield { data, program: `scikit-learn ${version}`, setting: "LogisticRegression", figures: figuresOf(set, peer) };
}

async function predictByPeer(context: LearningBenchContext, { folder }: LinearSet, estimator: string) {
  const { version } = await runPeer<{ version: string }>(context, "linear_peer.py", ["predict", folder, estimator]);
  return { version, values: await readFloats(join(folder, `${estimator}.predictions`)) };
}

async function* compare(context: LearningBenchContext, data: string, set: LinearSet): AsyncGenerator<Measurement> {
  const estimator = set.classes === 0 ? "Ridge" : "LogisticRegression";
  const { version, values: peer } = await predictByPeer(context, set, estimator);
  const fit = { seed: 1, threads: context.threads };
  const { predictorType } = set;
  const all = await linearLearner.fit({ predictorType }, { train: set.train }, fit);
  const rows = Uint32Array.from(set.train.labels.keys());
  const part = (isChosen: (row: number) => boolean) => selectRows(set.train, rows.filter(isChosen));
  const evaluated = [{ name: "validation", table: part((row) => row % VALIDATION === 0) }];
  const train = part((row) => row % VALIDATION !== 0);
  const chosen = await linearLearner.fit({ predictorType }, { train, evaluated }, fit);
  const own = linearLearner.predict(all, set.test.features).values;
  const selected = linearLearner.predict(chosen, set.test.features).values;
  // Only the first has learned from as many rows as the peer.
  yield { data, program: "rondo", setting: "defaults, all training rows", figures: beside(set, own, peer) };
  yield { data, program: "rondo", setting: "8 models, a fifth to choose by", figures: figuresOf(set, selected) };
  yield { data, program: `scikit-learn ${version}`, setting: estimator, figures: figuresOf(set, peer) };
}

/** Our figures, with the goal that the paired difference of the losses does not speak against us. */
function beside(set: LinearSet, own: Float32Array, peer: Float32Array): Measurement["figures"] {
  const peers = rowLosses(set, peer);
  const differences = rowLosses(set, own).map((loss, row) => loss - at(peers, row));
  const { mean: value, low, high } = meanInterval(differences, { random: createRandom(1), resamples: RESAMPLES });
  const goal = { text: "within noise of the peer: the interval holds 0 or less", reached: low <= 0 };
  return { ...figuresOf(set, own), "loss − peer's": { value, low, high, goal } };
}

/** The loss of each test row: logarithmic of classes, squared of numbers. */
function rowLosses({ classes, test }: LinearSet, values: Float32Array): number[] {
  return Array.from(test.labels, (label, row) => {
    if (classes === 0) return (at(values, row) - label) ** 2;
    const probability =
      classes > 2 ? at(values, row * classes + label) : label === 1 ? at(values, row) : 1 - at(values, row);
    return -Math.log(Math.max(1e-15, probability));
  });
}

function figuresOf(set: LinearSet, values: Float32Array): Measurement["figures"] {
  const { classes, test } = set;
  const { labels } = test;
  const losses = rowLosses(set, values);
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  if (classes === 0) return { rmse: { value: Math.sqrt(mean) } };
  const answers = Array.from(labels, (_, row) =>
    classes === 2 ? Number(at(values, row) > 0.5) : mostProbable(values.subarray(row * classes, (row + 1) * classes)),
  );
  const correct = answers.filter((answer, row) => answer === labels[row]).length;
  const accuracy: Figure = { value: correct / labels.length, ...wilsonInterval(correct, labels.length) };
  const figures = { "log-loss": { value: mean }, accuracy };
  if (classes !== 2) return figures;
  const { auc, low, high } = rocAuc({ scores: values, labels });
  return { auc: { value: auc, low, high }, ...figures };
}

function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? Number.NaN;
}
