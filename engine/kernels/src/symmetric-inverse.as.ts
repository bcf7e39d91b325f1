// The inverse of a large symmetric positive definite matrix, in place, by sweeping blocks of pivots (Goodnight, "A tutorial on
// the SWEEP operator", 1979): almost all of it are products of tiles that stay in registers, and only the lower half is computed.
// Around it what an item-to-item regression needs: the gram matrix of sparse rows, and the largest weights of each row.
// Threads share the work by rows of the result, so that any number of them gives the same bytes. The scalar reference is
// symmetric-inverse.ts.

import { word } from "./lanes.as";
import { columnOf, keyOf, selectLargest } from "./largest-keys.as";

/* oxlint-disable max-params -- a kernel's functions take addresses and sizes, not objects */
/* oxlint-disable prefer-const -- each thread's host sets these globals of its instance before the first call */
/** Rows and columns, a multiple of 8. */
export let size: i32 = 0;
export let matrix: usize = 0;
/** Pivots that are swept together, a multiple of 8. */
export let block: i32 = 0;
/** The columns of the pivots: size × block row after row, and in panels of 8 rows; that times the pivots' inverse. */
export let panel: usize = 0;
export let packedPanel: usize = 0;
export let scaledPanel: usize = 0;
/** The inverse of the pivots' own block, block × block. */
export let pivots: usize = 0;
/** Sparse rows of which the gram matrix is taken, by column and by row; no values: every entry is 1. */
export let columnStarts: usize = 0;
export let columnRows: usize = 0;
export let rowStarts: usize = 0;
export let rowColumns: usize = 0;
export let nextRow: usize = 0;
/** Of each column; and what is kept of each row. */
export let scales: usize = 0;
export let count: i32 = 0;
export let items: i32 = 0;
export let keptColumns: usize = 0;
export let keptWeights: usize = 0;

const ROWS: i32 = 32;

function element(row: i32, column: i32): usize {
  return matrix + ((<usize>row * <usize>size + <usize>column) << 2);
}

/** The lower half of Xᵀ X + diagonal, of rows that nobody else took. */
export function gramRows(first: i32, end: i32, diagonal: f32): void {
  for (;;) {
    const from = first + atomic.add<i32>(nextRow, ROWS);
    if (from >= end) return;
    for (let row = from, last = min(from + ROWS, end); row < last; row++) gramRow(row, diagonal);
  }
}

function gramRow(row: i32, diagonal: f32): void {
  const target = element(row, 0);
  memory.fill(target, 0, (<usize>size) << 2);
  store<f32>(target + ((<usize>row) << 2), row < items ? diagonal : 1);
  if (row >= items) return;
  for (let entry = word(columnStarts, row), end = word(columnStarts, row + 1); entry < end; entry++) {
    const source = word(columnRows, entry);
    let column = rowColumns + ((<usize>word(rowStarts, source)) << 2);
    for (; load<i32>(column) < row; column += 4) {
      const place = target + ((<usize>load<i32>(column)) << 2);
      store<f32>(place, load<f32>(place) + 1);
    }
    const place = target + ((<usize>row) << 2);
    store<f32>(place, load<f32>(place) + 1);
  }
}

/** Copies the pivots' columns out of the lower half, for the rows from `first` up to `end`. */
export function copyPanel(pivot: i32, width: i32, first: i32, end: i32): void {
  const rowBytes: usize = (<usize>block) << 2;
  for (let row = first; row < end; row++) {
    const target = panel + <usize>row * rowBytes;
    if (row >= pivot + width) memory.copy(target, element(row, pivot), (<usize>width) << 2);
    else if (row >= pivot) {
      for (let column = 0; column < width; column++) {
        const other = pivot + column;
        const source = other <= row ? element(row, other) : element(other, row);
        store<f32>(target + ((<usize>column) << 2), load<f32>(source));
      }
    }
  }
  for (let column = 0; column < width; column++) {
    const source = element(pivot + column, 0);
    const target = panel + ((<usize>column) << 2);
    for (let row = first, last = min(end, pivot); row < last; row++) {
      store<f32>(target + <usize>row * rowBytes, load<f32>(source + ((<usize>row) << 2)));
    }
  }
  for (let row = first; row < end; row++) {
    const source = panel + <usize>row * rowBytes;
    const target = packedPanel + <usize>(row >> 3) * (rowBytes << 3) + ((<usize>(row & 7)) << 2);
    for (let column: usize = 0; column < <usize>width; column++) {
      store<f32>(target + (column << 5), load<f32>(source + (column << 2)));
    }
  }
}

/** The inverse of the pivots' block by Gauss and Jordan; returns 0 where it is not positive definite. */
export function invertPivots(pivot: i32, width: i32): i32 {
  const rowBytes: usize = (<usize>block) << 2;
  const widthBytes: usize = (<usize>width) << 2;
  memory.copy(pivots, panel + <usize>pivot * rowBytes, rowBytes * <usize>width);
  for (let p: usize = 0; p < <usize>width; p++) {
    const row = pivots + p * rowBytes;
    const diagonal = load<f32>(row + (p << 2));
    if (!(diagonal > 0)) return 0;
    store<f32>(row + (p << 2), 1);
    const factor = f32x4.splat(1 / diagonal);
    for (let lane: usize = 0; lane < widthBytes; lane += 16) {
      v128.store(row + lane, f32x4.mul(v128.load(row + lane), factor));
    }
    for (let i: usize = 0; i < <usize>width; i++) {
      if (i === p) continue;
      const other = pivots + i * rowBytes;
      const factors = v128.load32_splat(other + (p << 2));
      store<f32>(other + (p << 2), 0);
      for (let lane: usize = 0; lane < widthBytes; lane += 16) {
        v128.store(other + lane, f32x4.sub(v128.load(other + lane), f32x4.mul(factors, v128.load(row + lane))));
      }
    }
  }
  return 1;
}

/**
 * target ← (accumulate: target −) a · b for a tile of 4 × 8: four rows of `a`, `depth` long; `b` holds 8 numbers for each step,
 * `stepBytes` apart.
 */
function tile(
  a: usize,
  rowBytes: usize,
  b: usize,
  stepBytes: usize,
  depth: i32,
  target: usize,
  targetBytes: usize,
  subtract: bool,
): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  const second = a + rowBytes;
  const third = second + rowBytes;
  const fourth = third + rowBytes;
  for (let lane: usize = 0, end: usize = (<usize>depth) << 2; lane < end; lane += 4) {
    const low = v128.load(b);
    const high = v128.load(b, 16);
    let x = v128.load32_splat(a + lane);
    c00 = f32x4.add(c00, f32x4.mul(x, low));
    c01 = f32x4.add(c01, f32x4.mul(x, high));
    x = v128.load32_splat(second + lane);
    c10 = f32x4.add(c10, f32x4.mul(x, low));
    c11 = f32x4.add(c11, f32x4.mul(x, high));
    x = v128.load32_splat(third + lane);
    c20 = f32x4.add(c20, f32x4.mul(x, low));
    c21 = f32x4.add(c21, f32x4.mul(x, high));
    x = v128.load32_splat(fourth + lane);
    c30 = f32x4.add(c30, f32x4.mul(x, low));
    c31 = f32x4.add(c31, f32x4.mul(x, high));
    b += stepBytes;
  }
  putRow(target, c00, c01, subtract);
  putRow(target + targetBytes, c10, c11, subtract);
  putRow(target + targetBytes * 2, c20, c21, subtract);
  putRow(target + targetBytes * 3, c30, c31, subtract);
}

function putRow(target: usize, low: v128, high: v128, subtract: bool): void {
  v128.store(target, subtract ? f32x4.sub(v128.load(target), low) : low);
  v128.store(target, subtract ? f32x4.sub(v128.load(target, 16), high) : high, 16);
}

/** The panel times the inverse of the pivots' block, for the rows from `first` up to `end`, multiples of 4. */
export function scalePanel(width: i32, first: i32, end: i32): void {
  const rowBytes: usize = (<usize>block) << 2;
  for (let row = first; row < end; row += 4) {
    const offset: usize = <usize>row * rowBytes;
    for (let column: usize = 0; column < (<usize>width) << 2; column += 32) {
      tile(panel + offset, rowBytes, pivots + column, rowBytes, width, scaledPanel + offset + column, rowBytes, false);
    }
  }
}

/** Subtracts what the pivots explain from the lower half, of rows that nobody else took. */
export function subtractProducts(width: i32, first: i32, end: i32): void {
  const rowBytes: usize = (<usize>block) << 2;
  const sizeBytes: usize = (<usize>size) << 2;
  for (;;) {
    const from = first + atomic.add<i32>(nextRow, ROWS);
    if (from >= end) return;
    const last = min(from + ROWS, end);
    for (let column = 0; column < last; column += 8) {
      const packed = packedPanel + <usize>column * rowBytes;
      for (let row = max(from, column); row < last; row += 4) {
        const scaled = scaledPanel + <usize>row * rowBytes;
        tile(scaled, rowBytes, packed, 32, width, element(row, column), sizeBytes, true);
      }
    }
  }
}

/** Writes the pivots' rows and columns back: the scaled panel beside them, minus their inverse where they cross. */
export function writePanel(pivot: i32, width: i32, first: i32, end: i32): void {
  const rowBytes: usize = (<usize>block) << 2;
  for (let row = max(first, pivot + width); row < end; row++) {
    memory.copy(element(row, pivot), scaledPanel + <usize>row * rowBytes, (<usize>width) << 2);
  }
  for (let column = 0; column < width; column++) {
    const target = element(pivot + column, 0);
    const source = scaledPanel + ((<usize>column) << 2);
    for (let row = first, last = min(end, pivot); row < last; row++) {
      store<f32>(target + ((<usize>row) << 2), load<f32>(source + <usize>row * rowBytes));
    }
    if (first > pivot || end <= pivot) continue;
    for (let other = 0; other <= column; other++) {
      const inverse = load<f32>(pivots + <usize>column * rowBytes + ((<usize>other) << 2));
      store<f32>(element(pivot + column, pivot + other), -inverse);
    }
  }
}

/** Copies the lower half to the upper one, for the rows from `first` up to `end`, multiples of 8. */
export function mirror(first: i32, end: i32): void {
  for (let row = first; row < end; row += 8) {
    for (let column = row; column < size; column++) {
      const source = element(column, row);
      for (let lane = 0; lane < 8 && row + lane < column; lane++) {
        store<f32>(element(row + lane, column), load<f32>(source + ((<usize>lane) << 2)));
      }
    }
  }
}

/** The `count` largest of each row's entries times their column's scale, by size without sign, the diagonal left out. */
export function largestOfRows(first: i32, end: i32, keys: usize): void {
  for (;;) {
    const from = first + atomic.add<i32>(nextRow, ROWS);
    if (from >= end) return;
    for (let row = from, last = min(from + ROWS, end); row < last; row++) {
      largestOfRow(row, keys, (<usize>(row - first) * <usize>count) << 2);
    }
  }
}

function largestOfRow(row: i32, keys: usize, place: usize): void {
  let length: i32 = 0;
  for (let column = 0; column < items; column++) {
    const weight = load<f32>(element(row, column)) * load<f32>(scales + ((<usize>column) << 2));
    if (column === row) continue;
    store<u64>(keys + ((<usize>length) << 3), keyOf(abs<f32>(weight), column));
    length++;
  }
  selectLargest(keys, length, count);
  for (let index: usize = 0; index < <usize>count; index++) {
    const column = columnOf(load<u64>(keys + (index << 3)));
    const weight = load<f32>(element(row, column)) * load<f32>(scales + ((<usize>column) << 2));
    store<u32>(keptColumns + place + (index << 2), column);
    store<f32>(keptWeights + place + (index << 2), weight);
  }
}
