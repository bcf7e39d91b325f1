// First and second derivatives of the losses that most trainings use, and their rounding to integers, whose sums do not depend on the order of adding.
import { exp4 } from "./exponential.as";
import {
  BLOCK_BYTES,
  barrier,
  blocks,
  blockTable,
  controlAddress,
  EXACT,
  exactBits,
  firstRow,
  firsts,
  labels,
  margins,
  minimumQuanta,
  outputs,
  pairs,
  partial,
  positiveWeight,
  randomBits,
  rowStride,
  rows,
  SCALES,
  seconds,
  seed,
  subsample,
  TOTAL,
  threads,
  weights,
} from "./gradient-boosting-memory.as";

/** Losses that the kernel knows, in the order of `boostingLosses`. */
export const SQUARED_ERROR: i32 = 1;
export const LOGISTIC: i32 = 2;
export const SOFTMAX: i32 = 3;

/** Fields of a thread's partial results. */
const LARGEST_FIRST: usize = 0;
const LARGEST_SECOND: usize = 4;
const SUM_SECOND: usize = 8;
const SUM_FIRST: usize = 16;
const SUM_ABSOLUTE: usize = 24;

// @inline
function weightsAt(row: usize): v128 {
  return weights === 0 ? f32x4.splat(1) : v128.load(weights + row);
}

/** Labels of 1 count `positiveWeight` times (scale_pos_weight). */
// @inline
function weightsByLabel(row: usize, label: v128): v128 {
  const positive = f32x4.splat(<f32>positiveWeight);
  return f32x4.mul(weightsAt(row), v128.bitselect(positive, f32x4.splat(1), f32x4.eq(label, f32x4.splat(1))));
}

export function squaredError(thread: i32): void {
  for (let row = (<usize>firstRow(thread)) << 2, end = (<usize>firstRow(thread + 1)) << 2; row < end; row += 16) {
    const label = v128.load(labels + row);
    const weight = weightsByLabel(row, label);
    v128.store(firsts + row, f32x4.mul(f32x4.sub(v128.load(margins + row), label), weight));
    v128.store(seconds + row, weight);
  }
}

export function logistic(thread: i32): void {
  const one = f32x4.splat(1);
  for (let row = (<usize>firstRow(thread)) << 2, end = (<usize>firstRow(thread + 1)) << 2; row < end; row += 16) {
    const label = v128.load(labels + row);
    const weight = weightsByLabel(row, label);
    const probability = f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(v128.load(margins + row)))));
    const second = f32x4.mul(probability, f32x4.sub(one, probability));
    v128.store(firsts + row, f32x4.mul(f32x4.sub(probability, label), weight));
    v128.store(seconds + row, f32x4.mul(f32x4.max(second, f32x4.splat(1e-16)), weight));
  }
}

/** Second derivatives are doubled, as XGBoost has them. */
export function softmax(thread: i32): void {
  const stride = (<usize>rowStride) << 2;
  const all = stride * <usize>outputs;
  const one = f32x4.splat(1);
  for (let row = (<usize>firstRow(thread)) << 2, end = (<usize>firstRow(thread + 1)) << 2; row < end; row += 16) {
    let largest = v128.load(margins + row);
    for (let at = stride; at < all; at += stride) largest = f32x4.pmax(largest, v128.load(margins + at + row));
    let sum = f32x4.splat(0);
    for (let at: usize = 0; at < all; at += stride) {
      const power = exp4(f32x4.sub(v128.load(margins + at + row), largest));
      v128.store(firsts + at + row, power);
      sum = f32x4.add(sum, power);
    }
    const weight = weightsAt(row);
    const factor = f32x4.div(one, sum);
    const label = v128.load(labels + row);
    for (let at: usize = 0, output: f32 = 0; at < all; at += stride, output += 1) {
      const probability = f32x4.mul(v128.load(firsts + at + row), factor);
      const target = v128.and(f32x4.eq(label, f32x4.splat(output)), one);
      const second = f32x4.mul(f32x4.splat(2), f32x4.mul(probability, f32x4.sub(one, probability)));
      v128.store(firsts + at + row, f32x4.mul(f32x4.sub(probability, target), weight));
      v128.store(seconds + at + row, f32x4.mul(f32x4.max(second, f32x4.splat(1e-16)), weight));
    }
  }
}

/** The power of two that brings the largest number below 2^bits. */
// @inline
function scaleFor(largest: f32, bits: i32): f32 {
  const exponent = ((reinterpret<i32>(largest) >> 23) & 255) - 126;
  return reinterpret<f32>((127 + min(max(bits - exponent, -100), 100)) << 23);
}

/** All ones where the row takes part in this tree. */
// @inline
function sampledAt(row: i32, sequence: u32): v128 {
  if (subsample >= 1) return i32x4.splat(-1);
  const limit: u32 = <u32>(subsample * 4294967295.0);
  return i32x4(
    -i32(randomBits(sequence, row) <= limit),
    -i32(randomBits(sequence, row + 1) <= limit),
    -i32(randomBits(sequence, row + 2) <= limit),
    -i32(randomBits(sequence, row + 3) <= limit),
  );
}

/** Zeroes the padding behind the last row, and finds the largest derivatives. */
function findLargest(thread: i32, first: usize, second: usize): void {
  let largestFirst = f32x4.splat(0);
  let largestSecond = f32x4.splat(0);
  const end = firstRow(thread + 1);
  if (thread === threads - 1) {
    for (let row = (<usize>rows) << 2; row < (<usize>rowStride) << 2; row += 4) {
      store<f32>(first + row, 0);
      store<f32>(second + row, 0);
    }
  }
  for (let row = firstRow(thread); row < end; row += 4) {
    const at = (<usize>row) << 2;
    largestFirst = f32x4.pmax(largestFirst, f32x4.abs(v128.load(first + at)));
    largestSecond = f32x4.pmax(largestSecond, v128.load(second + at));
  }
  store<f32>(partial(thread) + LARGEST_FIRST, largestLane(largestFirst));
  store<f32>(partial(thread) + LARGEST_SECOND, largestLane(largestSecond));
}

// @inline
function largestLane(lanes: v128): f32 {
  const low = max(f32x4.extract_lane(lanes, 0), f32x4.extract_lane(lanes, 1));
  return max(low, max(f32x4.extract_lane(lanes, 2), f32x4.extract_lane(lanes, 3)));
}

// @inline
function addLanes(sums: v128, lanes: v128): v128 {
  return i64x2.add(i64x2.add(sums, i64x2.extend_low_i32x4_s(lanes)), i64x2.extend_high_i32x4_s(lanes));
}

// @inline
function total(lanes: v128): i64 {
  return i64x2.extract_lane(lanes, 0) + i64x2.extract_lane(lanes, 1);
}

/**
 * Rounding errors of equal rows would be equal and add up; with thresholds spread evenly over the rows (golden ratio) they cancel. Eight bits, so that their
 * sum with a number of 16 bits is exact.
 */
// @inline
function ditherAt(row: i32, sequence: u32): v128 {
  const counters = i32x4.add(i32x4.splat(row), i32x4(0, 1, 2, 3));
  const bits = i32x4.add(i32x4.mul(counters, i32x4.splat(0x9e3779b9)), i32x4.splat(sequence));
  return f32x4.mul(f32x4.convert_i32x4_u(i32x4.shr_u(bits, 24)), f32x4.splat(1 / 256.0));
}

/** 16 bits each, written into the records of all blocks. */
function roundToRecords(thread: i32, first: usize, second: usize, sequence: u32): void {
  const firstScale = f32x4.splat(<f32>load<f64>(controlAddress + SCALES, 8));
  const secondScale = f32x4.splat(<f32>load<f64>(controlAddress + SCALES));
  let sumFirst = i64x2.splat(0);
  let sumSecond = i64x2.splat(0);
  let sumAbsolute = i64x2.splat(0);
  for (let row = firstRow(thread), end = firstRow(thread + 1); row < end; row += 4) {
    const at = (<usize>row) << 2;
    const mask = sampledAt(row, sequence);
    const dither = ditherAt(row, sequence);
    const high = f32x4.mul(v128.and(v128.load(first + at), mask), firstScale);
    const low = f32x4.mul(v128.and(v128.load(second + at), mask), secondScale);
    const g = i32x4.min_s(i32x4.trunc_sat_f32x4_s(f32x4.floor(f32x4.add(high, dither))), i32x4.splat(32767));
    const h = i32x4.min_s(i32x4.trunc_sat_f32x4_s(f32x4.floor(f32x4.add(low, dither))), i32x4.splat(65535));
    sumFirst = addLanes(sumFirst, g);
    sumSecond = addLanes(sumSecond, h);
    sumAbsolute = addLanes(sumAbsolute, i32x4.abs(g));
    const packed = v128.or(i32x4.shl(g, 16), h);
    for (let index = 0; index < blocks; index++) {
      const record = <usize>load<u32>(blockTable + <usize>index * BLOCK_BYTES, 8) + ((<usize>row) << 4);
      v128.store_lane<i32>(record, packed, 0);
      v128.store_lane<i32>(record, packed, 1, 16);
      v128.store_lane<i32>(record, packed, 2, 32);
      v128.store_lane<i32>(record, packed, 3, 48);
    }
  }
  store<i64>(partial(thread) + SUM_FIRST, total(sumFirst));
  store<i64>(partial(thread) + SUM_SECOND, total(sumSecond));
  store<i64>(partial(thread) + SUM_ABSOLUTE, total(sumAbsolute));
}

/** 30 bits each, beside each other. */
function roundToPairs(thread: i32, first: usize, second: usize, sequence: u32): void {
  const firstScale = f32x4.splat(<f32>load<f64>(controlAddress + SCALES, 8));
  const secondScale = f32x4.splat(<f32>load<f64>(controlAddress + SCALES));
  let sumFirst = i64x2.splat(0);
  let sumSecond = i64x2.splat(0);
  for (let row = firstRow(thread), end = firstRow(thread + 1); row < end; row += 4) {
    const at = (<usize>row) << 2;
    const mask = sampledAt(row, sequence);
    const high = f32x4.mul(v128.and(v128.load(first + at), mask), firstScale);
    const low = f32x4.mul(v128.and(v128.load(second + at), mask), secondScale);
    const g = i32x4.trunc_sat_f32x4_s(f32x4.nearest(high));
    const h = i32x4.trunc_sat_f32x4_s(f32x4.nearest(low));
    sumFirst = addLanes(sumFirst, g);
    sumSecond = addLanes(sumSecond, h);
    v128.store(pairs + (at << 1), v128.shuffle<i32>(h, g, 0, 4, 1, 5));
    v128.store(pairs + (at << 1), v128.shuffle<i32>(h, g, 2, 6, 3, 7), 16);
  }
  store<i64>(partial(thread) + SUM_FIRST, total(sumFirst));
  store<i64>(partial(thread) + SUM_SECOND, total(sumSecond));
}

function setScales(firstBits: i32, secondBits: i32): void {
  let largestFirst: f32 = 0;
  let largestSecond: f32 = 0;
  for (let thread = 0; thread < threads; thread++) {
    largestFirst = max(largestFirst, load<f32>(partial(thread) + LARGEST_FIRST));
    largestSecond = max(largestSecond, load<f32>(partial(thread) + LARGEST_SECOND));
  }
  store<f64>(controlAddress + SCALES, scaleFor(largestSecond, secondBits));
  store<f64>(controlAddress + SCALES, scaleFor(largestFirst, firstBits), 8);
}

function sumOf(field: usize): f64 {
  let sum: i64 = 0;
  for (let thread = 0; thread < threads; thread++) sum += load<i64>(partial(thread) + field);
  return <f64>sum;
}

/** Rounds one output's derivatives for one tree; ends with a barrier. 16 bits where they lose nothing, else 30. */
export function roundDerivatives(thread: i32, tree: i32, output: i32): void {
  const first = firsts + ((<usize>(rowStride * output)) << 2);
  const second = seconds + ((<usize>(rowStride * output)) << 2);
  const sequence = randomBits(seed, <u32>tree);
  findLargest(thread, first, second);
  barrier();
  let isExact = minimumQuanta === Infinity;
  if (!isExact) {
    if (thread === 0) setScales(15, 16);
    barrier();
    roundToRecords(thread, first, second, sequence);
    barrier();
    isExact = sumOf(SUM_ABSOLUTE) < minimumQuanta || sumOf(SUM_SECOND) < minimumQuanta;
  }
  if (isExact) {
    barrier();
    if (thread === 0) setScales(exactBits, exactBits);
    barrier();
    roundToPairs(thread, first, second, sequence);
    barrier();
  }
  if (thread !== 0) return;
  store<i32>(controlAddress + EXACT, i32(isExact));
  store<f64>(controlAddress + TOTAL, sumOf(SUM_SECOND));
  store<f64>(controlAddress + TOTAL, sumOf(SUM_FIRST), 8);
}
