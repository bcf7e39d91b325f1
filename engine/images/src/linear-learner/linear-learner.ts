import { readHyperparameters } from "../hyperparameters.ts";
import type { BuiltInImage } from "../image.ts";
import { qualityMetricRegex } from "../tabular/training-log.ts";
import { linearLearnerHyperparameters } from "./linear-learner-hyperparameters.ts";
import { loadLinearLearner } from "./linear-learner-serving.ts";
import { trainLinearLearner } from "./linear-learner-training.ts";

/** What "Tune a linear learner model" names, and how the log calls it. */
const metrics: Readonly<Record<string, string>> = {
  objective_loss: "\\S+_objective",
  absolute_loss: "absolute_loss",
  mse: "mse",
  rmse: "rmse",
  mae: "mae",
  r2: "r2",
  binary_classification_accuracy: "binary_classification_accuracy",
  binary_f_beta: "binary_f_\\S+",
  precision: "precision",
  recall: "recall",
  roc_auc_score: "roc_auc_score",
  multiclass_accuracy: "multiclass_accuracy",
  multiclass_top_k_accuracy: "multiclass_top_k_accuracy_\\d+",
  dcg: "dcg",
  macro_precision: "macro_precision",
  macro_recall: "macro_recall",
  macro_f_beta: "macro_f_\\S+",
};

const contentTypes = ["text/csv", "application/x-recordio-protobuf"];

/** Linear Learner. The artifact `model_algo-1` is our own format, a line of JSON and float64 weights; AWS's is an MXNet archive. */
export const linearLearnerImage: BuiltInImage = {
  repository: "linear-learner",
  tags: ["1", "latest"],
  hyperparameters: linearLearnerHyperparameters,
  metrics: ["train", "validation", "test"].flatMap((dataset) =>
    Object.entries(metrics).map(([name, logged]) => ({
      name: `${dataset}:${name}`,
      regex: qualityMetricRegex(dataset, logged),
    })),
  ),
  channels: ["train", "validation", "test"].map((name) => ({ name, required: name === "train", contentTypes })),
  train: (context) =>
    trainLinearLearner(readHyperparameters(linearLearnerHyperparameters, context.hyperparameters), context),
  load: loadLinearLearner,
};
