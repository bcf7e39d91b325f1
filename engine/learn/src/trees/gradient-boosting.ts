import { type EncodedModel, FormatError } from "../algorithm.ts";
import { resolveParameters } from "../parameters.ts";
import type { TableAlgorithm } from "../table/table-algorithm.ts";
import { decodeXgboostModel, encodeXgboostModel } from "./formats/xgboost-model-file.ts";
import { gradientBoostingParameters } from "./gradient-boosting-parameters.ts";
import { predictEnsemble } from "./prediction/predict-ensemble.ts";
import { trainBoosting } from "./training/train-boosting.ts";
import type { TreeEnsemble } from "./tree-ensemble.ts";

/**
 * Gradient boosting of trees on histograms (Chen & Guestrin 2016, "XGBoost: A Scalable Tree Boosting System"): XGBoost's parameters, losses, ways of growing and
 * file format. Derivatives are summed as integers, so that the same seed gives the same bytes on any number of threads; missing values and
 * categories (columns with `categories` of the table) are learned from.
 */
export const gradientBoosting: TableAlgorithm<typeof gradientBoostingParameters, TreeEnsemble> = {
  id: "gradient-boosting",
  parameters: gradientBoostingParameters,
  fit: async (parameters, data, context) =>
    trainBoosting(resolveParameters(gradientBoostingParameters, parameters), data, context),
  predict: predictEnsemble,
  encode: (model) => encodeXgboostModel(model, "ubjson"),
  decode: decodeTrees,
};

async function decodeTrees(file: EncodedModel): Promise<TreeEnsemble> {
  const model = await decodeXgboostModel(file);
  if (model.booster === "gblinear") throw new FormatError("The file holds a linear booster (gblinear), not trees.");
  return model;
}
