import { automatic, defineHyperparameters, oneOf, positiveInteger, usually } from "../hyperparameter-shapes.ts";
import { readHyperparameters } from "../hyperparameters.ts";
import type { BuiltInImage } from "../image.ts";
import { trainAndTestChannels } from "../tabular/read-train-and-test.ts";
import { qualityMetricRegex } from "../tabular/training-log.ts";
import { loadKnn } from "./knn-serving.ts";
import { trainKnn } from "./knn-training.ts";

const quantizers = [1, 2, 3, 4, 8, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 96].map(String);

/** "K-NN Hyperparameters" of the SageMaker developer guide; tunable as in "Tune a K-NN Model". */
const hyperparameters = defineHyperparameters(
  { required: ["feature_dim", "k", "predictor_type", "sample_size"], tunable: ["k", "sample_size"] },
  [
    ["feature_dim", positiveInteger, "Columns of features."],
    ["k", { ...positiveInteger, maximum: 1_000_000 }, "Neighbours that are asked."],
    ["predictor_type", oneOf("classifier", "regressor"), "Whether the most frequent label or the mean is predicted."],
    ["sample_size", positiveInteger, "Rows of the training data that are kept."],
    [
      "dimension_reduction_target",
      positiveInteger,
      "Columns that are left; required when dimension_reduction_type is set.",
    ],
    [
      "dimension_reduction_type",
      oneOf("sign", "fjlt"),
      "Random projection by signs, or by the fast Johnson–Lindenstrauss transform.",
    ],
    [
      "faiss_index_ivf_nlists",
      automatic({ ...positiveInteger, maximum: 1_000_000 }),
      "Lists of an inverted file; auto: √sample_size.",
    ],
    [
      "faiss_index_pq_m",
      oneOf(...quantizers),
      "Bytes of a compressed row; divides the columns. Required with faiss.IVFPQ.",
    ],
    [
      "index_metric",
      usually(oneOf("L2", "INNER_PRODUCT", "COSINE"), "L2"),
      "What makes rows near; faiss.IVFPQ takes L2 only.",
    ],
    [
      "index_type",
      usually(oneOf("faiss.Flat", "faiss.IVFFlat", "faiss.IVFPQ"), "faiss.Flat"),
      "Exact, or approximate and faster.",
    ],
    [
      "mini_batch_size",
      usually(positiveInteger, "5000"),
      "Rows that AWS's container reads at once; here without effect.",
    ],
  ],
);

/** k-NN. The artifact `model_algo-1` is our own format, a line of JSON and arrays; AWS's holds an index of Faiss. */
export const knnImage: BuiltInImage = {
  repository: "knn",
  tags: ["1", "latest"],
  hyperparameters,
  metrics: ["accuracy", "mse"].map((metric) => ({ name: `test:${metric}`, regex: qualityMetricRegex("test", metric) })),
  channels: trainAndTestChannels,
  train: (context) => trainKnn(readHyperparameters(hyperparameters, context.hyperparameters), context),
  load: loadKnn,
};
