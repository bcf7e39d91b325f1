import {
  findNeighboursInParallel,
  type NearestNeighboursModel,
  nearestNeighbours,
  type Table,
  vote,
} from "@rondo/learn";
import { ClientError } from "../client-error.ts";
import type { HyperparameterValues } from "../hyperparameters.ts";
import type { TrainingContext } from "../image.ts";
import { inUserTerms } from "../in-user-terms.ts";
import { FIRST_PARTY_MODEL_FILE, saveModel } from "../save-model.ts";
import { readTrainAndTest } from "../tabular/read-train-and-test.ts";
import { rowSlices } from "../tabular/row-slices.ts";
import { createTrainingLog, type TrainingLog } from "../tabular/training-log.ts";

const indexes = { "faiss.Flat": "flat", "faiss.IVFFlat": "ivf-flat", "faiss.IVFPQ": "ivf-pq" } as const;
const metrics = { L2: "l2", INNER_PRODUCT: "inner-product", COSINE: "cosine" } as const;
/** Rows whose neighbours are held at once. */
const TEST_ROWS = 8192;

/** Trains and writes `model/model_algo-1`; the log has k-NN's lines. */
export async function trainKnn(values: HyperparameterValues, context: TrainingContext): Promise<void> {
  const parameters = toParameters(values);
  const columns = Number(values["feature_dim"]);
  const { train, test } = await readTrainAndTest(context, { columns, labels: { train: 1, test: 1 } });
  const log = createTrainingLog(context, "AWS/KNN");
  const { signal: stop, threads } = context;
  const onProgress = ({ fraction }: { readonly fraction: number }): void => log.progress(fraction);
  const model = await inUserTerms(() =>
    nearestNeighbours.fit(parameters, { train }, { seed: 0, threads, stop, onProgress }),
  );
  log.progress(1);
  await saveModel(context.directory, FIRST_PARTY_MODEL_FILE, nearestNeighbours.encode(model));
  if (test !== undefined) await reportQuality(model, test, { context, log });
}

function toParameters(values: HyperparameterValues): Parameters<typeof nearestNeighbours.fit>[0] {
  const reduction = values["dimension_reduction_type"] as "sign" | "fjlt" | undefined;
  const reducedColumns = values["dimension_reduction_target"];
  const index = indexes[values["index_type"] as keyof typeof indexes];
  const quantizers = values["faiss_index_pq_m"];
  if (reduction !== undefined && reducedColumns === undefined) {
    throw new ClientError("Hyperparameter dimension_reduction_target is required with dimension_reduction_type.");
  }
  if (index === "ivf-pq" && quantizers === undefined) {
    throw new ClientError("Hyperparameter faiss_index_pq_m is required with the index_type faiss.IVFPQ.");
  }
  const lists = values["faiss_index_ivf_nlists"];
  return {
    k: Number(values["k"]),
    predictor: values["predictor_type"] as "classifier" | "regressor",
    sampleSize: Number(values["sample_size"]),
    metric: metrics[values["index_metric"] as keyof typeof metrics],
    index,
    lists: lists === "auto" ? 0 : Number(lists),
    ...(quantizers === undefined ? {} : { quantizers: Number(quantizers) }),
    ...(reduction === undefined ? {} : { reduction, reducedColumns: Number(reducedColumns) }),
  };
}

async function reportQuality(
  model: NearestNeighboursModel,
  { features, labels }: Table,
  { context, log }: { readonly context: TrainingContext; readonly log: TrainingLog },
): Promise<void> {
  if (labels === undefined) throw new ClientError("The channel test has no labels.");
  let correct = 0;
  let squares = 0;
  for await (const { start, features: slice } of rowSlices(features, TEST_ROWS, context.signal)) {
    const found = await inUserTerms(() => findNeighboursInParallel(model, slice, context.threads));
    for (const [row, predicted] of vote(model, found).values.entries()) {
      const label = labels[start + row] ?? 0;
      if (predicted === label) correct += 1;
      squares += (predicted - label) ** 2;
    }
  }
  if (context.signal.aborted) return;
  if (model.predictor === "classifier") {
    log.quality({ dataset: "test", metric: "accuracy", kind: "score", value: correct / features.rows });
  } else {
    log.quality({ dataset: "test", metric: "mse", value: squares / features.rows });
  }
}
