import { DataError } from "../../algorithm.ts";
import type { Matrix, SparseMatrix } from "../../table/matrix.ts";
import type { RowPredictions } from "../../table/table-algorithm.ts";
import { baseMargins } from "../explanations/base-margins.ts";
import type { Booster } from "../formats/read-xgboost-model.ts";
import type { LinearBooster } from "../tree-ensemble.ts";
import { predictEnsemble } from "./predict-ensemble.ts";
import { transformMargins } from "./transform-margins.ts";

/** What a model of XGBoost's files predicts of each row, trees or linear. Throws DataError for another number of columns. */
export function predictBooster(model: Booster, matrix: Matrix): RowPredictions {
  return model.booster === "gblinear" ? predictLinear(model, matrix) : predictEnsemble(model, matrix);
}

function predictLinear(model: LinearBooster, matrix: Matrix): RowPredictions {
  const { rows, width, values: margins } = linearMargins(model, matrix);
  const values = transformMargins(model, margins);
  return { rows, width: rows === 0 ? width : values.length / rows, values };
}

/** Σ weight · value and the bias, `outputs` for each row; missing values count as 0. Throws DataError for another number of columns. */
export function linearMargins(model: LinearBooster, matrix: Matrix): RowPredictions {
  const { columns, outputs } = model;
  const { rows } = matrix;
  if (matrix.columns !== columns) {
    throw new DataError(`The model was trained on ${columns} columns; the rows to predict have ${matrix.columns}.`);
  }
  const bias = baseMargins(model).map((base, output) => base + model.weights[columns * outputs + output]);
  const margins = new Float32Array(rows * outputs);
  const own = new Float64Array(outputs);
  for (let row = 0; row < rows; row += 1) {
    own.set(bias);
    if (matrix.kind === "dense") addDenseRow(model, matrix.values, row * columns, own);
    else addSparseRow(model, matrix, row, own);
    margins.set(own, row * outputs);
  }
  return { rows, width: outputs, values: margins };
}

function addDenseRow(
  { columns, outputs, weights }: LinearBooster,
  values: Float32Array,
  start: number,
  margins: Float64Array,
): void {
  for (let column = 0; column < columns; column += 1) {
    const value = values[start + column];
    if (Number.isNaN(value)) continue;
    for (let output = 0; output < outputs; output += 1) margins[output] += value * weights[column * outputs + output];
  }
}

/** Only what is written counts: a row of text has some hundred of a million columns. */
function addSparseRow(
  { outputs, weights }: LinearBooster,
  { rowStarts, columnIndexes, values }: SparseMatrix,
  row: number,
  margins: Float64Array,
): void {
  for (let entry = rowStarts[row]; entry < rowStarts[row + 1]; entry += 1) {
    const value = values[entry];
    if (Number.isNaN(value)) continue;
    const first = columnIndexes[entry] * outputs;
    for (let output = 0; output < outputs; output += 1) margins[output] += value * weights[first + output];
  }
}
