import type { Table } from "../table/table.ts";
import { meanLoss } from "./linear-loss.ts";
import { type LinearModel, predictLinear } from "./linear-model.ts";
import type { LinearParameters } from "./linear-parameters.ts";
import { binaryMetrics, multiclassMetrics, type PredictionMetric, regressionMetrics } from "./prediction-metrics.ts";
import { supervisedRows } from "./supervised-rows.ts";

/** How SageMaker's Linear Learner calls the loss that it minimises. */
export const objectiveNames: Readonly<Record<LinearModel["loss"], string>> = {
  logistic: "binary_classification_cross_entropy_objective",
  hinge: "hinge_loss_objective",
  softmax: "multiclass_cross_entropy_objective",
  squared: "mse_objective",
  absolute: "absolute_loss_objective",
  "eps-insensitive-squared": "eps_insensitive_squared_loss_objective",
  "eps-insensitive-absolute": "eps_insensitive_absolute_loss_objective",
  quantile: "quantile_loss_objective",
  huber: "huber_loss_objective",
};

export interface LinearEvaluationOptions
  extends Pick<LinearParameters, "margin" | "insensitivity" | "quantile" | "huberDelta" | "fBeta"> {
  /** A class is found when it is among so many most probable ones. */
  readonly top: number;
}

/** The objective and the figures of the predictor type, in the order in which SageMaker logs them. Throws DataError as `fit` does. */
export function evaluateLinear(
  model: LinearModel,
  { name, table }: { readonly name: string; readonly table: Table },
  options: LinearEvaluationOptions,
): readonly PredictionMetric[] {
  const { predictorType, columns, outputs, threshold } = model;
  const classes = predictorType === "regressor" ? undefined : Math.max(2, outputs);
  const rows = supervisedRows(table, { name, columns, classes });
  const { values } = predictLinear(model, rows.features);
  const objective: PredictionMetric = {
    metric: objectiveNames[model.loss],
    kind: "loss",
    value: meanLoss(model, values, rows, options),
  };
  const { fBeta: beta, top } = options;
  switch (predictorType) {
    case "binary_classifier":
      return [objective, ...binaryMetrics(values, rows.labels, { threshold, beta })];
    case "multiclass_classifier":
      return [objective, ...multiclassMetrics(values, rows.labels, { classes: outputs, top, beta })];
    case "regressor":
      return [objective, ...regressionMetrics(values, rows.labels)];
  }
}
