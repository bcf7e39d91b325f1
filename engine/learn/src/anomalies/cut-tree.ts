import type { Random } from "../random.ts";

/** A child that is a leaf: its number, taken as −1 − number. */
export const toLeaf = (child: number): number => -1 - child;

/**
 * A robust random cut tree (Guha, Mishra, Roy and Schrijvers 2016, definition 1) over a sample of rows. Equal rows share a leaf. With n leaves
 * there are n − 1 nodes; places that were freed are taken again.
 */
export interface CutTree {
  readonly columns: number;
  /** A node's number, a leaf as `toLeaf` has it, or `EMPTY`. */
  root: number;
  /** How many rows there are, equal ones counted. */
  mass: number;
  /** [leaf][column] */
  readonly points: Float32Array;
  /** How many equal rows a leaf stands for; 0 for a free place. */
  readonly masses: Uint32Array;
  /** Of each node: rows with at most `cutValues` in the column `cutColumns` are on the left. */
  readonly cutColumns: Int32Array;
  readonly cutValues: Float32Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** [node][column]: the bounds of all rows below. */
  readonly lower: Float32Array;
  readonly upper: Float32Array;
  readonly freeLeaves: number[];
  readonly freeNodes: number[];
}

/** Marks an empty tree: a node that cannot exist. */
export const EMPTY = 2 ** 31 - 1;

/** An empty tree for at most `capacity` different rows. */
export function createCutTree(capacity: number, columns: number): CutTree {
  const nodes = Math.max(0, capacity - 1);
  const descending = (length: number): number[] => Array.from({ length }, (_, index) => length - 1 - index);
  return {
    columns,
    root: EMPTY,
    mass: 0,
    points: new Float32Array(capacity * columns),
    masses: new Uint32Array(capacity),
    cutColumns: new Int32Array(nodes),
    cutValues: new Float32Array(nodes),
    left: new Int32Array(nodes),
    right: new Int32Array(nodes),
    lower: new Float32Array(nodes * columns),
    upper: new Float32Array(nodes * columns),
    freeLeaves: descending(capacity),
    freeNodes: descending(nodes),
  };
}

/** A cut of the box that holds the rows below a place and a new row. */
interface Cut {
  readonly column: number;
  readonly value: number;
}

/**
 * Adds a row (algorithm 2): from the root down, a cut of the box with the new row is drawn; where it separates the row from all
 * others it becomes a node, else the tree's own cut stays. The tree is distributed as if it had been drawn over all rows at once (theorem 3).
 */
export function insertRow(tree: CutTree, row: Float32Array, random: Random): void {
  tree.mass++;
  let parent = EMPTY;
  let place = tree.root;
  while (place !== EMPTY) {
    const cut = drawSeparatingCut(tree, place, row, random);
    if (cut !== undefined) {
      replaceChild(tree, parent, place, addNode(tree, place, row, cut));
      return;
    }
    if (place < 0) {
      tree.masses[toLeaf(place)]++;
      return;
    }
    widen(tree, place, row);
    parent = place;
    place = row[tree.cutColumns[place]] <= tree.cutValues[place] ? tree.left[place] : tree.right[place];
  }
  tree.root = toLeaf(addLeaf(tree, row));
}

/** Removes one of the rows of a leaf; its sibling takes the parent's place. */
export function removeRow(tree: CutTree, leaf: number): void {
  tree.mass--;
  tree.masses[leaf]--;
  if (tree.masses[leaf] > 0) return;
  const row = tree.points.subarray(leaf * tree.columns, (leaf + 1) * tree.columns);
  const path: number[] = [];
  let place = tree.root;
  while (place >= 0 && place !== EMPTY) {
    path.push(place);
    place = row[tree.cutColumns[place]] <= tree.cutValues[place] ? tree.left[place] : tree.right[place];
  }
  tree.freeLeaves.push(leaf);
  const node = path.pop();
  if (node === undefined) {
    tree.root = EMPTY;
    return;
  }
  const sibling = tree.left[node] === place ? tree.right[node] : tree.left[node];
  replaceChild(tree, path[path.length - 1] ?? EMPTY, node, sibling);
  tree.freeNodes.push(node);
  for (const above of path.toReversed()) fitBox(tree, above);
}

/** Bounds of what is below a place: of a leaf its row, twice. */
export function boxOf(tree: CutTree, place: number): readonly [lower: Float32Array, upper: Float32Array] {
  const { columns } = tree;
  if (place >= 0) {
    const [from, to] = [place * columns, (place + 1) * columns];
    return [tree.lower.subarray(from, to), tree.upper.subarray(from, to)];
  }
  const leaf = toLeaf(place);
  const point = tree.points.subarray(leaf * columns, (leaf + 1) * columns);
  return [point, point];
}

/** Sets a node's bounds to those of its children together. */
export function fitBox(tree: CutTree, node: number): void {
  const [lower, upper] = boxOf(tree, node);
  const [leftLower, leftUpper] = boxOf(tree, tree.left[node]);
  const [rightLower, rightUpper] = boxOf(tree, tree.right[node]);
  for (let column = 0; column < tree.columns; column++) {
    lower[column] = Math.min(leftLower[column], rightLower[column]);
    upper[column] = Math.max(leftUpper[column], rightUpper[column]);
  }
}

/** A column with a probability in proportion to its range, a value uniformly in it; undefined when it does not separate the row. */
function drawSeparatingCut(tree: CutTree, place: number, row: Float32Array, random: Random): Cut | undefined {
  const [lower, upper] = boxOf(tree, place);
  let total = 0;
  for (let column = 0; column < tree.columns; column++) {
    total += Math.max(upper[column], row[column]) - Math.min(lower[column], row[column]);
  }
  if (total === 0) return undefined;
  let rest = random.uniform() * total;
  for (let column = 0; column < tree.columns; column++) {
    const from = Math.min(lower[column], row[column]);
    const to = Math.max(upper[column], row[column]);
    if (rest >= to - from) {
      rest -= to - from;
      continue;
    }
    const drawn = Math.fround(from + rest);
    // Rounding must not leave one side empty.
    const value = drawn < to ? drawn : from;
    const separates =
      (row[column] <= value && value < lower[column]) || (upper[column] <= value && value < row[column]);
    if (separates) return { column, value };
    break;
  }
  return place < 0 ? cutAtFirstDifference(lower, row) : undefined;
}

/** Where rounding has left no column: a leaf must be separated from every other row. */
function cutAtFirstDifference(point: Float32Array, row: Float32Array): Cut {
  const column = point.findIndex((value, index) => value !== row[index]);
  return { column, value: Math.min(point[column], row[column]) };
}

function addNode(tree: CutTree, sibling: number, row: Float32Array, { column, value }: Cut): number {
  const leaf = toLeaf(addLeaf(tree, row));
  const node = tree.freeNodes.pop();
  if (node === undefined) throw new RangeError("The tree is full.");
  tree.cutColumns[node] = column;
  tree.cutValues[node] = value;
  const isLeft = row[column] <= value;
  tree.left[node] = isLeft ? leaf : sibling;
  tree.right[node] = isLeft ? sibling : leaf;
  fitBox(tree, node);
  return node;
}

function addLeaf(tree: CutTree, row: Float32Array): number {
  const leaf = tree.freeLeaves.pop();
  if (leaf === undefined) throw new RangeError("The tree is full.");
  tree.points.set(row, leaf * tree.columns);
  tree.masses[leaf] = 1;
  return leaf;
}

function replaceChild(tree: CutTree, parent: number, old: number, child: number): void {
  if (parent === EMPTY) tree.root = child;
  else if (tree.left[parent] === old) tree.left[parent] = child;
  else tree.right[parent] = child;
}

function widen(tree: CutTree, node: number, row: Float32Array): void {
  const [lower, upper] = boxOf(tree, node);
  for (let column = 0; column < tree.columns; column++) {
    if (row[column] < lower[column]) lower[column] = row[column];
    if (row[column] > upper[column]) upper[column] = row[column];
  }
}
