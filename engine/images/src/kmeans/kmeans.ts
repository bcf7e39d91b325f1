import {
  automatic,
  defineHyperparameters,
  integerFrom,
  oneOf,
  positiveInteger,
  usually,
} from "../hyperparameter-shapes.ts";
import { readHyperparameters } from "../hyperparameters.ts";
import type { BuiltInImage } from "../image.ts";
import { trainAndTestChannels } from "../tabular/read-train-and-test.ts";
import { qualityMetricRegex } from "../tabular/training-log.ts";
import { loadKMeans } from "./kmeans-serving.ts";
import { trainKMeans } from "./kmeans-training.ts";

/** "K-Means Hyperparameters" of the SageMaker developer guide; tunable as in "Tune a K-Means Model". */
const hyperparameters = defineHyperparameters(
  {
    required: ["feature_dim", "k"],
    tunable: ["epochs", "extra_center_factor", "init_method", "mini_batch_size"],
  },
  [
    ["feature_dim", positiveInteger, "Columns of features."],
    ["k", integerFrom(1, 1_000_000), "Clusters to find."],
    ["epochs", usually(integerFrom(1, 1_000_000), "1"), "Passes over the training data."],
    ["eval_metrics", usually({ type: "text" }, '["msd"]'), 'Metrics of the model, a list of "msd" and "ssd".'],
    ["extra_center_factor", automatic(integerFrom(1, 1000)), "Centers that are followed for each of the k."],
    [
      "force_dense",
      usually(oneOf("True", "False"), "True"),
      "Sent by the SageMaker Python SDK; rows are always dense here.",
    ],
    ["half_life_time_size", usually(integerFrom(0), "0"), "Rows after which a row counts half; 0: always the same."],
    ["init_method", usually(oneOf("random", "kmeans++"), "random"), "How the first centers are chosen."],
    [
      "local_lloyd_init_method",
      usually(oneOf("random", "kmeans++"), "kmeans++"),
      "How centers are chosen of the centers.",
    ],
    ["local_lloyd_max_iter", usually(integerFrom(1, 1_000_000), "300"), "Iterations over the centers."],
    ["local_lloyd_num_trials", automatic(integerFrom(1, 10_000)), "Starts of the iterations over the centers."],
    [
      "local_lloyd_tol",
      usually({ type: "continuous", minimum: 0, maximum: 1 }, "0.0001"),
      "Change of the loss at which the iterations over the centers end.",
    ],
    ["mini_batch_size", usually(integerFrom(1, 10_000_000), "5000"), "Rows by which the centers are moved at once."],
  ],
);

/** K-Means. The artifact `model_algo-1` is our own format, a line of JSON and the centers in float32; AWS's is an MXNet archive. */
export const kmeansImage: BuiltInImage = {
  repository: "kmeans",
  tags: ["1", "latest"],
  hyperparameters,
  metrics: ["msd", "ssd"].map((metric) => ({ name: `test:${metric}`, regex: qualityMetricRegex("test", metric) })),
  channels: trainAndTestChannels,
  train: (context) => trainKMeans(readHyperparameters(hyperparameters, context.hyperparameters), context),
  load: loadKMeans,
};
