import { lossAt } from "@rondo/kernels";
import type { LinearModel } from "./linear-model.ts";
import type { LinearParameters } from "./linear-parameters.ts";
import { reportedLoss } from "./linear-plan.ts";

/** Below it a probability's logarithm says more about rounding than about the model. */
const SMALLEST_PROBABILITY = 1e-15;

/**
 * The mean of the model's own loss over rows, without regularisation: of classes the cross-entropy or the hinge, of
 * numbers in units of the label. `scores` are what the model predicts for the rows.
 */
export function meanLoss(
  { loss, outputs }: LinearModel,
  scores: Float32Array,
  { labels, weights }: { readonly labels: Float32Array; readonly weights: Float32Array },
  parameters: Pick<LinearParameters, "margin" | "insensitivity" | "quantile" | "huberDelta">,
): number {
  const { margin, insensitivity, quantile, huberDelta } = parameters;
  const parameter =
    loss === "hinge" ? margin : loss === "quantile" ? quantile : loss === "huber" ? huberDelta : insensitivity;
  let sum = 0;
  let total = 0;
  for (const [row, label] of labels.entries()) {
    sum += weights[row] * rowLoss(row, label);
    total += weights[row];
  }
  return reportedLoss(loss, sum / total);

  function rowLoss(row: number, label: number): number {
    if (loss === "softmax") return negativeLogarithm(scores[row * outputs + label]);
    if (loss === "logistic") return negativeLogarithm(label === 1 ? scores[row] : 1 - scores[row]);
    return lossAt(loss, scores[row], label, parameter).loss;
  }
}

function negativeLogarithm(probability: number): number {
  return -Math.log(Math.max(SMALLEST_PROBABILITY, probability));
}
