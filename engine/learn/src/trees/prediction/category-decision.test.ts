import assert from "node:assert/strict";
import { test } from "node:test";
import { denseMatrix } from "../../table/matrix.ts";
import { createRowDecision } from "../explanations/row-decision.ts";
import type { RegressionTree } from "../tree-ensemble.ts";
import { addTree } from "./add-tree.ts";

/** Categories 0 and 2 go right, missing values too. */
const tree: RegressionTree = {
  leftChildren: Int32Array.of(1, -1, -1),
  rightChildren: Int32Array.of(2, -1, -1),
  splitColumns: Uint32Array.of(0, 0, 0),
  splitConditions: Float32Array.of(0, -1, 1),
  defaultLeft: Uint8Array.of(0, 0, 0),
  lossChanges: new Float32Array(3),
  sumHessians: Float32Array.of(2, 1, 1),
  baseWeights: new Float32Array(3),
  categories: new Map([[0, Uint32Array.of(0, 2)]]),
};

test("what is no category goes left, as pip's xgboost 3.2 sends it, in predictions and in explanations", () => {
  const values = [0, 0.9, 1, 2, 3, -0.5, -1, 2 ** 24, Number.NaN];
  const expected = [1, 1, -1, 1, -1, -1, -1, -1, 1];
  const margins = new Float32Array(values.length);
  addTree(tree, denseMatrix(values.map((value) => [value])), { margins, first: 0, step: 1 });
  assert.deepEqual([...margins], expected);
  const isLeft = createRowDecision(tree);
  assert.deepEqual(
    values.map((value) => (isLeft(0, Float32Array.of(value)) ? -1 : 1)),
    expected,
  );
});
