import { readHyperparameters } from "../hyperparameters.ts";
import type { BuiltInImage, HyperparameterDefinition } from "../image.ts";
import { qualityMetricRegex } from "../tabular/training-log.ts";
import { loadOnnx } from "./onnx-loading.ts";
import { trainOnnx } from "./onnx-training.ts";

const count = { type: "integer", required: false, minimum: 1, tunable: false } as const;

const hyperparameters: readonly HyperparameterDefinition[] = [
  {
    name: "predictor_type",
    type: "categorical",
    required: true,
    values: ["binary_classifier", "multiclass_classifier", "regressor"],
    tunable: false,
    description: "What is predicted.",
  },
  {
    name: "hidden_layers",
    type: "text",
    required: false,
    default: "128,64",
    tunable: false,
    description: "Units of the hidden layers, separated by commas.",
  },
  {
    name: "categorical_columns",
    type: "text",
    required: false,
    default: "",
    tunable: false,
    description:
      "Columns of features, from 0 and separated by commas, that hold the numbers of categories, from 0; they are embedded.",
  },
  { ...count, name: "epochs", maximum: 1_000_000, default: "30", description: "Passes through the training data." },
  {
    ...count,
    name: "mini_batch_size",
    maximum: 65_536,
    default: "128",
    tunable: true,
    description: "Rows of a step.",
  },
  {
    name: "learning_rate",
    type: "continuous",
    required: false,
    minimum: 0,
    exclusiveMinimum: true,
    maximum: 10,
    default: "0.001",
    tunable: true,
    description: "Adam's step size.",
  },
  {
    name: "weight_decay",
    type: "continuous",
    required: false,
    minimum: 0,
    maximum: 1,
    default: "0.01",
    tunable: true,
    description: "By how much weights shrink in a step, times the learning rate.",
  },
  {
    name: "dropout",
    type: "continuous",
    required: false,
    minimum: 0,
    maximum: 0.95,
    default: "0.1",
    tunable: true,
    description: "The share of units that is left out of a step.",
  },
  {
    ...count,
    name: "early_stopping_patience",
    maximum: 1_000_000,
    default: "5",
    description: "Epochs without a lower loss of the channel validation before training ends with the best weights.",
  },
  {
    name: "seed",
    type: "integer",
    required: false,
    minimum: 0,
    maximum: 2_147_483_647,
    default: "0",
    tunable: false,
    description: "Decides the first weights, the order of rows and dropout.",
  },
];

/**
 * ONNX models. Training learns a multilayer perceptron and writes it as `model.onnx`; serving takes that or any other ONNX model whose tensors are numbers, one
 * `.onnx` file in the model archive.
 */
export const onnxImage: BuiltInImage = {
  repository: "onnx",
  tags: ["1", "latest"],
  hyperparameters,
  metrics: [
    { name: "train:loss", regex: qualityMetricRegex("train", "loss") },
    ...["loss", "accuracy", "rmse"].map((metric) => ({
      name: `validation:${metric}`,
      regex: qualityMetricRegex("validation", metric),
    })),
  ],
  channels: ["train", "validation"].map((name) => ({
    name,
    required: name === "train",
    contentTypes: [
      "text/csv",
      "application/x-recordio-protobuf",
      "application/x-parquet",
      "application/jsonlines",
      "text/libsvm",
    ],
  })),
  train: (context) => trainOnnx(readHyperparameters(hyperparameters, context.hyperparameters), context),
  load: loadOnnx,
};
