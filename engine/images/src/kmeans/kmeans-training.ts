import { type KMeansModel, kMeans, type Table, type TableFitProgress } from "@rondo/learn";
import { readChoices } from "../choice-list.ts";
import type { HyperparameterValues } from "../hyperparameters.ts";
import type { TrainingContext } from "../image.ts";
import { inUserTerms } from "../in-user-terms.ts";
import { FIRST_PARTY_MODEL_FILE, saveModel } from "../save-model.ts";
import { readTrainAndTest } from "../tabular/read-train-and-test.ts";
import { rowSlices } from "../tabular/row-slices.ts";
import { createTrainingLog } from "../tabular/training-log.ts";

const initializations = { random: "random", "kmeans++": "k-means++" } as const;
/** AWS leaves the centers as the clustering of centers has them; Lloyd's iteration over all rows only lowers msd. */
const FINAL_ITERATIONS = 100;
/** Rows whose centers are found in one go. */
const ROWS_PER_SLICE = 8192;

/** Trains and writes `model/model_algo-1`; the log has K-Means' lines. */
export async function trainKMeans(values: HyperparameterValues, context: TrainingContext): Promise<void> {
  const metrics = readChoices("eval_metrics", String(values["eval_metrics"]), ["msd", "ssd"]);
  const columns = Number(values["feature_dim"]);
  const { train, test } = await readTrainAndTest(context, { columns, labels: { train: 0, test: 0 } });
  const log = createTrainingLog(context, "AWS/KMeansWebscale");
  const { signal: stop, threads } = context;
  let epoch = 0;
  const onProgress = (progress: TableFitProgress): void => {
    for (const { metric, value } of progress.metrics) log.quality({ dataset: "train", metric, value, epoch: epoch++ });
    if (progress.metrics.length > 0) log.progress(progress.fraction);
  };
  const model = await inUserTerms(() =>
    kMeans.fit(toParameters(values), { train }, { seed: 0, threads, stop, onProgress }),
  );
  log.progress(1);
  await saveModel(context.directory, FIRST_PARTY_MODEL_FILE, kMeans.encode(model));
  if (test === undefined || stop.aborted) return;
  const ssd = await inUserTerms(() => sumSquaredDistances(model, test, stop));
  if (stop.aborted) return;
  const figures = { ssd, msd: ssd / test.features.rows };
  for (const metric of metrics) log.quality({ dataset: "test", metric, value: figures[metric] });
}

function toParameters(values: HyperparameterValues): Parameters<typeof kMeans.fit>[0] {
  const numberOr0 = (name: string): number => (values[name] === "auto" ? 0 : Number(values[name]));
  const initialization = (name: string) => initializations[values[name] as keyof typeof initializations];
  return {
    method: "web-scale",
    k: Number(values["k"]),
    epochs: Number(values["epochs"]),
    miniBatchSize: Number(values["mini_batch_size"]),
    halfLife: Number(values["half_life_time_size"]),
    extraCenterFactor: numberOr0("extra_center_factor"),
    initialization: initialization("init_method"),
    localInitialization: initialization("local_lloyd_init_method"),
    localMaximumIterations: Number(values["local_lloyd_max_iter"]),
    localRestarts: numberOr0("local_lloyd_num_trials"),
    localTolerance: Number(values["local_lloyd_tol"]),
    maximumIterations: FINAL_ITERATIONS,
  };
}

async function sumSquaredDistances(model: KMeansModel, { features }: Table, signal: AbortSignal): Promise<number> {
  let sum = 0;
  for await (const slice of rowSlices(features, ROWS_PER_SLICE, signal)) {
    const { rows, values } = kMeans.predict(model, slice.features);
    for (let row = 0; row < rows; row += 1) sum += (values[row * 2 + 1] ?? 0) ** 2;
  }
  return sum;
}
