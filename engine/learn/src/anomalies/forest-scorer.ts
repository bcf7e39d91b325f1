import type { DenseRows } from "@rondo/kernels";
import { type CutTree, EMPTY, toLeaf } from "./cut-tree.ts";
import type { RandomCutForest } from "./forest-model.ts";

/** Scores rows as `scoreRow` does. */
export interface ForestScorer {
  /** Of each row the mean of its scores over the trees. Fastest for some hundred rows, which a tree in the cache scores one after the other. */
  score(rows: DenseRows): Float64Array;
}

/** The places of all trees, each from the root down, so that a walk reads on: half as much and in order. */
interface Walk {
  readonly roots: number[];
  /** What all scores of a tree are multiplied by. */
  readonly factors: number[];
  readonly cutColumns: number[];
  readonly cutValues: number[];
  /** Nodes, or leaves as `toLeaf` has them. */
  readonly left: number[];
  readonly right: number[];
  /** The sides of the nodes' boxes, added up. */
  readonly ranges: number[];
  /** [node][column][lower, upper] */
  readonly bounds: number[];
  readonly points: number[];
  /** What a leaf scores for a row like its own, and for any other. */
  readonly seen: number[];
  readonly unseen: number[];
}

export function createForestScorer({ columns, trees }: RandomCutForest): ForestScorer {
  const walk: Walk = {
    roots: [],
    factors: [],
    cutColumns: [],
    cutValues: [],
    left: [],
    right: [],
    ranges: [],
    bounds: [],
    points: [],
    seen: [],
    unseen: [],
  };
  for (const tree of trees) {
    if (tree.root === EMPTY) continue;
    walk.roots.push(addTree(walk, tree));
    walk.factors.push(Math.log2(tree.mass + 1));
  }
  const flat = {
    roots: Int32Array.from(walk.roots),
    factors: Float64Array.from(walk.factors),
    cutColumns: Int32Array.from(walk.cutColumns),
    cutValues: Float32Array.from(walk.cutValues),
    left: Int32Array.from(walk.left),
    right: Int32Array.from(walk.right),
    ranges: Float64Array.from(walk.ranges),
    bounds: Float32Array.from(walk.bounds),
    points: Float32Array.from(walk.points),
    seen: Float64Array.from(walk.seen),
    unseen: Float64Array.from(walk.unseen),
  };
  return {
    score({ rows, values }) {
      const scores = new Float64Array(rows);
      for (let tree = 0; tree < flat.roots.length; tree++) {
        for (let row = 0; row < rows; row++) {
          scores[row] += flat.factors[tree] * scoreTree(flat, tree, values, row * columns);
        }
      }
      return scores.map((sum) => sum / trees.length);
    },
  };

  function scoreTree(given: typeof flat, tree: number, values: Float32Array, start: number): number {
    const { cutColumns, cutValues, left, right, ranges, bounds, points } = given;
    let place = given.roots[tree];
    let score = 0;
    // The probability that the row was not separated further above.
    let reached = 1;
    for (let depth = 1; place >= 0; depth++) {
      let widened = 0;
      for (let column = 0, at = place * columns * 2; column < columns; column++, at += 2) {
        const value = values[start + column];
        if (value < bounds[at]) widened += bounds[at] - value;
        else if (value > bounds[at + 1]) widened += value - bounds[at + 1];
      }
      if (widened > 0) {
        const separated = widened / (ranges[place] + widened);
        score += (reached * separated) / depth;
        reached *= 1 - separated;
        if (reached === 0) return score;
      }
      place = values[start + cutColumns[place]] <= cutValues[place] ? left[place] : right[place];
    }
    const leaf = toLeaf(place);
    let column = 0;
    while (column < columns && values[start + column] === points[leaf * columns + column]) column++;
    return score + reached * (column === columns ? given.seen[leaf] : given.unseen[leaf]);
  }
}

/** Adds all places of a tree; returns the number of its root. */
function addTree(walk: Walk, tree: CutTree): number {
  const open = [{ place: tree.root, depth: 0, link: (_number: number): void => {} }];
  let root: number | undefined;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { place, depth, link } = next;
    const number = place < 0 ? addLeaf(walk, tree, toLeaf(place), depth) : addNode(walk, tree, place);
    root ??= number;
    link(number);
    if (place < 0) continue;
    for (const side of ["right", "left"] as const) {
      const linkChild = (child: number): void => void (walk[side][number] = child);
      open.push({ place: tree[side][place], depth: depth + 1, link: linkChild });
    }
  }
  return root ?? EMPTY;
}

function addNode(walk: Walk, tree: CutTree, place: number): number {
  const { columns } = tree;
  let range = 0;
  for (let column = place * columns; column < (place + 1) * columns; column++) {
    walk.bounds.push(tree.lower[column], tree.upper[column]);
    range += tree.upper[column] - tree.lower[column];
  }
  walk.ranges.push(range);
  walk.cutValues.push(tree.cutValues[place]);
  return walk.cutColumns.push(tree.cutColumns[place]) - 1;
}

function addLeaf(walk: Walk, tree: CutTree, leaf: number, depth: number): number {
  const { columns, masses, mass } = tree;
  for (let column = 0; column < columns; column++) walk.points.push(tree.points[leaf * columns + column]);
  walk.unseen.push(1 / (depth + 1));
  return toLeaf(walk.seen.push((1 - masses[leaf] / (2 * mass)) / (depth + Math.log2(masses[leaf] + 1))) - 1);
}
