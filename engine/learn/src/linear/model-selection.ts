import { setImmediate } from "node:timers/promises";
import { sliceRows } from "../table/matrix.ts";
import { meanLoss } from "./linear-loss.ts";
import { type LinearModel, predictLinear } from "./linear-model.ts";
import type { LinearParameters } from "./linear-parameters.ts";
import type { SupervisedRows } from "./supervised-rows.ts";
import { selectThreshold } from "./threshold-selection.ts";

/** Where a binary_classifier's answer changes when nothing was chosen by data: even odds. */
export function usualThreshold(loss: LinearModel["loss"]): number {
  return loss === "logistic" ? 0.5 : 0;
}

export interface SelectionOptions {
  /** Validation data. */
  readonly rows: SupervisedRows;
  readonly parameters: LinearParameters;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The candidate with the best value of the criterion on the rows, of a binary_classifier with the threshold that
 * reaches it. Other predictor types, and equal values, are decided by the loss.
 */
export async function selectModel(
  candidates: readonly LinearModel[],
  { rows, parameters, signal }: SelectionOptions,
): Promise<LinearModel> {
  const sample = firstRows(rows, parameters.calibrationRows ?? rows.labels.length);
  let best: { readonly model: LinearModel; readonly value: number; readonly loss: number } | undefined;
  for (const candidate of candidates) {
    const { values } = predictLinear(candidate, sample.features);
    const loss = meanLoss(candidate, values, sample, parameters);
    const isBinary = candidate.predictorType === "binary_classifier";
    const usual = usualThreshold(candidate.loss);
    const { threshold, value } = isBinary
      ? selectThreshold({ ...sample, scores: values }, parameters, usual)
      : { threshold: usual, value: 0 };
    const isBetter = best === undefined || value > best.value || (value === best.value && loss < best.loss);
    if (isBetter) best = { model: { ...candidate, threshold }, value, loss };
    await setImmediate();
    signal?.throwIfAborted();
  }
  if (best === undefined) throw new RangeError("There is no model to select from.");
  return best.model;
}

function firstRows({ features, labels, weights }: SupervisedRows, count: number): SupervisedRows {
  if (count >= labels.length) return { features, labels, weights };
  return {
    features: sliceRows(features, 0, count),
    labels: labels.subarray(0, count),
    weights: weights.subarray(0, count),
  };
}
