// Sums of leaf values for rows of raw numbers. Numbers become integers in the same order, so that one comparison also decides about missing values; eight rows
// walk down a tree side by side, since a walk alone mostly waits. gradient-boosting-prediction.ts lays out the memory.

/* oxlint-disable prefer-const -- the host sets these globals of each instance before the first call */
export let columns: i32 = 0;
export let outputs: i32 = 1;
/** Of each tree: address of its root, depth, output. */
export let trees: usize = 0;
export let treeCount: i32 = 0;
export let baseMargins: usize = 0;
export let rowsIn: usize = 0;
export let marginsOut: usize = 0;
/** Room for the keys of a block of rows, one for each thread. */
export let keys: usize = 0;
export let keyBytes: i32 = 0;
/* oxlint-enable prefer-const */

/** Rows whose keys stay in the first-level cache while all trees pass over them. */
const BLOCK: i32 = 64;
/** Deeper trees are seldom full: from here on it pays to see that all rows have arrived. */
const FULL_DEPTH: i32 = 8;
/** A node: address of the key in a row, the least key that goes right, address of the left child (the right one follows), value. A leaf is its own left child. */
const NODE_BYTES: usize = 16;
const TREE_BYTES: usize = 12;

/** In the order of the numbers, both zeros equal; a missing value is 0, below all. */
// @inline
function keyOf(value: f32): u32 {
  const bits = reinterpret<u32>(value + 0);
  return value !== value ? 0 : bits >> 31 ? ~bits : bits | 0x80000000;
}

/** Each row's keys, and behind them the keys less one: there a missing value is above all others instead of below them. */
function makeKeys(from: i32, count: i32, target: usize): void {
  const width = (<usize>columns) << 2;
  let source = rowsIn + <usize>from * width;
  for (let row = 0; row < count; row++) {
    for (let column: usize = 0; column < width; column += 4) {
      const key = keyOf(load<f32>(source + column));
      store<u32>(target + column, key);
      store<u32>(target + column + width, key - 1);
    }
    source += width;
    target += width << 1;
  }
}

// @inline
function next(node: usize, row: usize): usize {
  const isRight = <usize>(load<u32>(row + <usize>load<u32>(node)) >= load<u32>(node, 4));
  return <usize>load<u32>(node, 8) + isRight * NODE_BYTES;
}

// @inline
function addLeaf(node: usize, target: usize): void {
  store<f32>(target, load<f32>(target) + load<f32>(node, 12));
}

/** Eight rows whose keys are `stride` apart; margins are `step` apart. */
function walkEight(tree: usize, row: usize, stride: usize, target: usize): void {
  const root = <usize>load<u32>(tree);
  const depth = load<i32>(tree, 4);
  let a = root;
  let b = root;
  let c = root;
  let d = root;
  let e = root;
  let f = root;
  let g = root;
  let h = root;
  for (let level = 0; level < depth; level++) {
    const before = a + b + c + d + e + f + g + h;
    a = next(a, row);
    b = next(b, row + stride);
    c = next(c, row + stride * 2);
    d = next(d, row + stride * 3);
    e = next(e, row + stride * 4);
    f = next(f, row + stride * 5);
    g = next(g, row + stride * 6);
    h = next(h, row + stride * 7);
    // Children lie behind their parents: addresses only grow.
    if (level >= FULL_DEPTH && a + b + c + d + e + f + g + h === before) break;
  }
  const step = (<usize>outputs) << 2;
  addLeaf(a, target);
  addLeaf(b, target + step);
  addLeaf(c, target + step * 2);
  addLeaf(d, target + step * 3);
  addLeaf(e, target + step * 4);
  addLeaf(f, target + step * 5);
  addLeaf(g, target + step * 6);
  addLeaf(h, target + step * 7);
}

function walkOne(tree: usize, row: usize, target: usize): void {
  let node = <usize>load<u32>(tree);
  for (let left = next(node, row); left !== node; left = next(node, row)) node = left;
  addLeaf(node, target);
}

/** Margins of the rows `from` … `to` of the input, by this thread's keys. */
export function predict(thread: i32, from: i32, to: i32): void {
  const own = keys + <usize>thread * <usize>keyBytes;
  const stride = (<usize>columns) << 3;
  const step = (<usize>outputs) << 2;
  for (let first = from; first < to; first += BLOCK) {
    const count = min(BLOCK, to - first);
    makeKeys(first, count, own);
    const targets = marginsOut + <usize>first * step;
    for (let row = 0; row < count; row++) memory.copy(targets + <usize>row * step, baseMargins, step);
    for (let index = 0; index < treeCount; index++) {
      const tree = trees + <usize>index * TREE_BYTES;
      const target = targets + ((<usize>load<i32>(tree, 8)) << 2);
      let row = 0;
      for (; row + 8 <= count; row += 8) walkEight(tree, own + <usize>row * stride, stride, target + <usize>row * step);
      for (; row < count; row++) walkOne(tree, own + <usize>row * stride, target + <usize>row * step);
    }
  }
}
