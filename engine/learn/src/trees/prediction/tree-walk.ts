import type { RegressionTree } from "../tree-ensemble.ts";
import { isCategoryLeft } from "./category-decision.ts";

/** Finds the leaf of the row whose values begin at `start`. */
export type TreeWalk = (values: Float32Array, start: number) => number;

/** How a tree decides: missing values by `defaultLeft`, categories that the node names go right, other numbers left when they are below the condition. */
export function createTreeWalk(tree: RegressionTree): TreeWalk {
  const { leftChildren, rightChildren, splitColumns, splitConditions, defaultLeft, categories } = tree;
  if (categories !== undefined && categories.size > 0) return createCategoryWalk(tree);
  return (values, start) => {
    let node = 0;
    for (let left = leftChildren[0]; left >= 0; left = leftChildren[node]) {
      const value = values[start + splitColumns[node]];
      // Of a missing value every comparison is false.
      const goesLeft = value < splitConditions[node] || (value !== value && defaultLeft[node] === 1);
      node = goesLeft ? left : rightChildren[node];
    }
    return node;
  };
}

function createCategoryWalk(tree: RegressionTree): TreeWalk {
  const { leftChildren, rightChildren, splitColumns, splitConditions, defaultLeft, categories = new Map() } = tree;
  const named = new Map<number, ReadonlySet<number>>(
    [...categories].map(([node, list]: [number, Uint32Array]) => [node, new Set(list)]),
  );
  return (values, start) => {
    let node = 0;
    for (let left = leftChildren[0]; left >= 0; left = leftChildren[node]) {
      const value = values[start + splitColumns[node]];
      const set = named.get(node);
      const isBelow = set === undefined ? value < splitConditions[node] : isCategoryLeft(set, value);
      const goesLeft = Number.isNaN(value) ? defaultLeft[node] === 1 : isBelow;
      node = goesLeft ? left : rightChildren[node];
    }
    return node;
  };
}
