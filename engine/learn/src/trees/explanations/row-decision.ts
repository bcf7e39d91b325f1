import { isCategoryLeft } from "../prediction/category-decision.ts";
import type { RegressionTree } from "../tree-ensemble.ts";

/**
 * Whether a row goes left at a node of the tree, as XGBoost decides: missing values by `defaultLeft`, categories to the right when the node names them (numbers that are
 * no category go left), other values to the left when they are below the condition.
 */
export function createRowDecision({
  splitColumns,
  splitConditions,
  defaultLeft,
  categories,
}: RegressionTree): (node: number, row: Float32Array) => boolean {
  const goRight = new Map([...(categories ?? [])].map(([node, named]) => [node, new Set(named)]));
  return (node, row) => {
    const value = row[splitColumns[node]];
    if (Number.isNaN(value)) return defaultLeft[node] === 1;
    const named = goRight.size === 0 ? undefined : goRight.get(node);
    return named === undefined ? value < splitConditions[node] : isCategoryLeft(named, value);
  };
}
