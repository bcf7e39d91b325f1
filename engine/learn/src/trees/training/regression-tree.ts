import type { BoostedTree } from "@rondo/kernels";
import type { RegressionTree } from "../tree-ensemble.ts";
import type { CategoryColumn } from "./category-bins.ts";

/** The kernel's tree with categories instead of their bins. */
export function toRegressionTree(
  { rightBins, ...tree }: BoostedTree,
  columns: readonly CategoryColumn[],
): RegressionTree {
  if (rightBins.size === 0) return tree;
  const categories = new Map<number, Uint32Array>();
  for (const [node, bins] of rightBins) {
    const { categories: groups = [] } = columns.find(({ column }) => column === tree.splitColumns[node]) ?? {};
    categories.set(node, Uint32Array.from(bins.flatMap((bin) => groups[bin] ?? [])).sort());
  }
  return { ...tree, categories };
}
