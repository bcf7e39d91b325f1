import { DataError } from "../../algorithm.ts";
import type { Matrix } from "../../table/matrix.ts";
import type { RowPredictions } from "../../table/table-algorithm.ts";
import { baseMargins } from "../explanations/base-margins.ts";
import { startMargins } from "../training/evaluation.ts";
import type { TreeEnsemble } from "../tree-ensemble.ts";
import { addTree } from "./add-tree.ts";
import { transformMargins } from "./transform-margins.ts";

/** The sums of the trees' leaf values, `outputs` for each row. Throws DataError for another number of columns. */
export function predictMargins(model: TreeEnsemble, matrix: Matrix): RowPredictions {
  checkColumns(model, matrix);
  const { outputs, trees, treeOutputs, treeWeights } = model;
  const values = startMargins(matrix.rows, baseMargins(model));
  for (const [index, tree] of trees.entries()) {
    addTree(tree, matrix, { margins: values, first: treeOutputs[index], step: outputs }, treeWeights?.[index] ?? 1);
  }
  return { rows: matrix.rows, width: outputs, values };
}

/** What the model predicts of each row, in the space of its objective. */
export function predictEnsemble(model: TreeEnsemble, matrix: Matrix): RowPredictions {
  const { rows, values, width } = predictMargins(model, matrix);
  const predictions = transformMargins(model, values);
  return { rows, width: rows === 0 ? width : predictions.length / rows, values: predictions };
}

function checkColumns({ columns }: TreeEnsemble, matrix: Matrix): void {
  if (matrix.columns === columns) return;
  throw new DataError(`The model was trained on ${columns} columns; the rows to predict have ${matrix.columns}.`);
}
