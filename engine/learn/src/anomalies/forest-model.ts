import type { CutTree } from "./cut-tree.ts";

export interface RandomCutForest {
  readonly columns: number;
  /** Most rows that a tree keeps. */
  readonly samplesPerTree: number;
  /** How many rows the samples were drawn from. */
  readonly seen: number;
  readonly trees: readonly CutTree[];
}

/** What the bounds of all nodes may take. */
const MAXIMUM_BYTES = 2 ** 32;

/** Says that trees of such a size need more memory than a forest may take; undefined where they do not. */
export function forestExcess({
  trees,
  samplesPerTree,
  columns,
}: Pick<RandomCutForest, "samplesPerTree" | "columns"> & { readonly trees: number }): string | undefined {
  const bytes = trees * samplesPerTree * columns * 8;
  return bytes <= MAXIMUM_BYTES ? undefined : `The trees need ${Math.ceil(bytes / 2 ** 30)} GiB, more than 4`;
}
