import type { Matrix } from "../../table/matrix.ts";
import { createRowReader } from "../explanations/row-reader.ts";
import type { RegressionTree } from "../tree-ensemble.ts";
import { createTreeWalk } from "./tree-walk.ts";

/** Where the margins of one output lie: the first row's, and how far apart. */
export interface MarginPlace {
  readonly margins: Float32Array;
  readonly first: number;
  readonly step: number;
}

/** Adds `weight` times a tree's leaf values to the margins of all rows. */
export function addTree(tree: RegressionTree, matrix: Matrix, { margins, first, step }: MarginPlace, weight = 1): void {
  const walk = createTreeWalk(tree);
  const { splitConditions } = tree;
  const { rows, columns } = matrix;
  if (matrix.kind === "dense") {
    const { values } = matrix;
    for (let row = 0; row < rows; row += 1) {
      margins[first + row * step] += weight * splitConditions[walk(values, row * columns)];
    }
    return;
  }
  const readRow = createRowReader(matrix);
  for (let row = 0; row < rows; row += 1)
    margins[first + row * step] += weight * splitConditions[walk(readRow(row), 0)];
}
