// The rows of a product of two sparse matrices, of which only the largest entries are kept: what item-to-item similarity
// is. A row is summed up densely in an order that only the data decide, so that any number of threads gives the same
// bytes. The scalar reference is sparse-products.ts.
import { columnOf, keyOf, scoreOf, selectLargest } from "./largest-keys.as";

/* oxlint-disable prefer-const -- each thread's host sets these globals of its instance before the first call */
export let columns: i32 = 0;
export let leftStarts: usize = 0;
export let leftColumns: usize = 0;
export let leftValues: usize = 0;
export let rightStarts: usize = 0;
export let rightColumns: usize = 0;
/** 0: every entry of the right matrix is 1. */
export let rightValues: usize = 0;
export let rowTerms: usize = 0;
export let columnTerms: usize = 0;
export let jaccard: i32 = 0;
export let minimum: f32 = 0;
export let keepDiagonal: i32 = 0;
export let count: i32 = 0;
/** Of all threads: the next row that nobody took. */
export let nextRow: usize = 0;
export let keptCounts: usize = 0;
export let keptColumns: usize = 0;
export let keptScores: usize = 0;

const BLOCK: i32 = 8;
/** Of this thread: a sum for each column, all zero between rows; the list of touched columns; a key for each column. */
let sums: usize = 0;
let touched: usize = 0;
let keys: usize = 0;

function word(address: usize, index: u32): u32 {
  return load<u32>(address + ((<usize>index) << 2));
}

function float(address: usize, index: u32): f32 {
  return load<f32>(address + ((<usize>index) << 2));
}

/** Adds `factor` times a row of the right matrix to the sums; returns the new end of the list of touched columns. */
function accumulate(row: u32, factor: f32, end: usize): usize {
  let column = rightColumns + ((<usize>word(rightStarts, row)) << 2);
  const last = rightColumns + ((<usize>word(rightStarts, row + 1)) << 2);
  if (rightValues === 0) {
    for (; column < last; column += 4) {
      const place: usize = (<usize>load<u32>(column)) << 2;
      const sum = load<f32>(sums + place);
      store<u32>(end, <u32>place);
      end += (<usize>(sum === 0)) << 2;
      store<f32>(sums + place, sum + factor);
    }
    return end;
  }
  let value = rightValues + (column - rightColumns);
  for (; column < last; column += 4, value += 4) {
    const place: usize = (<usize>load<u32>(column)) << 2;
    const before = load<f32>(sums + place);
    const sum = before + factor * load<f32>(value);
    store<u32>(end, <u32>place);
    // A sum that stays 0 would be listed again and again, beyond the end of the list.
    end += (<usize>((before === 0) & (sum !== 0))) << 2;
    store<f32>(sums + place, sum);
  }
  return end;
}

function multiplyRow(row: u32, place: i32): void {
  let end = touched;
  for (let entry = word(leftStarts, row), last = word(leftStarts, row + 1); entry < last; entry++) {
    const factor = float(leftValues, entry);
    if (factor !== 0) end = accumulate(word(leftColumns, entry), factor, end);
  }
  const rowTerm = float(rowTerms, row);
  let kept: i32 = 0;
  for (let address = touched; address < end; address += 4) {
    const column = load<u32>(address) >> 2;
    const sum = float(sums, column);
    store<f32>(sums + ((<usize>column) << 2), 0);
    if (sum < minimum || (column === row && !keepDiagonal)) continue;
    const columnTerm = float(columnTerms, column);
    const score: f32 = jaccard ? sum / (rowTerm + columnTerm - sum) : sum * rowTerm * columnTerm;
    store<u64>(keys + ((<usize>kept) << 3), keyOf(score, column));
    kept++;
  }
  selectLargest(keys, kept, count);
  kept = min(kept, count);
  store<i32>(keptCounts + ((<usize>place) << 2), kept);
  const offset: usize = (<usize>place * <usize>count) << 2;
  for (let index: usize = 0; index < <usize>kept; index++) {
    const key = load<u64>(keys + (index << 3));
    store<u32>(keptColumns + offset + (index << 2), columnOf(key));
    store<f32>(keptScores + offset + (index << 2), scoreOf(key));
  }
}

/** Bytes that a thread needs at its `workspace`, zero at first. */
export function workspaceBytes(): usize {
  return (<usize>(columns + 16)) << 4;
}

/** Works on rows that nobody else took, until all from `first` up to `end` are done. */
export function multiply(first: i32, end: i32, workspace: usize): void {
  keys = workspace;
  sums = workspace + ((<usize>(columns + 16)) << 3);
  touched = sums + ((<usize>(columns + 16)) << 2);
  for (;;) {
    const from = first + atomic.add<i32>(nextRow, BLOCK);
    if (from >= end) return;
    for (let row = from, last = min(from + BLOCK, end); row < last; row++) multiplyRow(row, row - first);
  }
}
