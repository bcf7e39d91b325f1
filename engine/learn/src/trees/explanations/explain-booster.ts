import { DataError } from "../../algorithm.ts";
import type { Matrix } from "../../table/matrix.ts";
import type { Booster } from "../formats/read-xgboost-model.ts";
import type { LinearBooster, TreeEnsemble } from "../tree-ensemble.ts";
import { baseMargins } from "./base-margins.ts";
import { createRowReader } from "./row-reader.ts";
import { treePaths } from "./tree-paths.ts";
import { createTreeExplainer, type TreeExplainer } from "./tree-shap.ts";

/** What each column adds to the margin of each row: its sum is the margin. */
export interface Explanations {
  readonly rows: number;
  readonly outputs: number;
  /** The model's columns and the bias, which stands last: the margin of a row of which nothing is known. */
  readonly width: number;
  /** rows × outputs × width; of interactions rows × outputs × width × width. */
  readonly values: Float64Array;
}

/** Numbers that an answer may have: 2 GiB of them. */
const MAXIMUM_VALUES = 2 ** 28;

/**
 * SHAP values of each column, as pip's `pred_contribs`: path-dependent TreeSHAP (Lundberg et al. 2018), of gblinear weight × value. They add up to the row's margin within
 * 1e-9. A row takes some half a millisecond with 100 trees of depth 6, all at once: slice large tables. Throws DataError for another number of columns than the model has, or an answer beyond 2 GiB.
 */
export function explainContributions(model: Booster, features: Matrix): Explanations {
  return explain(model, features, {
    add: (tree, target, { offset, weight }) => tree.addContributions(target, offset, weight),
  });
}

/** What each split on a row's way changed the mean by (Saabas 2014), as pip's `approx_contribs`: faster than SHAP values, but not consistent. */
export function explainApproximately(model: Booster, features: Matrix): Explanations {
  return explain(model, features, {
    add: (tree, target, { offset, weight }) => tree.addApproximations(target, offset, weight),
  });
}

/**
 * SHAP interaction values of each pair of columns, as pip's `pred_interactions`: a symmetric matrix whose rows add up to the columns' SHAP values; on its diagonal is what a column
 * adds by itself. Throws DataError as `explainContributions` does.
 */
export function explainInteractions(model: Booster, features: Matrix): Explanations {
  const main = explainContributions(model, features);
  const { width } = main;
  const pairs = explain(model, features, {
    isSquare: true,
    add: (tree, target, { offset, weight }) => tree.addInteractions(target, offset, { width, weight }),
  });
  for (let item = 0; item < main.values.length; item += 1) {
    const start = item * width;
    let others = 0;
    for (let column = 0; column < width; column += 1) others += pairs.values[start + column];
    pairs.values[start + (item % width)] = main.values[item] - others;
  }
  return pairs;
}

interface Explaining {
  /** The answer has a matrix for each row and output, without a bias of its own. */
  readonly isSquare?: boolean;
  readonly add: (tree: TreeExplainer, target: Float64Array, place: { offset: number; weight: number }) => void;
}

function explain(model: Booster, features: Matrix, { isSquare = false, add }: Explaining): Explanations {
  const width = model.columns + 1;
  const { outputs } = model;
  if (features.columns !== model.columns) {
    throw new DataError(`The rows have ${features.columns} columns; the model was trained with ${model.columns}.`);
  }
  const size = isSquare ? width * width : width;
  const length = features.rows * outputs * size;
  if (length > MAXIMUM_VALUES) {
    throw new DataError(
      `The explanations would be ${length} numbers; ask for at most ${Math.floor(MAXIMUM_VALUES / (outputs * size))} rows at once.`,
    );
  }
  const values = new Float64Array(length);
  const target: Target = { values, size, features, isSquare };
  if (model.booster === "gblinear") addLinear(model, target);
  else addTrees(model, target, add);
  return { rows: features.rows, outputs, width, values };
}

interface Target {
  readonly values: Float64Array;
  /** Of one row and output. */
  readonly size: number;
  readonly features: Matrix;
  readonly isSquare: boolean;
}

/** Tree by tree, so that what a tree keeps stays in the cache for all rows. */
function addTrees(model: TreeEnsemble, { values, size, features, isSquare }: Target, add: Explaining["add"]): void {
  const { outputs, columns } = model;
  const read = createRowReader(features);
  const bias = Float64Array.from(baseMargins(model));
  for (const [index, tree] of model.trees.entries()) {
    const paths = treePaths(tree);
    const explainer = createTreeExplainer(paths);
    const weight = model.treeWeights?.[index] ?? 1;
    const output = model.treeOutputs[index];
    bias[output] += weight * paths.means[0];
    if (paths.nodes === 1) continue;
    for (let row = 0; row < features.rows; row += 1) {
      explainer.read(read(row));
      add(explainer, values, { offset: (row * outputs + output) * size, weight });
    }
  }
  if (isSquare) return;
  for (let item = 0; item < features.rows * outputs; item += 1) values[item * size + columns] = bias[item % outputs];
}

/** A linear model has no interactions. */
function addLinear(model: LinearBooster, { values, size, features, isSquare }: Target): void {
  if (isSquare) return;
  const { outputs, columns, weights } = model;
  const read = createRowReader(features);
  const bias = baseMargins(model);
  for (let row = 0; row < features.rows; row += 1) {
    const present = read(row);
    for (let output = 0; output < outputs; output += 1) {
      const offset = (row * outputs + output) * size;
      for (let column = 0; column < columns; column += 1) {
        const value = present[column];
        values[offset + column] = Number.isNaN(value) ? 0 : value * weights[column * outputs + output];
      }
      values[offset + columns] = bias[output] + weights[columns * outputs + output];
    }
  }
}
