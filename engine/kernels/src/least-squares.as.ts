// Alternating least squares over implicit feedback: the factors of rows (users or items) for which the weighted squared
// error to the other side's factors is least. Hu, Koren and Volinsky 2008; by conjugate gradients as in Takács, Pilászy
// and Tikk 2011, or exactly by Cholesky's decomposition. The scalar reference is least-squares.ts.

/* oxlint-disable max-params -- a kernel's functions take addresses and sizes, not objects */
/* oxlint-disable prefer-const -- each thread's host sets these globals of its instance before the first call */
import { factorise, substitute } from "./cholesky.as";
import { float, horizontalSum, word } from "./lanes.as";

/** Floats of a row of factors, a multiple of 8; those beyond the rank are zero. */
export let stride: i32 = 0;
/** The side that is solved, and the other one. */
export let solved: usize = 0;
export let given: usize = 0;
/** Which given rows each solved row is connected with, and the confidence above 1 of it. */
export let starts: usize = 0;
export let columns: usize = 0;
export let confidences: usize = 0;
/** The product of the given factors with themselves, stride × stride; and of each block of given rows, on the way. */
export let gram: usize = 0;
/** The same in panels of 8 columns, so that a tile reads one run of memory. */
export let packedGram: usize = 0;
export let partialGrams: usize = 0;
/** Of each solved row. */
export let penalties: usize = 0;
export let steps: i32 = 3;
export let exact: i32 = 0;
export let nextRow: usize = 0;

let workspace: usize = 0;

/** Rows that are solved together, so that the gram matrix is read once for them. */
const BATCH: i32 = 16;
const GRAM_ROWS: i32 = 2048;

function dot(a: usize, b: usize): f32 {
  let low = f32x4.splat(0);
  let high = low;
  for (let lane: usize = 0, bytes: usize = (<usize>stride) << 2; lane < bytes; lane += 32) {
    low = f32x4.add(low, f32x4.mul(v128.load(a + lane), v128.load(b + lane)));
    high = f32x4.add(high, f32x4.mul(v128.load(a + lane, 16), v128.load(b + lane, 16)));
  }
  return horizontalSum(f32x4.add(low, high));
}

/** y ← y + factor · x */
function add(y: usize, factor: f32, x: usize): void {
  const factors = f32x4.splat(factor);
  for (let lane: usize = 0, bytes: usize = (<usize>stride) << 2; lane < bytes; lane += 32) {
    v128.store(y + lane, f32x4.add(v128.load(y + lane), f32x4.mul(factors, v128.load(x + lane))));
    v128.store(y + lane, f32x4.add(v128.load(y + lane, 16), f32x4.mul(factors, v128.load(x + lane, 16))), 16);
  }
}

/** y ← x + factor · y */
function scaleAndAdd(y: usize, factor: f32, x: usize): void {
  const factors = f32x4.splat(factor);
  for (let lane: usize = 0, bytes: usize = (<usize>stride) << 2; lane < bytes; lane += 16) {
    v128.store(y + lane, f32x4.add(v128.load(x + lane), f32x4.mul(factors, v128.load(y + lane))));
  }
}

/** The 4 × 8 tile of (rows of a)ᵀ · (rows of b), summed over `rows` rows of `stride` floats. */
function tileOfGram(a: usize, b: usize, rows: i32, out: usize): void {
  let r00 = f32x4.splat(0);
  let r01 = r00;
  let r10 = r00;
  let r11 = r00;
  let r20 = r00;
  let r21 = r00;
  let r30 = r00;
  let r31 = r00;
  const rowBytes: usize = (<usize>stride) << 2;
  for (let row = 0; row < rows; row++) {
    const low = v128.load(b);
    const high = v128.load(b, 16);
    let x = v128.load32_splat(a);
    r00 = f32x4.add(r00, f32x4.mul(x, low));
    r01 = f32x4.add(r01, f32x4.mul(x, high));
    x = v128.load32_splat(a, 4);
    r10 = f32x4.add(r10, f32x4.mul(x, low));
    r11 = f32x4.add(r11, f32x4.mul(x, high));
    x = v128.load32_splat(a, 8);
    r20 = f32x4.add(r20, f32x4.mul(x, low));
    r21 = f32x4.add(r21, f32x4.mul(x, high));
    x = v128.load32_splat(a, 12);
    r30 = f32x4.add(r30, f32x4.mul(x, low));
    r31 = f32x4.add(r31, f32x4.mul(x, high));
    a += rowBytes;
    b += rowBytes;
  }
  v128.store(out, r00);
  v128.store(out, r01, 16);
  v128.store(out + rowBytes, r10);
  v128.store(out + rowBytes, r11, 16);
  out += rowBytes * 2;
  v128.store(out, r20);
  v128.store(out, r21, 16);
  v128.store(out + rowBytes, r30);
  v128.store(out + rowBytes, r31, 16);
}

/** How many blocks the gram matrix of so many rows is summed from. */
export function gramBlocks(rows: i32): i32 {
  return (rows + GRAM_ROWS - 1) / GRAM_ROWS;
}

/** The gram matrices of blocks of given rows, of which there are `rows`: those blocks that nobody else took. */
export function gramOfBlocks(rows: i32): void {
  const rowBytes: usize = (<usize>stride) << 2;
  const blocks = gramBlocks(rows);
  for (;;) {
    const block = atomic.add<i32>(nextRow, 1);
    if (block >= blocks) return;
    const source = given + <usize>(block * GRAM_ROWS) * rowBytes;
    const target = partialGrams + <usize>block * rowBytes * <usize>stride;
    const last = min(GRAM_ROWS, rows - block * GRAM_ROWS);
    memory.fill(target, 0, rowBytes * <usize>stride);
    // 64 rows at a time stay in the first-level cache for all tiles; only tiles at or below the diagonal are needed.
    for (let from = 0; from < last; from += 64) {
      sumTiles(source + <usize>from * rowBytes, min(64, last - from), target);
    }
  }
}

function sumTiles(source: usize, rows: i32, target: usize): void {
  const rowBytes: usize = (<usize>stride) << 2;
  const tile = workspace;
  for (let i = 0; i < stride; i += 4) {
    for (let j = 0; j <= i; j += 8) {
      tileOfGram(source + ((<usize>i) << 2), source + ((<usize>j) << 2), rows, tile);
      for (let k: usize = 0; k < 4; k++) {
        const place = target + (<usize>i + k) * rowBytes + ((<usize>j) << 2);
        const values = tile + k * rowBytes;
        v128.store(place, f32x4.add(v128.load(place), v128.load(values)));
        v128.store(place, f32x4.add(v128.load(place, 16), v128.load(values, 16)), 16);
      }
    }
  }
}

/** Bytes that a thread needs at its workspace. */
export function workspaceBytes(): usize {
  const rowBytes: usize = (<usize>stride) << 2;
  return rowBytes * (4 + 3 * BATCH) + (exact ? rowBytes * <usize>(stride + 1) : 0);
}

export function openWorkspace(address: usize): void {
  workspace = address;
}

/** Adds up the blocks' gram matrices in their order, both halves. One thread does it. */
export function sumGrams(rows: i32): void {
  const bytes: usize = ((<usize>stride) << 2) * <usize>stride;
  const blocks = gramBlocks(rows);
  memory.fill(gram, 0, bytes);
  for (let block = 0; block < blocks; block++) {
    const source = partialGrams + <usize>block * bytes;
    for (let lane: usize = 0; lane < bytes; lane += 16) {
      v128.store(gram + lane, f32x4.add(v128.load(gram + lane), v128.load(source + lane)));
    }
  }
  for (let i = 0; i < stride; i++) {
    for (let j = 0; j < i; j++) store<f32>(gram + ((<usize>(j * stride + i)) << 2), float(gram, i * stride + j));
  }
  let target = packedGram;
  for (let panel = 0; panel < stride; panel += 8) {
    for (let row = 0; row < stride; row++, target += 32) {
      memory.copy(target, gram + ((<usize>(row * stride + panel)) << 2), 32);
    }
  }
}

/** out ← vectors · gram for `rows` vectors (up to a batch; a multiple of 4 is computed). */
function multiplyByGram(vectors: usize, rows: i32, out: usize): void {
  const rowBytes: usize = (<usize>stride) << 2;
  for (let j: usize = 0; j < rowBytes; j += 32) {
    for (let i = 0; i < rows; i += 4) {
      const from: usize = <usize>i * rowBytes;
      tileOfProduct(vectors + from, packedGram + j * <usize>stride, out + from + j);
    }
  }
}

/** The 4 × 8 tile of a · b, where b is a panel. */
function tileOfProduct(a: usize, b: usize, out: usize): void {
  let r00 = f32x4.splat(0);
  let r01 = r00;
  let r10 = r00;
  let r11 = r00;
  let r20 = r00;
  let r21 = r00;
  let r30 = r00;
  let r31 = r00;
  const rowBytes: usize = (<usize>stride) << 2;
  const second = rowBytes;
  const third = rowBytes * 2;
  const fourth = rowBytes * 3;
  for (let end = a + rowBytes; a < end; a += 4) {
    const low = v128.load(b);
    const high = v128.load(b, 16);
    let x = v128.load32_splat(a);
    r00 = f32x4.add(r00, f32x4.mul(x, low));
    r01 = f32x4.add(r01, f32x4.mul(x, high));
    x = v128.load32_splat(a + second);
    r10 = f32x4.add(r10, f32x4.mul(x, low));
    r11 = f32x4.add(r11, f32x4.mul(x, high));
    x = v128.load32_splat(a + third);
    r20 = f32x4.add(r20, f32x4.mul(x, low));
    r21 = f32x4.add(r21, f32x4.mul(x, high));
    x = v128.load32_splat(a + fourth);
    r30 = f32x4.add(r30, f32x4.mul(x, low));
    r31 = f32x4.add(r31, f32x4.mul(x, high));
    b += 32;
  }
  v128.store(out, r00);
  v128.store(out, r01, 16);
  v128.store(out + second, r10);
  v128.store(out + second, r11, 16);
  v128.store(out + third, r20);
  v128.store(out + third, r21, 16);
  v128.store(out + fourth, r30);
  v128.store(out + fourth, r31, 16);
}

/** The scale that a residual's square has to exceed for another step to be worth it. */
const CONVERGED: f32 = 1e-20;

/** Conjugate gradients from where the rows stand, `rows` of them at once. */
function descend(first: i32, rows: i32): void {
  const rowBytes: usize = (<usize>stride) << 2;
  const directions = workspace + rowBytes * 4;
  const residuals = directions + rowBytes * BATCH;
  const products = residuals + rowBytes * BATCH;
  const x = solved + <usize>first * rowBytes;
  memory.copy(directions, x, <usize>rows * rowBytes);
  multiplyByGram(directions, rows, products);
  for (let lane = 0; lane < rows; lane++) startRow(first + lane, lane, x, residuals, products);
  memory.copy(directions, residuals, <usize>rows * rowBytes);
  for (let step = 0; step < steps; step++) {
    multiplyByGram(directions, rows, products);
    for (let lane = 0; lane < rows; lane++) {
      const offset: usize = <usize>lane * rowBytes;
      const residual = residuals + offset;
      const direction = directions + offset;
      const product = products + offset;
      const before = dot(residual, residual);
      if (before < CONVERGED) continue;
      addConnections(first + lane, direction, product);
      const along: f32 = before / dot(direction, product);
      add(x + offset, along, direction);
      add(residual, -along, product);
      scaleAndAdd(direction, dot(residual, residual) / before, residual);
    }
  }
}

/** The residual at the start: Σ (1 + c (1 − y · x)) y − (G + λ) x; the products are G x. */
function startRow(row: i32, lane: i32, x: usize, residuals: usize, products: usize): void {
  const offset: usize = (<usize>(lane * stride)) << 2;
  const residual = residuals + offset;
  const vector = x + offset;
  memory.fill(residual, 0, (<usize>stride) << 2);
  add(residual, -1, products + offset);
  add(residual, -float(penalties, row), vector);
  for (let entry = word(starts, row), end = word(starts, row + 1); entry < end; entry++) {
    const other = given + <usize>(<u32>word(columns, entry)) * ((<usize>stride) << 2);
    add(residual, 1 + float(confidences, entry) * (1 - dot(other, vector)), other);
  }
}

/** product ← product + λ vector + Σ c (y · vector) y */
function addConnections(row: i32, vector: usize, product: usize): void {
  const rowBytes: usize = (<usize>stride) << 2;
  add(product, float(penalties, row), vector);
  for (let entry = word(starts, row), end = word(starts, row + 1); entry < end; entry++) {
    const other = given + <usize>(<u32>word(columns, entry)) * rowBytes;
    add(product, float(confidences, entry) * dot(other, vector), other);
  }
}

/** One row exactly: L Lᵀ x = Σ (1 + c) y. */
function decompose(row: i32): void {
  const rowBytes: usize = (<usize>stride) << 2;
  const system = workspace + rowBytes * (4 + 3 * BATCH);
  const right = system + rowBytes * <usize>stride;
  memory.copy(system, gram, rowBytes * <usize>stride);
  memory.fill(right, 0, rowBytes);
  const penalty = float(penalties, row);
  for (let i = 0; i < stride; i++) {
    const diagonal = system + ((<usize>(i * stride + i)) << 2);
    // The padding has no equation of its own: 1 · x = 0.
    const value = load<f32>(diagonal);
    store<f32>(diagonal, value === 0 ? 1 : value + penalty);
  }
  for (let entry = word(starts, row), end = word(starts, row + 1); entry < end; entry++) {
    const other = given + <usize>(<u32>word(columns, entry)) * rowBytes;
    const confidence = float(confidences, entry);
    add(right, 1 + confidence, other);
    for (let i = 0; i < stride; i++) addPart(system + <usize>i * rowBytes, confidence * float(other, i), other, i);
  }
  factorise(system, stride);
  substitute(system, right, stride);
  memory.copy(solved + <usize>row * rowBytes, right, rowBytes);
}

/** Adds to the first i + 1 entries of a row (and up to three of no meaning behind them). */
function addPart(y: usize, factor: f32, x: usize, i: i32): void {
  const factors = f32x4.splat(factor);
  for (let lane: usize = 0, last: usize = (<usize>i) << 2; lane <= last; lane += 16) {
    v128.store(y + lane, f32x4.add(v128.load(y + lane), f32x4.mul(factors, v128.load(x + lane))));
  }
}

/** Solves rows that nobody else took, until all from `first` up to `end` are done. */
export function solveRows(first: i32, end: i32): void {
  for (;;) {
    const from = first + atomic.add<i32>(nextRow, BATCH);
    if (from >= end) return;
    const rows = min(BATCH, end - from);
    if (exact) for (let row = from; row < from + rows; row++) decompose(row);
    else descend(from, rows);
  }
}

/**
 * The products of a row of factors with each of the given rows, in the order in which the kernel top-n sums them. Four rows at a time, whose sums do not
 * wait for each other.
 */
export function multiplyRows(query: usize, rows: i32, out: usize): void {
  const rowBytes: usize = (<usize>stride) << 2;
  let row = given;
  const end = out + ((<usize>rows) << 2);
  const blocks = out + ((<usize>(rows & ~3)) << 2);
  for (; out < blocks; out += 16, row += rowBytes << 2) {
    const second = row + rowBytes;
    const third = second + rowBytes;
    const fourth = third + rowBytes;
    let a = f32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    for (let lane: usize = 0; lane < rowBytes; lane += 16) {
      const factors = v128.load(query + lane);
      a = f32x4.add(a, f32x4.mul(v128.load(row + lane), factors));
      b = f32x4.add(b, f32x4.mul(v128.load(second + lane), factors));
      c = f32x4.add(c, f32x4.mul(v128.load(third + lane), factors));
      d = f32x4.add(d, f32x4.mul(v128.load(fourth + lane), factors));
    }
    store<f32>(out, horizontalSum(a));
    store<f32>(out, horizontalSum(b), 4);
    store<f32>(out, horizontalSum(c), 8);
    store<f32>(out, horizontalSum(d), 12);
  }
  for (; out < end; out += 4, row += rowBytes) {
    let lanes = f32x4.splat(0);
    for (let lane: usize = 0; lane < rowBytes; lane += 16) {
      lanes = f32x4.add(lanes, f32x4.mul(v128.load(row + lane), v128.load(query + lane)));
    }
    store<f32>(out, horizontalSum(lanes));
  }
}
