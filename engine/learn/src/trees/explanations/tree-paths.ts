import type { RegressionTree } from "../tree-ensemble.ts";
import { gaussLegendre, type Quadrature } from "./gauss-legendre.ts";

/** What TreeSHAP needs of a tree besides a row. Nodes are numbered anew here, each after its parent; all arrays have one entry per node. */
export interface TreePaths {
  readonly tree: RegressionTree;
  readonly nodes: number;
  /** The node's number in the tree. */
  readonly origins: Int32Array;
  /** -1 for the root. */
  readonly parents: Int32Array;
  /** The column that the parent splits; -1 for the root. */
  readonly columns: Int32Array;
  /** 1 = the left child of its parent. */
  readonly isLeft: Uint8Array;
  /** The nearest node on the way to the root that hangs on a split of the same column; -1 where there is none. */
  readonly sameColumn: Int32Array;
  /** What part of the training rows goes on through all splits of this node's column on the way to it. */
  readonly fractions: Float64Array;
  /** Mean of the leaves below, by training rows: the leaf's value in a leaf. */
  readonly means: Float64Array;
  readonly isLeaf: Uint8Array;
  /** The columns that the tree splits, ascending. */
  readonly used: readonly number[];
  /** Exact for the longest path. */
  readonly quadrature: Quadrature;
}

/** The tree's paths; the rows that came to a node are counted by their second derivatives, as XGBoost does. */
export function treePaths(tree: RegressionTree): TreePaths {
  const order = inOrder(tree);
  const nodes = order.length;
  const origins = Int32Array.from(order, ({ origin }) => origin);
  const parents = Int32Array.from(order, ({ parent }) => parent);
  const columns = Int32Array.from(parents, (parent) => (parent < 0 ? -1 : tree.splitColumns[origins[parent]]));
  const isLeft = Uint8Array.from(order, ({ origin, parent }) =>
    parent >= 0 && tree.leftChildren[origins[parent]] === origin ? 1 : 0,
  );
  const isLeaf = Uint8Array.from(origins, (origin) => (tree.leftChildren[origin] < 0 ? 1 : 0));
  const shares = Float64Array.from(order, ({ origin, parent }) =>
    parent < 0 ? 1 : shareOf(tree, origins[parent], origin),
  );
  const { sameColumn, longest } = followColumns(parents, columns);
  const fractions = shares.slice();
  for (let node = 1; node < nodes; node += 1) {
    if (sameColumn[node] >= 0) fractions[node] *= fractions[sameColumn[node]];
  }
  const means = Float64Array.from(origins, (origin, node) => (isLeaf[node] === 1 ? tree.splitConditions[origin] : 0));
  for (let node = nodes - 1; node > 0; node -= 1) means[parents[node]] += shares[node] * means[node];
  const used = [...new Set(columns.subarray(1))].sort((a, b) => a - b);
  const quadrature = gaussLegendre(Math.max(1, Math.ceil(longest / 2)));
  return { tree, nodes, origins, parents, columns, isLeft, sameColumn, fractions, means, isLeaf, used, quadrature };
}

interface Visit {
  readonly origin: number;
  /** In the new numbering. */
  readonly parent: number;
}

function inOrder(tree: RegressionTree): readonly Visit[] {
  const order: Visit[] = [];
  const waiting: Visit[] = [{ origin: 0, parent: -1 }];
  for (let visit = waiting.pop(); visit !== undefined; visit = waiting.pop()) {
    const parent = order.push(visit) - 1;
    const left = tree.leftChildren[visit.origin];
    if (left < 0) continue;
    waiting.push({ origin: tree.rightChildren[visit.origin], parent }, { origin: left, parent });
  }
  return order;
}

/** A split that no training row came to halves what comes. */
function shareOf({ sumHessians }: RegressionTree, parent: number, child: number): number {
  return sumHessians[parent] > 0 ? sumHessians[child] / sumHessians[parent] : 0.5;
}

function followColumns(parents: Int32Array, columns: Int32Array): { sameColumn: Int32Array; longest: number } {
  const sameColumn = new Int32Array(parents.length).fill(-1);
  const lengths = new Int32Array(parents.length);
  let longest = 0;
  for (let node = 1; node < parents.length; node += 1) {
    let ancestor = parents[node];
    while (ancestor > 0 && columns[ancestor] !== columns[node]) ancestor = parents[ancestor];
    sameColumn[node] = ancestor > 0 ? ancestor : -1;
    lengths[node] = lengths[parents[node]] + (ancestor > 0 ? 0 : 1);
    longest = Math.max(longest, lengths[node]);
  }
  return { sameColumn, longest };
}
