import { binaryMetrics, type PredictionMetric, regressionMetrics } from "../linear/prediction-metrics.ts";
import { supervisedRows } from "../linear/supervised-rows.ts";
import type { Table } from "../table/table.ts";
import { type FactorizationModel, predictFactorization } from "./factorization-model.ts";

/** From which probability of label 1 on the answer is 1. */
export const FACTORIZATION_THRESHOLD = 0.5;
const SMALLEST_PROBABILITY = 1e-15;

/** The figures of the predictor type, in the order in which SageMaker logs them. Throws DataError as `fit` does. */
export function evaluateFactorization(
  model: FactorizationModel,
  { name, table }: { readonly name: string; readonly table: Table },
): readonly PredictionMetric[] {
  const isRegressor = model.predictorType === "regressor";
  const { features, labels } = supervisedRows(table, {
    name,
    columns: model.columns,
    classes: isRegressor ? undefined : 2,
  });
  const { values } = predictFactorization(model, features);
  if (isRegressor) return regressionMetrics(values, labels);
  const sum = labels.reduce((total, label, row) => {
    const likely = label === 1 ? values[row] : 1 - values[row];
    return total - Math.log(Math.max(SMALLEST_PROBABILITY, likely));
  }, 0);
  return [
    { metric: "binary_classification_cross_entropy", kind: "loss", value: sum / labels.length },
    ...binaryMetrics(values, labels, { threshold: FACTORIZATION_THRESHOLD, beta: 1 }),
  ];
}
