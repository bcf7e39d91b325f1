import { DataError, type EncodedModel, FormatError } from "../algorithm.ts";
import { decodeArrays, encodeArrays } from "../arrays-file.ts";
import { requireColumns } from "../table/complete-rows.ts";
import type { Matrix } from "../table/matrix.ts";
import type { RowPredictions } from "../table/table-algorithm.ts";
import { type LinearParameters, linearParameters } from "./linear-parameters.ts";

const FORMAT = "rondo-linear-model/1";

/** What is learned: plain weights of the features as they are, without standardisation. */
export interface LinearModel {
  readonly predictorType: LinearParameters["predictorType"];
  readonly loss: Exclude<LinearParameters["loss"], "auto">;
  readonly columns: number;
  /** Classes of a multiclass_classifier, otherwise 1. */
  readonly outputs: number;
  /** columns × outputs, outputs side by side. */
  readonly weights: Float64Array;
  readonly biases: Float64Array;
  /** A binary_classifier says 1 when the score is at least this. */
  readonly threshold: number;
}

/**
 * A row's score: of a binary_classifier the probability of label 1, with hinge loss the distance from the hyperplane; of
 * a multiclass_classifier the probability of each class; of a regressor the value.
 */
export function predictLinear(model: LinearModel, features: Matrix): RowPredictions {
  const { outputs } = model;
  requireColumns(features, model.columns);
  const values = new Float32Array(features.rows * outputs);
  const scores = new Float64Array(outputs);
  for (let row = 0; row < features.rows; row += 1) {
    scoreRow(model, features, row, scores);
    toPredictions(model, scores);
    if (Number.isNaN(scores[0])) throw new DataError(`A value of row ${row + 1} is missing; linear models need all.`);
    values.set(scores, row * outputs);
  }
  return { rows: features.rows, width: outputs, values };
}

function scoreRow(
  { weights, biases, outputs }: LinearModel,
  features: Matrix,
  row: number,
  scores: Float64Array,
): void {
  scores.set(biases);
  const { values, columns } = features;
  if (features.kind === "dense") {
    const from = row * columns;
    if (outputs === 1) {
      let sum = biases[0];
      for (let column = 0; column < columns; column += 1) sum += values[from + column] * weights[column];
      scores[0] = sum;
      return;
    }
    for (let column = 0; column < columns; column += 1) addColumn(column, values[from + column]);
    return;
  }
  const { rowStarts, columnIndexes } = features;
  for (let entry = rowStarts[row]; entry < rowStarts[row + 1]; entry += 1)
    addColumn(columnIndexes[entry], values[entry]);

  function addColumn(column: number, value: number): void {
    for (let output = 0; output < outputs; output += 1) scores[output] += value * weights[column * outputs + output];
  }
}

function toPredictions({ loss }: LinearModel, scores: Float64Array): void {
  if (loss === "logistic") scores[0] = 1 / (1 + Math.exp(-scores[0]));
  if (loss !== "softmax") return;
  const highest = scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY);
  let sum = 0;
  for (let output = 0; output < scores.length; output += 1) {
    scores[output] = Math.exp(scores[output] - highest);
    sum += scores[output];
  }
  for (let output = 0; output < scores.length; output += 1) scores[output] /= sum;
}

/** One line of JSON, then `weights` (columns × outputs) and `biases` as float64; see `encodeArrays`. */
export function encodeLinear(model: LinearModel): Iterable<Uint8Array> {
  const { weights, biases, ...header } = model;
  return encodeArrays({ format: FORMAT, ...header }, { weights, biases });
}

/** Throws FormatError for bytes that are no linear model of ours. */
export async function decodeLinear(encoded: EncodedModel): Promise<LinearModel> {
  const { header, take } = await decodeArrays(encoded, FORMAT);
  const { predictorType, loss, columns, outputs, threshold } = header as Partial<LinearModel>;
  const known =
    predictorType !== undefined &&
    linearParameters.predictorType.values.includes(predictorType) &&
    loss !== undefined &&
    linearParameters.loss.values.includes(loss);
  if (!known || !isCount(columns) || !isCount(outputs) || typeof threshold !== "number") {
    throw new FormatError("The header of the linear model is not complete.");
  }
  return {
    predictorType,
    loss,
    columns,
    outputs,
    threshold,
    weights: take("weights", Float64Array, columns * outputs),
    biases: take("biases", Float64Array, outputs),
  };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}
