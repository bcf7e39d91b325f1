// Each thread divides its own rows among the nodes and adds leaf values to its own margins. Rows of a node stay in ascending order.
import {
  BIN,
  binCounts,
  CATEGORICAL,
  CATEGORY_BITS,
  COLUMN,
  columnBins,
  DEFAULT_LEFT,
  firstRow,
  LEFT,
  margins,
  node,
  RIGHT,
  ROW_SCRATCH,
  rowIndexes,
  rowStride,
  scratchOf,
  segment,
  UNDIVIDED,
  VALUE,
} from "./gradient-boosting-memory.as";

/** In a thread's scratch: for each bin 1 where it goes right. */
const SIDES: usize = 60416;

/** Which way each bin of the node's column goes, as a table: no branch that a processor would guess wrong. */
function prepareSides(from: usize, sides: usize): void {
  const missing = load<i32>(binCounts + ((<usize>load<i32>(from + COLUMN)) << 2));
  const isCategorical = load<i32>(from + CATEGORICAL) !== 0;
  const last = load<i32>(from + BIN);
  for (let bin = 0; bin < missing; bin++) {
    const bits = load<u32>(from + CATEGORY_BITS + ((<usize>(bin >> 5)) << 2));
    store<u8>(sides + <usize>bin, isCategorical ? <i32>((bits >> (bin & 31)) & 1) : i32(bin > last));
  }
  store<u8>(sides + <usize>missing, 1 - load<i32>(from + DEFAULT_LEFT));
}

// @inline
function binsOf(from: usize): usize {
  return columnBins + <usize>load<i32>(from + COLUMN) * <usize>rowStride;
}

/** Gives the node's rows of this thread to its children: stable, in place. */
export function divide(index: i32, thread: i32): void {
  const from = node(index);
  const sides = scratchOf(thread) + SIDES;
  prepareSides(from, sides);
  const bins = binsOf(from);
  const own = segment(index, thread);
  const begin = load<i32>(own);
  const end = load<i32>(own, 4);
  const waiting = scratchOf(thread) + ROW_SCRATCH;
  let left = rowIndexes + ((<usize>begin) << 2);
  let right = waiting;
  if (index === 0) {
    for (let row = begin; row < end; row++) {
      const step = (<usize>load<u8>(sides + <usize>load<u8>(bins + <usize>row))) << 2;
      store<u32>(left, row);
      store<u32>(right, row);
      right += step;
      left += 4 - step;
    }
  } else {
    for (let place = left, last = rowIndexes + ((<usize>end) << 2); place < last; place += 4) {
      const row = load<u32>(place);
      const step = (<usize>load<u8>(sides + <usize>load<u8>(bins + <usize>row))) << 2;
      store<u32>(left, row);
      store<u32>(right, row);
      right += step;
      left += 4 - step;
    }
  }
  memory.copy(left, waiting, right - waiting);
  const middle = <i32>((left - rowIndexes) >> 2);
  const leftRows = segment(load<i32>(from + LEFT), thread);
  const rightRows = segment(load<i32>(from + RIGHT), thread);
  store<i32>(leftRows, begin);
  store<i32>(leftRows, middle, 4);
  store<i32>(rightRows, middle);
  store<i32>(rightRows, end, 4);
}

/** The children of a node whose rows are not divided have none. */
export function divideNothing(index: i32, thread: i32): void {
  store<i64>(segment(load<i32>(node(index) + LEFT), thread), 0);
  store<i64>(segment(load<i32>(node(index) + RIGHT), thread), 0);
}

/** All rows belong to the root. */
export function startRows(thread: i32): void {
  store<i32>(segment(0, thread), firstRow(thread));
  store<i32>(segment(0, thread), firstRow(thread + 1), 4);
}

// @inline
function addTo(target: usize, row: u32, value: f32): void {
  const margin = target + ((<usize>row) << 2);
  store<f32>(margin, load<f32>(margin) + value);
}

function addLeaf(index: i32, thread: i32, target: usize): void {
  const value = load<f32>(node(index) + VALUE);
  const own = segment(index, thread);
  if (index === 0) {
    for (let row = load<i32>(own), end = load<i32>(own, 4); row < end; row++) addTo(target, row, value);
    return;
  }
  let place = rowIndexes + ((<usize>load<i32>(own)) << 2);
  const end = rowIndexes + ((<usize>load<i32>(own, 4)) << 2);
  for (; place < end; place += 4) addTo(target, load<u32>(place), value);
}

/** Both children are leaves, and the rows were not divided between them. */
function addUndivided(index: i32, thread: i32, target: usize): void {
  const from = node(index);
  const sides = scratchOf(thread) + SIDES;
  prepareSides(from, sides);
  // A table, since a choice between two floats would become a branch.
  const values = sides + 512;
  store<f32>(values, load<f32>(node(load<i32>(from + LEFT)) + VALUE));
  store<f32>(values, load<f32>(node(load<i32>(from + RIGHT)) + VALUE), 4);
  const bins = binsOf(from);
  const own = segment(index, thread);
  for (let entry = load<i32>(own), end = load<i32>(own, 4); entry < end; entry++) {
    const row = index === 0 ? <u32>entry : load<u32>(rowIndexes + ((<usize>entry) << 2));
    const side = <usize>load<u8>(sides + <usize>load<u8>(bins + <usize>row));
    addTo(target, row, load<f32>(values + (side << 2)));
  }
}

/** Adds a tree's leaf values to the margins of one output. */
export function addLeaves(nodeCount: i32, output: i32, thread: i32): void {
  const target = margins + ((<usize>(rowStride * output)) << 2);
  for (let index = 0; index < nodeCount; index++) {
    const from = node(index);
    const left = load<i32>(from + LEFT);
    if (left < 0) {
      addLeaf(index, thread, target);
    } else if (load<i32>(from + UNDIVIDED)) {
      addUndivided(index, thread, target);
    }
  }
}
