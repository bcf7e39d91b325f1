import { defineHyperparameters, integerFrom, positiveInteger, usually } from "../hyperparameter-shapes.ts";
import { readHyperparameters } from "../hyperparameters.ts";
import type { BuiltInImage } from "../image.ts";
import { trainAndTestChannels } from "../tabular/read-train-and-test.ts";
import { qualityMetricRegex } from "../tabular/training-log.ts";
import { loadLda } from "./lda-serving.ts";
import { trainLda } from "./lda-training.ts";

const positive = { type: "continuous", minimum: 0, exclusiveMinimum: true } as const;

/** "LDA Hyperparameters" of the SageMaker developer guide; tunable as in "Tune an LDA Model". */
const hyperparameters = defineHyperparameters(
  { required: ["num_topics", "feature_dim", "mini_batch_size"], tunable: ["alpha0", "num_topics"] },
  [
    ["num_topics", integerFrom(1, 10_000), "Topics to find."],
    ["feature_dim", positiveInteger, "Words of the vocabulary."],
    ["mini_batch_size", positiveInteger, "Documents of the corpus; here without effect."],
    [
      "alpha0",
      usually({ ...positive, maximum: 1e6 }, "1.0"),
      "The sum of the prior of mixtures: less makes mixtures of fewer topics.",
    ],
    ["max_restarts", usually(integerFrom(1, 10_000), "10"), "Starts that are tried on a sample of the documents."],
    ["max_iterations", usually(integerFrom(1, 1_000_000), "1000"), "Passes over the documents at most."],
    [
      "tol",
      usually({ ...positive, maximum: 1 }, "1e-8"),
      "Relative change of the log-likelihood per word at which training ends.",
    ],
  ],
);

/** LDA. The artifact `model_algo-1` is our own format, a line of JSON and arrays; AWS's is an MXNet archive. */
export const ldaImage: BuiltInImage = {
  repository: "lda",
  tags: ["1", "latest"],
  hyperparameters,
  metrics: [{ name: "test:pwll", regex: qualityMetricRegex("test", "pwll") }],
  channels: trainAndTestChannels,
  train: (context) => trainLda(readHyperparameters(hyperparameters, context.hyperparameters), context),
  load: loadLda,
};
