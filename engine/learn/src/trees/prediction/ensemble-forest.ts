import { createForest, type Forest } from "@rondo/kernels";
import { baseMargins } from "../explanations/base-margins.ts";
import type { TreeEnsemble } from "../tree-ensemble.ts";

/** The model's trees in the memory of the prediction kernel; undefined for trees that split categories, which it does not know. */
export function createEnsembleForest(model: TreeEnsemble, threads: number): Forest | undefined {
  const { columns, trees, treeOutputs, treeWeights } = model;
  if (columns === 0 || trees.some(({ categories }) => categories !== undefined && categories.size > 0))
    return undefined;
  return createForest({
    columns,
    threads,
    baseMargins: baseMargins(model),
    trees: trees.map((tree, index) => ({ ...tree, output: treeOutputs[index], weight: treeWeights?.[index] ?? 1 })),
  });
}
