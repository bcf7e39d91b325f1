import { multilayerPerceptron, type Table, type TableFitProgress, toDense } from "@rondo/learn";
import { ClientError } from "../client-error.ts";
import type { HyperparameterValues } from "../hyperparameters.ts";
import type { TrainingContext } from "../image.ts";
import { inUserTerms } from "../in-user-terms.ts";
import { saveModel } from "../save-model.ts";
import { readTableChannel } from "../tabular/read-table-channel.ts";
import { createTrainingLog } from "../tabular/training-log.ts";

export const MODEL_FILE = "model.onnx";
/** As many as the network embeds. */
const MOST_CATEGORIES = 10_000;
const FORMATS = ["csv", "recordio-protobuf", "parquet", "jsonlines", "libsvm"] as const;

/** Trains a multilayer perceptron and writes `model/model.onnx`. */
export async function trainOnnx(values: HyperparameterValues, context: TrainingContext): Promise<void> {
  const categorical = parseColumns(String(values["categorical_columns"] ?? ""));
  const train = await readChannel("train", categorical, context);
  if (train === undefined) throw new ClientError("The channel train is required.");
  const validation = await readChannel("validation", categorical, context);
  const log = createTrainingLog(context, "Multilayer Perceptron");
  const onProgress = ({ iteration, fraction, metrics }: TableFitProgress): void => {
    for (const { dataset, metric, value } of metrics) {
      log.quality({ dataset, metric, kind: metric === "accuracy" ? "score" : "loss", value, epoch: iteration - 1 });
    }
    log.progress(fraction);
  };
  const parameters = {
    predictorType: values["predictor_type"] as "binary_classifier" | "multiclass_classifier" | "regressor",
    hiddenLayers: String(values["hidden_layers"]),
    epochs: Number(values["epochs"]),
    batchSize: Number(values["mini_batch_size"]),
    learningRate: Number(values["learning_rate"]),
    weightDecay: Number(values["weight_decay"]),
    dropout: Number(values["dropout"]),
    patience: Number(values["early_stopping_patience"]),
  };
  const data = { train, evaluated: validation === undefined ? [] : [{ name: "validation", table: validation }] };
  const { signal: stop, threads } = context;
  const model = await inUserTerms(() =>
    multilayerPerceptron.fit(parameters, data, { seed: Number(values["seed"]), threads, stop, onProgress }),
  );
  await saveModel(context.directory, MODEL_FILE, multilayerPerceptron.encode(model));
}

function parseColumns(text: string): readonly number[] {
  if (text.trim() === "") return [];
  const columns = text.split(",").map((column) => Number(column.trim()));
  if (columns.every((column) => Number.isSafeInteger(column) && column >= 0)) return columns;
  throw new ClientError(
    `Hyperparameter categorical_columns has the value ${JSON.stringify(text)}; it must be numbers of columns from 0, separated by commas.`,
  );
}

async function readChannel(
  name: string,
  categorical: readonly number[],
  { directory, signal }: TrainingContext,
): Promise<Table | undefined> {
  const table = await readTableChannel(directory, name, { formats: FORMATS, signal });
  if (table === undefined || categorical.length === 0) return table;
  const { features } = table;
  const { values } = toDense(features);
  const categories: (readonly string[] | undefined)[] = Array.from({ length: features.columns }, () => undefined);
  for (const column of categorical) {
    if (column >= features.columns) {
      throw new ClientError(
        `Hyperparameter categorical_columns names the column ${column}; the channel ${name} has ${features.columns}.`,
      );
    }
    let most = 0;
    for (let cell = column; cell < values.length; cell += features.columns) {
      const value = values[cell] ?? 0;
      if (Number.isNaN(value)) continue;
      if (!Number.isInteger(value) || value < 0) {
        const row = Math.floor(cell / features.columns);
        throw new ClientError(
          `Column ${column} of row ${row} of the channel ${name} is ${value}; a categorical column holds numbers from 0.`,
        );
      }
      if (value >= MOST_CATEGORIES) {
        const row = Math.floor(cell / features.columns);
        throw new ClientError(
          `Column ${column} of row ${row} of the channel ${name} is ${value}; a categorical column has at most ${MOST_CATEGORIES} categories.`,
        );
      }
      most = Math.max(most, value);
    }
    categories[column] = Array.from({ length: most + 1 }, (_, category) => String(category));
  }
  return { ...table, categories };
}
