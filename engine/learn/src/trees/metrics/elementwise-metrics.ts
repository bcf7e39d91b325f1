import { logGamma } from "@rondo/statistics";
import { DataError } from "../../algorithm.ts";
import type { EvaluationMetric } from "./metric.ts";
import { labelsOf, weightedMean } from "./weighted-mean.ts";

/** What one prediction costs. */
type Loss = (label: number, prediction: number) => number;

/** The least probability and the least expectation whose logarithm is taken, as in XGBoost's elementwise_metric.cu. */
const LEAST = 1e-16;
/** What XGBoost adds so as not to divide by zero (kRtEps). */
const ROUNDING = 1e-6;

/** The square root of the mean, or twice the mean. */
type Finish = (mean: number) => number;

function elementwise(name: string, loss: Loss, finish: Finish = (mean) => mean): EvaluationMetric {
  return {
    name,
    isBetterWhenHigher: false,
    evaluate(predictions, table) {
      const labels = labelsOf(table, name);
      const { rows, width, values } = predictions;
      if (width !== 1)
        throw new DataError(
          `The metric ${name} judges one prediction a row, not ${width}; take merror or mlogloss for classes.`,
        );
      return finish(weightedMean(table, rows, (row) => loss(labels[row], values[row])));
    },
  };
}

const square = (x: number): number => x * x;
const logOf = (x: number): number => Math.log(Math.max(x, LEAST));

/** x · log y, 0 where x is. */
const xLogY = (x: number, y: number): number => (x === 0 ? 0 : x * logOf(y));

/** XGBoost's metrics that look at one prediction at a time (its docs/parameter.rst, "eval_metric"). */
export const elementwiseMetrics = {
  rmse: () => elementwise("rmse", (label, prediction) => square(label - prediction), Math.sqrt),
  rmsle: () =>
    elementwise("rmsle", (label, prediction) => square(Math.log1p(label) - Math.log1p(prediction)), Math.sqrt),
  mse: () => elementwise("mse", (label, prediction) => square(label - prediction)),
  mae: () => elementwise("mae", (label, prediction) => Math.abs(label - prediction)),
  mape: () => elementwise("mape", (label, prediction) => Math.abs((label - prediction) / label)),
  /** Mean pseudo-Huber error. */
  mphe: (slope: number) =>
    elementwise(
      "mphe",
      (label, prediction) => square(slope) * (Math.sqrt(1 + square((label - prediction) / slope)) - 1),
    ),
  logloss: () =>
    elementwise("logloss", (label, prediction) => -xLogY(label, prediction) - xLogY(1 - label, 1 - prediction)),
  error: (name: string, threshold: number) =>
    elementwise(name, (label, prediction) => (prediction > Math.fround(threshold) ? 1 - label : label)),
  poisson: () =>
    elementwise("poisson-nloglik", (label, prediction) => {
      const expected = Math.max(prediction, LEAST);
      return logGamma(label + 1) + expected - Math.log(expected) * label;
    }),
  gamma: () =>
    elementwise("gamma-nloglik", (label, prediction) => {
      const expected = Math.max(prediction, ROUNDING);
      return label / expected + Math.log(expected);
    }),
  gammaDeviance: () =>
    elementwise(
      "gamma-deviance",
      (label, prediction) => {
        const ratio = (prediction + ROUNDING) / (label + ROUNDING);
        return Math.log(ratio) + 1 / ratio - 1;
      },
      (mean) => 2 * mean,
    ),
  tweedie: (name: string, power: number) =>
    elementwise(name, (label, prediction) => {
      const a = (label * Math.exp((1 - power) * Math.log(prediction))) / (1 - power);
      return -a + Math.exp((2 - power) * Math.log(prediction)) / (2 - power);
    }),
} as const;
