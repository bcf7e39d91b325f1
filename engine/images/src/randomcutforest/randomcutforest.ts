import { defineHyperparameters, integerFrom, positiveInteger, usually } from "../hyperparameter-shapes.ts";
import { readHyperparameters } from "../hyperparameters.ts";
import type { BuiltInImage } from "../image.ts";
import { trainAndTestChannels } from "../tabular/read-train-and-test.ts";
import { qualityMetricRegex } from "../tabular/training-log.ts";
import { loadRandomCutForest } from "./randomcutforest-serving.ts";
import { trainRandomCutForest } from "./randomcutforest-training.ts";

/** "RCF Hyperparameters" of the SageMaker developer guide; tunable as in "Tune an RCF Model". */
const hyperparameters = defineHyperparameters(
  { required: ["feature_dim"], tunable: ["num_samples_per_tree", "num_trees"] },
  [
    ["feature_dim", integerFrom(1, 10_000), "Columns of features."],
    [
      "eval_metrics",
      usually({ type: "text" }, '["accuracy","precision_recall_fscore"]'),
      'Metrics on the labelled channel test, a list of "accuracy" and "precision_recall_fscore".',
    ],
    [
      "mini_batch_size",
      usually(positiveInteger, "1000"),
      "Sent by the SageMaker Python SDK; the forest does not depend on it.",
    ],
    ["num_samples_per_tree", usually(integerFrom(1, 2048), "256"), "Rows that each tree is given."],
    ["num_trees", usually(integerFrom(50, 1000), "100"), "Trees of the forest."],
  ],
);

/** Random Cut Forest. The artifact `model_algo-1` is our own format, a line of JSON and arrays. */
export const randomCutForestImage: BuiltInImage = {
  repository: "randomcutforest",
  tags: ["1", "latest"],
  hyperparameters,
  metrics: ["f1", "accuracy", "precision", "recall"].map((metric) => ({
    name: `test:${metric}`,
    regex: qualityMetricRegex("test", metric),
  })),
  channels: trainAndTestChannels,
  train: (context) => trainRandomCutForest(readHyperparameters(hyperparameters, context.hyperparameters), context),
  load: loadRandomCutForest,
};
