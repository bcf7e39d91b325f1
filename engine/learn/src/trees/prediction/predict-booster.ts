import { DataError } from "../../algorithm.ts";
import type { Matrix } from "../../table/matrix.ts";
import type { RowPredictions } from "../../table/table-algorithm.ts";
import { baseMargins } from "../explanations/base-margins.ts";
import { createRowReader } from "../explanations/row-reader.ts";
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
  const { columns, outputs, weights } = model;
  const { rows } = matrix;
  if (matrix.columns !== columns) {
    throw new DataError(`The model was trained on ${columns} columns; the rows to predict have ${matrix.columns}.`);
  }
  const read = createRowReader(matrix);
  const bias = baseMargins(model).map((base, output) => base + weights[columns * outputs + output]);
  const margins = new Float32Array(rows * outputs);
  for (let row = 0; row < rows; row += 1) {
    const values = read(row);
    for (let output = 0; output < outputs; output += 1) {
      let margin = bias[output];
      for (let column = 0; column < columns; column += 1) {
        if (!Number.isNaN(values[column])) margin += values[column] * weights[column * outputs + output];
      }
      margins[row * outputs + output] = margin;
    }
  }
  return { rows, width: outputs, values: margins };
}
