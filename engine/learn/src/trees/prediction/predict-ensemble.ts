import type { Forest } from "@rondo/kernels";
import { DataError } from "../../algorithm.ts";
import type { Matrix } from "../../table/matrix.ts";
import type { RowPredictions } from "../../table/table-algorithm.ts";
import { baseMargins } from "../explanations/base-margins.ts";
import { startMargins } from "../training/evaluation.ts";
import { createRowSource } from "../training/row-source.ts";
import type { TreeEnsemble } from "../tree-ensemble.ts";
import { addTree } from "./add-tree.ts";
import { createEnsembleForest } from "./ensemble-forest.ts";
import { findTransform, type TransformMargins } from "./transform-margins.ts";

/** What predicting with a model needs beside it. */
interface Prepared {
  readonly forest: Forest | undefined;
  readonly transform: TransformMargins;
}

/** Of models that were predicted with; a model that is forgotten takes its forest with it. */
const preparations = new WeakMap<TreeEnsemble, Prepared>();

function prepare(model: TreeEnsemble): Prepared {
  const known = preparations.get(model);
  if (known !== undefined) return known;
  const prepared = { forest: createEnsembleForest(model, 1), transform: findTransform(model) };
  preparations.set(model, prepared);
  return prepared;
}

/** The sums of the trees' leaf values, `outputs` for each row. Throws DataError for another number of columns. */
export function predictMargins(model: TreeEnsemble, matrix: Matrix): RowPredictions {
  checkColumns(model, matrix);
  const { forest } = prepare(model);
  if (forest === undefined) return walkTrees(model, matrix);
  const { rows, columns } = matrix;
  const { outputs } = model;
  const values = new Float32Array(rows * outputs);
  const { copyRows } = createRowSource(matrix);
  for (let from = 0; from < rows; from += forest.capacity) {
    const count = Math.min(forest.capacity, rows - from);
    copyRows(from, from + count, forest.input.subarray(0, count * columns));
    forest.predict(count);
    values.set(forest.margins.subarray(0, count * outputs), from * outputs);
  }
  return { rows, width: outputs, values };
}

/** What the model predicts of each row, in the space of its objective. */
export function predictEnsemble(model: TreeEnsemble, matrix: Matrix): RowPredictions {
  return toPredictions(predictMargins(model, matrix), prepare(model).transform);
}

/** Predicts large tables on several threads. */
export interface EnsemblePredictor extends Disposable {
  /** The same numbers as `predictEnsemble`. Throws DataError for another number of columns, and the signal's reason. */
  predict(matrix: Matrix, signal?: AbortSignal): Promise<RowPredictions>;
}

export function createEnsemblePredictor(model: TreeEnsemble, threads: number): EnsemblePredictor {
  const forest = createEnsembleForest(model, threads);
  const transform = findTransform(model);
  return {
    async predict(matrix, signal) {
      checkColumns(model, matrix);
      if (forest === undefined) return predictEnsemble(model, matrix);
      const { rows, columns } = matrix;
      const { outputs } = model;
      const values = new Float32Array(rows * outputs);
      const { copyRows } = createRowSource(matrix);
      for (let from = 0; from < rows; from += forest.capacity) {
        signal?.throwIfAborted();
        const count = Math.min(forest.capacity, rows - from);
        copyRows(from, from + count, forest.input.subarray(0, count * columns));
        await forest.predictTogether(count);
        values.set(forest.margins.subarray(0, count * outputs), from * outputs);
      }
      return toPredictions({ rows, width: outputs, values }, transform);
    },
    [Symbol.dispose]: () => forest?.[Symbol.dispose](),
  };
}

function toPredictions({ rows, values, width }: RowPredictions, transform: TransformMargins): RowPredictions {
  const predictions = transform(values);
  return { rows, width: rows === 0 ? width : predictions.length / rows, values: predictions };
}

/** Tree by tree, where categories are split. */
function walkTrees(model: TreeEnsemble, matrix: Matrix): RowPredictions {
  const { outputs, trees, treeOutputs, treeWeights } = model;
  const values = startMargins(matrix.rows, baseMargins(model));
  for (const [index, tree] of trees.entries()) {
    addTree(tree, matrix, { margins: values, first: treeOutputs[index], step: outputs }, treeWeights?.[index] ?? 1);
  }
  return { rows: matrix.rows, width: outputs, values };
}

function checkColumns({ columns }: TreeEnsemble, matrix: Matrix): void {
  if (matrix.columns === columns) return;
  throw new DataError(`The model was trained on ${columns} columns; the rows to predict have ${matrix.columns}.`);
}
