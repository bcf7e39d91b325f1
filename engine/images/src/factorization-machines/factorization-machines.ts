import { readHyperparameters } from "../hyperparameters.ts";
import type { BuiltInImage, HyperparameterDefinition } from "../image.ts";
import { qualityMetricRegex } from "../tabular/training-log.ts";
import { loadFactorizationMachines } from "./factorization-machines-serving.ts";
import { trainFactorizationMachines } from "./factorization-machines-training.ts";

type Shape = Omit<HyperparameterDefinition, "name" | "description" | "required">;

const count: Shape = { type: "integer", minimum: 1, maximum: 2_000_000_000, tunable: true };
const rate: Shape = { type: "continuous", minimum: 0, maximum: 512, tunable: true };
const value: Shape = { type: "continuous", minimum: -1e6, maximum: 1e6, tunable: true };
const above: Shape = { type: "continuous", minimum: 0, exclusiveMinimum: true, maximum: 512, tunable: false };

const define = (name: string, shape: Shape, description: string): HyperparameterDefinition => ({
  name,
  required: false,
  ...shape,
  description,
});

/** How one part of the machine begins and is learned: the bias, the linear weights or the factors. */
function definePart(
  part: "bias" | "linear" | "factors",
  defaults: { readonly sigma: string; readonly rate: string; readonly decay: string },
): readonly HyperparameterDefinition[] {
  const methods: Shape = {
    type: "categorical",
    values: ["uniform", "normal", "constant"],
    default: "normal",
    tunable: true,
  };
  return [
    define(`${part}_init_method`, methods, `How the ${part} begin: drawn, or all the same.`),
    define(`${part}_init_scale`, rate, "With uniform: values lie between its negative and it; like sigma by default."),
    define(`${part}_init_sigma`, { ...rate, default: defaults.sigma }, "With normal: the standard deviation."),
    define(`${part}_init_value`, value, "With constant: the value; 0 by default."),
    define(`${part}_lr`, { ...rate, default: defaults.rate }, `The learning rate of the ${part}.`),
    define(`${part}_wd`, { ...rate, default: defaults.decay }, `The weight decay of the ${part}.`),
  ];
}

/** "Factorization Machines Hyperparameters" of the SageMaker developer guide. */
const hyperparameters: readonly HyperparameterDefinition[] = [
  {
    ...define("feature_dim", { ...count, tunable: false }, "Columns of features, most of them 0 in each row."),
    required: true,
  },
  {
    ...define("num_factors", { ...count, maximum: 10_000, tunable: false }, "Factors of each column."),
    required: true,
  },
  {
    ...define(
      "predictor_type",
      { type: "categorical", values: ["binary_classifier", "regressor"], tunable: false },
      "What is predicted.",
    ),
    required: true,
  },
  ...definePart("bias", { sigma: "0.01", rate: "0.1", decay: "0.01" }),
  ...definePart("linear", { sigma: "0.01", rate: "0.001", decay: "0.001" }),
  ...definePart("factors", { sigma: "0.001", rate: "0.0001", decay: "0.00001" }),
  define("clip_gradient", above, "Derivatives are kept between its negative and it."),
  define("epochs", { ...count, maximum: 1_000_000, default: "1" }, "Passes through the training data."),
  define("eps", { ...above, maximum: 1 }, "Keeps Adam from dividing by 0; 1e-8 by default."),
  define("mini_batch_size", { ...count, default: "1000" }, "Rows of a mini-batch."),
  define("rescale_grad", above, "By what the sum of a mini-batch's derivatives is multiplied; by default 1 / rows."),
];

/** What "Tune a factorization machines model" names, and how the log calls it. */
const metrics: Readonly<Record<string, string>> = {
  rmse: "rmse",
  mse: "mse",
  absolute_loss: "absolute_loss",
  binary_classification_accuracy: "binary_classification_accuracy",
  binary_classification_cross_entropy: "binary_classification_cross_entropy",
  binary_f_beta: "binary_f_\\S+",
};

/** Factorization Machines. The artifact `model_algo-1` is our own format, a line of JSON and float32 parameters; AWS's is an MXNet archive. */
export const factorizationMachinesImage: BuiltInImage = {
  repository: "factorization-machines",
  tags: ["1", "latest"],
  hyperparameters,
  metrics: ["train", "test"].flatMap((dataset) =>
    Object.entries(metrics).map(([name, logged]) => ({
      name: `${dataset}:${name}`,
      regex: qualityMetricRegex(dataset, logged),
    })),
  ),
  channels: ["train", "test"].map((name) => ({
    name,
    required: name === "train",
    contentTypes: ["application/x-recordio-protobuf"],
  })),
  train: (context) =>
    trainFactorizationMachines(readHyperparameters(hyperparameters, context.hyperparameters), context),
  load: loadFactorizationMachines,
};
