import type { CutTree } from "./cut-tree.ts";

export interface RandomCutForest {
  readonly columns: number;
  /** Most rows that a tree keeps. */
  readonly samplesPerTree: number;
  /** How many rows the samples were drawn from. */
  readonly seen: number;
  readonly trees: readonly CutTree[];
}
