import { type Matrix, type RandomCutForest, randomCutForest, sliceRows, type Table } from "@rondo/learn";
import { readChoices } from "../choice-list.ts";
import { ClientError } from "../client-error.ts";
import type { HyperparameterValues } from "../hyperparameters.ts";
import type { TrainingContext } from "../image.ts";
import { inUserTerms } from "../in-user-terms.ts";
import { FIRST_PARTY_MODEL_FILE, saveModel } from "../save-model.ts";
import { readTrainAndTest } from "../tabular/read-train-and-test.ts";
import { rowSlices } from "../tabular/row-slices.ts";
import { createTrainingLog, type TrainingLog } from "../tabular/training-log.ts";

/** Standard deviations above the mean score from which on a row counts as an anomaly: "How RCF Works" of the developer guide. */
const DEVIATIONS = 3;
/** Rows of the training data that tell mean and deviation. */
const SCORED_ROWS = 5000;
/** Rows that are scored in one go: some milliseconds for each hundred. */
const ROWS_PER_SLICE = 256;

/** Trains and writes `model/model_algo-1`; on the channel test the log has RCF's lines. */
export async function trainRandomCutForest(values: HyperparameterValues, context: TrainingContext): Promise<void> {
  const metrics = readChoices("eval_metrics", String(values["eval_metrics"]), ["accuracy", "precision_recall_fscore"]);
  const columns = Number(values["feature_dim"]);
  const { train, test } = await readTrainAndTest(context, { columns, labels: { train: 0, test: 1 } });
  const log = createTrainingLog(context, "AWS/RandomCutForest");
  const { signal: stop, threads } = context;
  const parameters = { trees: Number(values["num_trees"]), samplesPerTree: Number(values["num_samples_per_tree"]) };
  const onProgress = ({ fraction, iteration }: { readonly fraction: number; readonly iteration: number }): void => {
    if (iteration % 10 === 0) log.progress(fraction);
  };
  const model = await inUserTerms(() =>
    randomCutForest.fit(parameters, { train }, { seed: 0, threads, stop, onProgress }),
  );
  await saveModel(context.directory, FIRST_PARTY_MODEL_FILE, randomCutForest.encode(model));
  if (test === undefined || stop.aborted) return;
  await inUserTerms(() => reportQuality(model, { train, test, metrics, signal: stop }, log));
}

interface Judged {
  readonly train: Table;
  readonly test: Table;
  readonly metrics: readonly ("accuracy" | "precision_recall_fscore")[];
  readonly signal: AbortSignal;
}

async function reportQuality(
  model: RandomCutForest,
  { train, test, metrics, signal }: Judged,
  log: TrainingLog,
): Promise<void> {
  const { labels } = test;
  if (labels === undefined)
    throw new ClientError("The channel test has no labels: 1 for an anomaly, 0 for a usual row.");
  const sample = sliceRows(train.features, 0, Math.min(train.features.rows, SCORED_ROWS));
  const cutoff = cutoffOf(await scoresOf(model, sample, signal));
  const values = await scoresOf(model, test.features, signal);
  if (signal.aborted) return;
  const counts = { correct: 0, found: 0, claimed: 0, anomalies: 0 };
  for (const [row, score] of values.entries()) {
    const [claimed, isAnomaly] = [score > cutoff, labels[row] === 1];
    counts.claimed += Number(claimed);
    counts.anomalies += Number(isAnomaly);
    counts.found += Number(claimed && isAnomaly);
    counts.correct += Number(claimed === isAnomaly);
  }
  const { correct, found, claimed, anomalies } = counts;
  const report = (metric: string, value: number): void =>
    log.quality({ dataset: "test", metric, kind: "score", value });
  if (metrics.includes("accuracy")) report("accuracy", correct / values.length);
  if (!metrics.includes("precision_recall_fscore")) return;
  report("precision", claimed === 0 ? 0 : found / claimed);
  report("recall", anomalies === 0 ? 0 : found / anomalies);
  report("f1", found === 0 ? 0 : (2 * found) / (claimed + anomalies));
}

async function scoresOf(model: RandomCutForest, features: Matrix, signal: AbortSignal): Promise<Float32Array> {
  const scores = new Float32Array(features.rows);
  for await (const slice of rowSlices(features, ROWS_PER_SLICE, signal)) {
    scores.set(randomCutForest.predict(model, slice.features).values, slice.start);
  }
  return scores;
}

/** From the training data's scores, so that the channel test is not looked at. */
function cutoffOf(scores: Float32Array): number {
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / scores.length;
  return mean + DEVIATIONS * Math.sqrt(variance);
}
