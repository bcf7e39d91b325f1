import { readHyperparameters } from "../hyperparameters.ts";
import type { BuiltInImage } from "../image.ts";
import { mediaTypes } from "../tabular/tabular-type.ts";
import { xgboostHyperparameters } from "./xgboost-hyperparameters.ts";
import { xgboostMetrics } from "./xgboost-metrics.ts";
import { loadXgboost } from "./xgboost-serving.ts";
import { TRAINING_FORMATS, trainXgboost } from "./xgboost-training.ts";

const contentTypes = TRAINING_FORMATS.map((format) => mediaTypes[format]);

const algorithm: Omit<BuiltInImage, "repository" | "tags"> = {
  hyperparameters: xgboostHyperparameters,
  metrics: xgboostMetrics,
  channels: [
    { name: "train", required: true, contentTypes },
    { name: "validation", required: false, contentTypes },
  ],
  train: (context) => trainXgboost(readHyperparameters(xgboostHyperparameters, context.hyperparameters), context),
  load: loadXgboost,
};

/** The first XGBoost image. Its artifact `xgboost-model` is UBJSON here, which every pip xgboost from 1.6 on loads; AWS's own is a Python pickle, which is not read. */
export const xgboost: BuiltInImage = { repository: "xgboost", tags: ["1", "latest"], ...algorithm };

const VERSIONS = ["0.90-1", "0.90-2", "1.0-1", "1.2-1", "1.2-2", "1.3-1", "1.5-1", "1.7-1", "3.0-5"];

/** XGBoost as a built-in algorithm; jobs with a script of the user's run it instead (`script/`). All tags are the same algorithm. */
export const sagemakerXgboost: BuiltInImage = {
  repository: "sagemaker-xgboost",
  tags: VERSIONS.flatMap((version) => [version, `${version}-cpu-py3`]),
  ...algorithm,
};
