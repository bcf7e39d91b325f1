import type { Objective } from "./objective.ts";
import { meanLabel, pointwise } from "./pointwise.ts";

/** XGBoost's kRtEps-like floor of second derivatives. */
const LEAST_SECOND = 1e-16;

/** `binary:logistic`, `reg:logistic` and `binary:logitraw`: the negative log-likelihood of labels between 0 and 1; the last one predicts margins. */
export function logistic(
  name: "binary:logistic" | "reg:logistic" | "binary:logitraw",
  positiveWeight: number,
): Objective {
  const isRaw = name === "binary:logitraw";
  return pointwise({
    name,
    defaultMetric: name === "reg:logistic" ? "rmse" : "logloss",
    modelParameters: { scale_pos_weight: String(positiveWeight) },
    labels: "between 0 and 1",
    isLabel: (label) => label >= 0 && label <= 1,
    first: (margin, label) => sigmoid(margin) - label,
    second: (margin) => Math.max(sigmoid(margin) * (1 - sigmoid(margin)), LEAST_SECOND),
    toPrediction: isRaw ? undefined : sigmoid,
    // XGBoost 3 takes the mean label of logitraw as a margin, as its models say.
    toMargin: isRaw ? (score) => score : logit,
    // XGBoost 3 takes the mean, and one Newton step where positive rows count differently.
    baseScore: (table) => (positiveWeight === 1 ? bounded(meanLabel(table)) : newtonProbability(table, positiveWeight)),
    kernel: "logistic",
    positiveWeight,
  });
}

function newtonProbability(
  { labels = new Float32Array(0), weights }: Parameters<typeof meanLabel>[0],
  positive: number,
): number {
  let [first, second] = [0, 0];
  for (let row = 0; row < labels.length; row += 1) {
    const weight = (weights === undefined ? 1 : weights[row]) * (labels[row] === 1 ? positive : 1);
    first += weight * (0.5 - labels[row]);
    second += weight * 0.25;
  }
  return sigmoid(second === 0 ? 0 : -first / second);
}

export function sigmoid(margin: number): number {
  return 1 / (1 + Math.exp(-margin));
}

/** Probabilities of 0 and 1, which one class alone gives, are kept from infinite margins; XGBoost's limit. */
function bounded(probability: number): number {
  return Math.min(Math.max(probability, 1e-6), 1 - 1e-6);
}

/** The margin of a probability with XGBoost's limit and in its 32 bits, so that models mean the same there; NaN for what is no probability. */
export function logit(probability: number): number {
  if (!(probability >= 0 && probability <= 1)) return Number.NaN;
  return -Math.log(Math.fround(Math.fround(1 / Math.fround(bounded(probability))) - 1));
}
