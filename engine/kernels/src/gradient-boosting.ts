import type { BoostingSettings } from "./gradient-boosting.wasm.ts";

/** Binned rows and their derivatives, as the scalar reference takes them. */
export interface BinnedTable {
  /** By column, then row: a bin from 0, or `binCounts[column]` for a missing value. */
  readonly bins: readonly ArrayLike<number>[];
  readonly binCounts: readonly number[];
  readonly firsts: ArrayLike<number>;
  readonly seconds: ArrayLike<number>;
}

/** A node of the reference's tree. */
export interface ReferenceNode {
  readonly rows: readonly number[];
  readonly first: number;
  readonly second: number;
  split?: ReferenceSplit;
  left?: number;
}

export interface ReferenceSplit {
  readonly column: number;
  /** The last bin that goes left. */
  readonly bin: number;
  readonly isDefaultLeft: boolean;
  readonly gain: number;
}

type Limits = Pick<BoostingSettings, "lambda" | "minChildWeight" | "gamma" | "maxDepth">;

/** A split that saves less is none. */
const LEAST_GAIN = 1e-6;

/**
 * The scalar reference of the boosting kernel: one tree, level by level, by the exact sums of each bin's derivatives (Chen & Guestrin 2016, algorithms 1 and 3).
 * Numbers only; to read, and to compare with. The nodes are in the kernel's order: the children of a node follow each other.
 */
export function growReferenceTree(table: BinnedTable, limits: Limits): readonly ReferenceNode[] {
  const all = Array.from(table.firsts, (_, row) => row);
  const nodes = [createNode(table, all)];
  const depths = [0];
  for (let index = 0; index < nodes.length; index += 1) {
    const node = nodes[index];
    const split = depths[index] < limits.maxDepth ? findSplit(table, node, limits) : undefined;
    if (split === undefined) continue;
    node.split = split;
    node.left = nodes.length;
    const goesLeft = (row: number): boolean => isLeft(table, split, row);
    nodes.push(
      createNode(table, node.rows.filter(goesLeft)),
      createNode(
        table,
        node.rows.filter((row) => !goesLeft(row)),
      ),
    );
    depths.push(depths[index] + 1, depths[index] + 1);
  }
  return nodes;
}

function createNode({ firsts, seconds }: BinnedTable, rows: readonly number[]): ReferenceNode {
  const sum = (values: ArrayLike<number>): number => rows.reduce((total, row) => total + values[row], 0);
  return { rows, first: sum(firsts), second: sum(seconds) };
}

function isLeft(
  { bins, binCounts }: BinnedTable,
  { column, bin, isDefaultLeft }: ReferenceSplit,
  row: number,
): boolean {
  const own = bins[column][row];
  return own === binCounts[column] ? isDefaultLeft : own <= bin;
}

/** Columns and bins in order, missing values on the right; then from the last bin down, missing values on the left. The first of equal gains wins. */
function findSplit(table: BinnedTable, node: ReferenceNode, limits: Limits): ReferenceSplit | undefined {
  let best: ReferenceSplit = { column: -1, bin: -1, isDefaultLeft: false, gain: 0 };
  for (const [column, count] of table.binCounts.entries()) {
    const bins = node.rows.map((row) => table.bins[column][row]);
    const forward = Array.from({ length: count }, (_, bin) => ({ column, bin, isDefaultLeft: false }));
    const backward = forward.map(({ bin }) => ({ column, bin: bin - 1, isDefaultLeft: true })).toReversed();
    for (const candidate of bins.includes(count) ? [...forward, ...backward] : forward.slice(0, -1)) {
      const gain = gainOf(table, { node, candidate: { ...candidate, gain: 0 }, limits });
      if (gain > best.gain) best = { ...candidate, gain };
    }
  }
  return best.gain > LEAST_GAIN && best.gain >= limits.gamma ? best : undefined;
}

interface Trial {
  readonly node: ReferenceNode;
  readonly candidate: ReferenceSplit;
  readonly limits: Limits;
}

/** What the split saves: equation 7 of the paper, twice; 0 where a side is too light. */
function gainOf(table: BinnedTable, { node, candidate, limits }: Trial): number {
  const { lambda, minChildWeight } = limits;
  let [first, second] = [0, 0];
  for (const row of node.rows) {
    if (!isLeft(table, candidate, row)) continue;
    first += table.firsts[row];
    second += table.seconds[row];
  }
  const others = { first: node.first - first, second: node.second - second };
  if (second < minChildWeight || others.second < minChildWeight) return 0;
  const score = (g: number, h: number): number => (g * g) / (h + lambda);
  return score(first, second) + score(others.first, others.second) - score(node.first, node.second);
}
