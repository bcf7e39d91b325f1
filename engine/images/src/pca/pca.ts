import { defineHyperparameters, integerFrom, oneOf, positiveInteger, usually } from "../hyperparameter-shapes.ts";
import { readHyperparameters } from "../hyperparameters.ts";
import type { BuiltInImage } from "../image.ts";
import { trainAndTestChannels } from "../tabular/read-train-and-test.ts";
import { loadPca } from "./pca-serving.ts";
import { trainPca } from "./pca-training.ts";

/** "PCA Hyperparameters" of the SageMaker developer guide; it has no metric to tune by. */
const hyperparameters = defineHyperparameters(
  { required: ["feature_dim", "mini_batch_size", "num_components"], tunable: [] },
  [
    ["feature_dim", positiveInteger, "Columns of features."],
    ["mini_batch_size", positiveInteger, "Rows that AWS's container reads at once; here without effect."],
    ["num_components", integerFrom(1, 1_000_000), "Components to compute."],
    ["algorithm_mode", usually(oneOf("regular", "randomized"), "regular"), "Exact, or approximate for many columns."],
    [
      "extra_components",
      usually(integerFrom(-1, 1_000_000), "-1"),
      "Components that randomized follows in addition; -1: as many again, at least 10.",
    ],
    ["subtract_mean", usually(oneOf("true", "false"), "true"), "Whether the columns' means are subtracted."],
  ],
);

/** PCA. The artifact `model_algo-1` is our own format, a line of JSON and arrays; AWS's is an MXNet archive. */
export const pcaImage: BuiltInImage = {
  repository: "pca",
  tags: ["1", "latest"],
  hyperparameters,
  metrics: [],
  channels: trainAndTestChannels,
  train: (context) => trainPca(readHyperparameters(hyperparameters, context.hyperparameters), context),
  load: loadPca,
};
