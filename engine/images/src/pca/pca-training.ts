import { type PrincipalComponentsModel, principalComponents, type Table } from "@rondo/learn";
import type { HyperparameterValues } from "../hyperparameters.ts";
import type { TrainingContext } from "../image.ts";
import { inUserTerms } from "../in-user-terms.ts";
import { FIRST_PARTY_MODEL_FILE, saveModel } from "../save-model.ts";
import { readTrainAndTest } from "../tabular/read-train-and-test.ts";
import { rowSlices } from "../tabular/row-slices.ts";
import { createTrainingLog } from "../tabular/training-log.ts";

/** Rows that are projected at once. */
const TEST_ROWS = 8192;

/** Trains and writes `model/model_algo-1`; says how much of the variance the components hold. */
export async function trainPca(values: HyperparameterValues, context: TrainingContext): Promise<void> {
  const columns = Number(values["feature_dim"]);
  const { train, test } = await readTrainAndTest(context, { columns, labels: { train: 0, test: 0 } });
  const log = createTrainingLog(context, "AWS/PCA");
  const { signal: stop, threads } = context;
  const parameters = {
    components: Number(values["num_components"]),
    mode: values["algorithm_mode"] as "regular" | "randomized",
    extraComponents: Number(values["extra_components"]),
    subtractMean: values["subtract_mean"] === "true",
  };
  const onProgress = ({ fraction }: { readonly fraction: number }): void => log.progress(fraction);
  const model = await inUserTerms(() =>
    principalComponents.fit(parameters, { train }, { seed: 0, threads, stop, onProgress }),
  );
  await saveModel(context.directory, FIRST_PARTY_MODEL_FILE, principalComponents.encode(model));
  const variance = model.variances.reduce((sum, value) => sum + value, 0);
  // Of rows that are all the same nothing is lost.
  const explained = model.totalVariance > 0 ? variance / model.totalVariance : 1;
  log.quality({ dataset: "train", metric: "explained_variance_ratio", kind: "score", value: explained });
  if (test === undefined || stop.aborted) return;
  const value = await inUserTerms(() => reconstructionError(model, test, stop));
  if (!stop.aborted) log.quality({ dataset: "test", metric: "reconstruction_mse", value });
}

/** Per number: what is lost when rows are projected and projected back. The components are orthonormal, so lengths tell. */
async function reconstructionError(
  model: PrincipalComponentsModel,
  { features }: Table,
  signal: AbortSignal,
): Promise<number> {
  const { columns } = features;
  let lost = 0;
  for await (const slice of rowSlices(features, TEST_ROWS, signal)) {
    const projected = principalComponents.predict(model, slice.features).values;
    lost += squaredDistancesToMean(model, slice.features) - projected.reduce((sum, value) => sum + value ** 2, 0);
  }
  return Math.max(0, lost) / features.rows / columns;
}

function squaredDistancesToMean({ mean }: PrincipalComponentsModel, rows: Table["features"]): number {
  const { columns } = rows;
  if (rows.kind === "dense") {
    return rows.values.reduce((sum, value, place) => sum + (value - (mean[place % columns] ?? 0)) ** 2, 0);
  }
  const ofZeros = mean.reduce((sum, value) => sum + value ** 2, 0) * rows.rows;
  return rows.values.reduce((sum, value, entry) => {
    const center = mean[rows.columnIndexes[entry] ?? 0] ?? 0;
    return sum + (value - center) ** 2 - center ** 2;
  }, ofZeros);
}
