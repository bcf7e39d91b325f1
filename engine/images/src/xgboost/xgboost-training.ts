import {
  type Booster,
  encodeXgboostModel,
  gradientBoosting,
  linearBoosting,
  type MetricValue,
  type Table,
  type TableData,
  type TableFitContext,
  type TableFitProgress,
} from "@rondo/learn";
import { ClientError } from "../client-error.ts";
import type { HyperparameterValues } from "../hyperparameters.ts";
import type { TrainingContext } from "../image.ts";
import { inUserTerms } from "../in-user-terms.ts";
import { saveModel } from "../save-model.ts";
import { readTableChannel } from "../tabular/read-table-channel.ts";
import type { TabularFormat } from "../tabular/tabular-type.ts";
import { boostingParameters, linearParameters } from "./boosting-parameters.ts";
import { evaluationLine } from "./evaluation-line.ts";
import { crossValidate } from "./xgboost-cross-validation.ts";

export const MODEL_FILE = "xgboost-model";

/** The first is what a channel without a content type holds, as in AWS's container. */
export const TRAINING_FORMATS: readonly [TabularFormat, ...TabularFormat[]] = [
  "libsvm",
  "csv",
  "parquet",
  "recordio-protobuf",
];

/** Trains and writes `model/xgboost-model`, or with `_kfold` one model of each fold; the log has XGBoost's lines. */
export async function trainXgboost(values: HyperparameterValues, context: TrainingContext): Promise<void> {
  const algorithm = chooseAlgorithm(values, context);
  const channels = await readChannels(values, context);
  const seed = Number(values["seed"]);
  const fit = createFit(
    algorithm,
    { seed, threads: Math.min(context.threads, Number(values["nthread"] ?? context.threads)) },
    context,
  );
  if (values["_kfold"] !== undefined) {
    const folds = {
      folds: Number(values["_kfold"]),
      repetitions: Number(values["_num_cv_round"]),
      seed,
      isClassification: isClassification(values),
    };
    return crossValidate(channels, folds, { fit, context, modelFile: MODEL_FILE });
  }
  const { model } = await fit(channels.train, channels.validation);
  const { best_iteration: best } = model.attributes;
  if (best !== undefined) context.log(`Best iteration: [${best}]`);
  if (context.signal.aborted && values["save_model_on_termination"] === "false") return;
  await saveModel(context.directory, MODEL_FILE, encodeXgboostModel(model));
}

type Fit = (data: TableData, context: TableFitContext) => Promise<Booster>;

/** Throws ClientError for hyperparameters that do not go together. */
function chooseAlgorithm(values: HyperparameterValues, { hyperparameters, log }: TrainingContext): Fit {
  const parameters = boostingParameters(values, log);
  if (values["booster"] !== "gblinear") return (data, context) => gradientBoosting.fit(parameters, data, context);
  const linear = linearParameters(parameters, hyperparameters);
  return (data, context) => linearBoosting.fit(linear, data, context);
}

/** Trains on a table; logs and returns what the metrics say of it and of the other. */
function createFit(
  algorithm: Fit,
  { seed, threads }: { readonly seed: number; readonly threads: number },
  { log, signal }: TrainingContext,
) {
  return async (
    train: Table,
    validation: Table | undefined,
  ): Promise<{ model: Booster; metrics: readonly MetricValue[]; rounds: number }> => {
    let metrics: readonly MetricValue[] = [];
    let rounds = 0;
    const onProgress = (progress: TableFitProgress): void => {
      metrics = progress.metrics;
      rounds = progress.iteration;
      log(evaluationLine(progress.iteration - 1, metrics));
    };
    const judged = validation === undefined ? [] : [{ name: "validation", table: validation }];
    const evaluated = [{ name: "train", table: train }, ...judged];
    const model = await inUserTerms(() => algorithm({ train, evaluated }, { seed, threads, stop: signal, onProgress }));
    return { model, metrics, rounds };
  };
}

interface Channels {
  readonly train: Table;
  readonly validation: Table | undefined;
}

async function readChannels(
  values: HyperparameterValues,
  { directory, log, signal }: TrainingContext,
): Promise<Channels> {
  const options = { formats: TRAINING_FORMATS, weightColumn: values["csv_weights"] === 1, signal };
  const isSurvival = values["objective"] === "survival:aft";
  const read = async (channel: string, columns?: number): Promise<Table | undefined> => {
    const table = await readTableChannel(directory, channel, columns === undefined ? options : { ...options, columns });
    return isSurvival && table !== undefined ? withBounds(table) : table;
  };
  const train = await read("train");
  if (train === undefined) throw new ClientError("The channel train is required.");
  log(`Train matrix has ${train.features.rows} rows and ${train.features.columns} columns`);
  const validation = await read("validation", train.features.columns);
  if (validation !== undefined) log(`Validation matrix has ${validation.features.rows} rows`);
  return { train, validation };
}

/** Files have one label: a time, or as for survival:cox the negative of the time until which nothing had happened. */
function withBounds(table: Table): Table {
  const { labels } = table;
  if (labels === undefined || table.bounds !== undefined) return table;
  const lower = labels.map(Math.abs);
  return {
    ...table,
    bounds: { lower, upper: lower.map((time, row) => ((labels[row] ?? 0) < 0 ? Number.POSITIVE_INFINITY : time)) },
  };
}

function isClassification({ objective }: HyperparameterValues): boolean {
  return /^(binary|multi):/.test(String(objective));
}
