// Linear models, many at a time: the weights of several models (or classes) lie side by side as lanes, so that one pass
// over a mini-batch trains all of them. AssemblyScript, SIMD over lanes, four dense rows at a time. The scalar reference
// beside it, linear-models.ts, says what is computed; linear-models-layout.ts what lies where in the shared memory.

import { exp4 } from "./exponential.as";
import { horizontalSum } from "./lanes.as";
import { derivative4, loss, lossVector } from "./linear-losses.as";

export { loss, lossParameter } from "./linear-losses.as";

/* oxlint-disable prefer-const -- each thread's host sets these globals of its instance before the first call */
// The rows: dense when rowStarts is 0, else CSR.
export let values: usize = 0;
export let rowStarts: usize = 0;
export let columnIndexes: usize = 0;
export let labels: usize = 0;
export let rowWeights: usize = 0;
export let rows: i32 = 0;
export let columns: i32 = 0;
// The models.
export let groups: usize = 0;
export let groupBytes: usize = 0;
export let groupCount: i32 = 0;
export let lanes: i32 = 4;
export let partials: usize = 0;
export let partialBytes: usize = 0;
export let classes: i32 = 0;
export let useBias: i32 = 1;
// The optimiser.
export let optimizer: i32 = 0;
export let batchOrder: usize = 0;
export let batchRows: i32 = 0;
export let momentum: f32 = 0;
export let beta1: f32 = 0;
export let beta2: f32 = 0;
export let stepsDone: f64 = 0;
export let scheduleStep: f64 = 0;
export let scheduleFactor: f64 = 1;
export let minimumRate: f32 = 0;
export let biasRateFactor: f32 = 1;
export let biasDecayFactor: f32 = 1;
// This thread's own: derivatives of four rows, and the columns that a sparse batch touches.
let scratch: usize = 0;
let stamps: usize = 0;
let touched: usize = 0;
let losses: usize = 0;
let stamp: u32 = 0;
let touchedCount: i32 = 0;

const SOFTMAX = 8;
const ADAM = 0;
const RMSPROP = 1;
const EPSILON: f32 = 1e-8;
const ROWS_AT_ONCE = 4;

/** The scores of the four dense rows from `first`, lane by lane, to `scratch`; rows beyond `last` repeat the last one. */
function scoreDense(group: usize, first: i32, last: i32): void {
  const rowBytes = (<usize>columns) << 2;
  const stride = (<usize>lanes) << 2;
  const a = values + <usize>first * rowBytes;
  const b = values + <usize>min(first + 1, last - 1) * rowBytes;
  const c = values + <usize>min(first + 2, last - 1) * rowBytes;
  const d = values + <usize>min(first + 3, last - 1) * rowBytes;
  for (let lane: usize = 0; lane < stride; lane += 16) {
    let w = group + lane;
    let a0 = v128.load(w + rowBytes * <usize>lanes);
    let b0 = a0;
    let c0 = a0;
    let d0 = a0;
    for (let at: usize = 0; at < rowBytes; at += 4, w += stride) {
      const w0 = v128.load(w);
      a0 = f32x4.add(a0, f32x4.mul(v128.load32_splat(a + at), w0));
      b0 = f32x4.add(b0, f32x4.mul(v128.load32_splat(b + at), w0));
      c0 = f32x4.add(c0, f32x4.mul(v128.load32_splat(c + at), w0));
      d0 = f32x4.add(d0, f32x4.mul(v128.load32_splat(d + at), w0));
    }
    const to = scratch + lane;
    v128.store(to, a0);
    v128.store(to + stride, b0);
    v128.store(to + 2 * stride, c0);
    v128.store(to + 3 * stride, d0);
  }
}

function scoreSparse(group: usize, first: i32, last: i32): void {
  const stride = (<usize>lanes) << 2;
  const bias = group + <usize>columns * stride;
  for (let index = 0; index < ROWS_AT_ONCE; index++) {
    const row = min(first + index, last - 1);
    const from: usize = load<u32>(rowStarts + ((<usize>row) << 2));
    const to: usize = load<u32>(rowStarts + ((<usize>row) << 2), 4);
    for (let lane: usize = 0; lane < stride; lane += 16) {
      let sum = v128.load(bias + lane);
      for (let entry = from << 2, end = to << 2; entry < end; entry += 4) {
        const w = group + lane + <usize>load<u32>(columnIndexes + entry) * stride;
        sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(values + entry), v128.load(w)));
      }
      v128.store(scratch + <usize>index * stride + lane, sum);
    }
  }
}

/** Adds the four rows' derivatives times their features to the gradient. Derivatives of rows beyond `last` are 0. */
function backDense(gradient: usize, first: i32, last: i32): void {
  const rowBytes = (<usize>columns) << 2;
  const stride = (<usize>lanes) << 2;
  const a = values + <usize>first * rowBytes;
  const b = values + <usize>min(first + 1, last - 1) * rowBytes;
  const c = values + <usize>min(first + 2, last - 1) * rowBytes;
  const d = values + <usize>min(first + 3, last - 1) * rowBytes;
  for (let lane: usize = 0; lane < stride; lane += 16) {
    const da = v128.load(scratch + lane);
    const db = v128.load(scratch + lane + stride);
    const dc = v128.load(scratch + lane + 2 * stride);
    const dd = v128.load(scratch + lane + 3 * stride);
    let g = gradient + lane;
    for (let at: usize = 0; at < rowBytes; at += 4, g += stride) {
      const ab = f32x4.add(f32x4.mul(v128.load32_splat(a + at), da), f32x4.mul(v128.load32_splat(b + at), db));
      const cd = f32x4.add(f32x4.mul(v128.load32_splat(c + at), dc), f32x4.mul(v128.load32_splat(d + at), dd));
      v128.store(g, f32x4.add(v128.load(g), f32x4.add(ab, cd)));
    }
    v128.store(g, f32x4.add(v128.load(g), f32x4.add(f32x4.add(da, db), f32x4.add(dc, dd))));
  }
}

function backSparse(gradient: usize, first: i32, last: i32): void {
  const stride = (<usize>lanes) << 2;
  const bias = gradient + <usize>columns * stride;
  for (let row = first, end = min(first + ROWS_AT_ONCE, last); row < end; row++) {
    const derivatives = scratch + <usize>(row - first) * stride;
    const from: usize = (<usize>load<u32>(rowStarts + ((<usize>row) << 2))) << 2;
    const to: usize = (<usize>load<u32>(rowStarts + ((<usize>row) << 2), 4)) << 2;
    for (let lane: usize = 0; lane < stride; lane += 16) {
      const derivative = v128.load(derivatives + lane);
      v128.store(bias + lane, f32x4.add(v128.load(bias + lane), derivative));
      for (let entry = from; entry < to; entry += 4) {
        const g = gradient + lane + <usize>load<u32>(columnIndexes + entry) * stride;
        v128.store(g, f32x4.add(v128.load(g), f32x4.mul(v128.load32_splat(values + entry), derivative)));
      }
    }
    for (let entry = from; entry < to; entry += 4) touch(load<u32>(columnIndexes + entry));
  }
}

/** Remembers a column of this batch, once. */
function touch(column: u32): void {
  const address = stamps + ((<usize>column) << 2);
  if (load<u32>(address) === stamp) return;
  store<u32>(address, stamp);
  store<u32>(touched + ((<usize>touchedCount) << 2), column);
  touchedCount++;
}

/** Softmax over the lanes of one row, in place; returns the loss. Lanes beyond the classes get no derivative. */
function softmaxDerivative(row: usize, label: i32, weight: f32): f32 {
  let highest = load<f32>(row);
  for (let lane = 1; lane < classes; lane++) highest = max(highest, load<f32>(row + ((<usize>lane) << 2)));
  const own = load<f32>(row + ((<usize>label) << 2));
  const end = row + ((<usize>lanes) << 2);
  const shift = f32x4.splat(highest);
  for (let at = row; at < end; at += 16) v128.store(at, exp4(f32x4.sub(v128.load(at), shift)));
  for (let lane = classes; lane < lanes; lane++) store<f32>(row + ((<usize>lane) << 2), 0);
  let sum: f32 = 0;
  for (let at = row; at < end; at += 4) sum += load<f32>(at);
  const factor = f32x4.splat(weight / sum);
  for (let at = row; at < end; at += 16) v128.store(at, f32x4.mul(v128.load(at), factor));
  const labelAddress = row + ((<usize>label) << 2);
  store<f32>(labelAddress, load<f32>(labelAddress) - weight);
  return weight * (<f32>Math.log(sum) + highest - own);
}

/** Turns the scores of the four rows from `first` into derivatives, and adds their losses to the sums at `losses`. */
function derivatives(first: i32, last: i32): void {
  const stride = (<usize>lanes) << 2;
  for (let index = 0; index < ROWS_AT_ONCE; index++) {
    const row = scratch + <usize>index * stride;
    if (first + index >= last) {
      memory.fill(row, 0, stride);
      continue;
    }
    const offset = (<usize>(first + index)) << 2;
    const label = load<f32>(labels + offset);
    const weight = load<f32>(rowWeights + offset);
    if (loss === SOFTMAX) {
      store<f64>(losses, load<f64>(losses) + <f64>softmaxDerivative(row, <i32>label, weight));
      continue;
    }
    const factor = f32x4.splat(weight);
    for (let lane: usize = 0; lane < stride; lane += 16) {
      v128.store(row + lane, f32x4.mul(derivative4(v128.load(row + lane), f32x4.splat(label)), factor));
      const weighted = f32x4.mul(lossVector, factor);
      const sums = losses + lane + lane;
      v128.store(sums, f64x2.add(v128.load(sums), f64x2.promote_low_f32x4(weighted)));
      const upper = i8x16.shuffle(weighted, weighted, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
      v128.store(sums, f64x2.add(v128.load(sums, 16), f64x2.promote_low_f32x4(upper)), 16);
    }
  }
}

/** Weights, gradient and two moments lie one after the other, each for all columns and the bias. */
function blockBytes(): usize {
  return (<usize>(columns + 1) * <usize>lanes) << 2;
}

/** After the four blocks: learning rates, weight decays and l1 of the lanes as float32, sums of losses as float64. */
function lossSums(group: usize): usize {
  return group + 4 * blockBytes() + 3 * ((<usize>lanes) << 2);
}

/** Losses and, added to `gradient` unless that is 0, their derivatives by the weights over the rows `first` to `last`. */
function passRows(group: usize, gradient: usize, first: i32, last: i32): void {
  touchedCount = 0;
  stamp++;
  for (let row = first; row < last; row += ROWS_AT_ONCE) {
    if (rowStarts === 0) {
      scoreDense(group, row, last);
      derivatives(row, last);
      if (gradient !== 0) backDense(gradient, row, last);
    } else {
      scoreSparse(group, row, last);
      derivatives(row, last);
      if (gradient !== 0) backSparse(gradient, row, last);
    }
  }
}

/* oxlint-disable-next-line max-params -- what differs between a column and the bias */
function update(group: usize, column: usize, rowFactor: f32, rateFactor: f32, decayFactor: f32): void {
  const block = blockBytes();
  const stride = (<usize>lanes) << 2;
  const rates = group + 4 * block;
  const b1 = f32x4.splat(optimizer === ADAM ? beta1 : momentum);
  const b2 = f32x4.splat(beta2);
  const one = f32x4.splat(1);
  const fresh1 = optimizer === ADAM ? f32x4.sub(one, b1) : one;
  for (let lane: usize = 0; lane < stride; lane += 16) {
    const address = group + column * stride + lane;
    const w = v128.load(address);
    const decay = f32x4.mul(v128.load(rates + stride + lane), f32x4.splat(decayFactor));
    let g = f32x4.add(f32x4.mul(v128.load(address + block), f32x4.splat(rowFactor)), f32x4.mul(w, decay));
    const zero = f32x4.splat(0);
    v128.store(address + block, zero);
    let step = f32x4.mul(currentRate(v128.load(rates + lane)), f32x4.splat(rateFactor));
    if (optimizer === ADAM || optimizer === RMSPROP) {
      const second = f32x4.add(
        f32x4.mul(b2, v128.load(address + 3 * block)),
        f32x4.mul(f32x4.sub(one, b2), f32x4.mul(g, g)),
      );
      v128.store(address + 3 * block, second);
      step = f32x4.div(step, f32x4.add(f32x4.sqrt(second), f32x4.splat(EPSILON)));
    }
    g = f32x4.add(f32x4.mul(b1, v128.load(address + 2 * block)), f32x4.mul(fresh1, g));
    v128.store(address + 2 * block, g);
    const moved = f32x4.sub(w, f32x4.mul(step, g));
    const threshold = f32x4.mul(f32x4.mul(step, v128.load(rates + 2 * stride + lane)), f32x4.splat(decayFactor));
    const above = f32x4.max(f32x4.sub(moved, threshold), zero);
    v128.store(address, f32x4.add(above, f32x4.min(f32x4.add(moved, threshold), zero)));
  }
}

let scheduled: f32 = 1;
let biasCorrection: f32 = 1;

/** The schedule's rate, not below its minimum, with Adam's correction for moments that began at 0. */
function currentRate(rates: v128): v128 {
  const falling = f32x4.max(f32x4.mul(rates, f32x4.splat(scheduled)), f32x4.min(rates, f32x4.splat(minimumRate)));
  return f32x4.mul(falling, f32x4.splat(biasCorrection));
}

/** Tells a thread where its own memory lies. */
export function openThread(ownScratch: usize, ownStamps: usize, ownTouched: usize): void {
  scratch = ownScratch;
  stamps = ownStamps;
  touched = ownTouched;
}

/** Trains this thread's groups of models (every `threads`-th) on the batches at positions `from` to `to` of the order. */
export function train(thread: i32, threads: i32, from: i32, to: i32): void {
  for (let number = thread; number < groupCount; number += threads) {
    const group = groups + <usize>number * groupBytes;
    losses = lossSums(group);
    for (let position = from; position < to; position++) {
      const first = load<i32>(batchOrder + ((<usize>position) << 2)) * batchRows;
      const last = min(first + batchRows, rows);
      passRows(group, group + blockBytes(), first, last);
      step(group, <f32>1 / <f32>(last - first), stepsDone + <f64>(position - from));
    }
  }
}

function step(group: usize, rowFactor: f32, done: f64): void {
  scheduled = scheduleStep > 0 ? <f32>Math.pow(scheduleFactor, Math.floor(done / scheduleStep)) : 1;
  biasCorrection = 1;
  if (optimizer === ADAM) {
    const count = done + 1;
    biasCorrection = <f32>(Math.sqrt(1 - Math.pow(beta2, count)) / (1 - Math.pow(beta1, count)));
  }
  if (rowStarts === 0) {
    for (let column = 0; column < columns; column++) update(group, column, rowFactor, 1, 1);
  } else {
    for (let index = 0; index < touchedCount; index++) {
      update(group, load<u32>(touched + ((<usize>index) << 2)), rowFactor, 1, 1);
    }
  }
  if (useBias) update(group, columns, rowFactor, biasRateFactor, biasDecayFactor);
}

/** Loss and gradient of group 0 over this thread's blocks of `batchRows` rows, each into a place of its own: sums of losses, then the gradient. */
export function differentiate(thread: i32, threads: i32, from: i32, to: i32): void {
  for (let block = from + thread; block < to; block += threads) {
    losses = partials + <usize>(block - from) * partialBytes;
    memory.fill(losses, 0, partialBytes);
    passRows(groups, losses + ((<usize>lanes) << 3), block * batchRows, min((block + 1) * batchRows, rows));
  }
}

/**
 * The same for one model of dense rows, whose weights lie in group 0 without other lanes between them: SIMD over columns
 * instead of models.
 */
export function differentiateOne(thread: i32, threads: i32, from: i32, to: i32): void {
  for (let block = from + thread; block < to; block += threads) {
    losses = partials + <usize>(block - from) * partialBytes;
    memory.fill(losses, 0, partialBytes);
    const last = min((block + 1) * batchRows, rows);
    for (let row = block * batchRows; row < last; row += ROWS_AT_ONCE) {
      learnFourRows(losses + ((<usize>lanes) << 3), row, last);
    }
  }
}

/** A label or weight of each of the four rows from `first`, 0 for rows that are not there. */
function ofFourRows(source: usize, first: i32, last: i32): v128 {
  const address = source + ((<usize>first) << 2);
  let vector = f32x4.replace_lane(f32x4.splat(0), 0, load<f32>(address));
  if (first + 1 < last) vector = f32x4.replace_lane(vector, 1, load<f32>(address, 4));
  if (first + 2 < last) vector = f32x4.replace_lane(vector, 2, load<f32>(address, 8));
  return first + 3 < last ? f32x4.replace_lane(vector, 3, load<f32>(address, 12)) : vector;
}

function learnFourRows(gradient: usize, first: i32, last: i32): void {
  const rowBytes = (<usize>columns) << 2;
  const whole = rowBytes & ~15;
  const a = values + <usize>first * rowBytes;
  const b = values + <usize>min(first + 1, last - 1) * rowBytes;
  const c = values + <usize>min(first + 2, last - 1) * rowBytes;
  const d = values + <usize>min(first + 3, last - 1) * rowBytes;
  let sa = f32x4.splat(0);
  let sb = sa;
  let sc = sa;
  let sd = sa;
  for (let at: usize = 0; at < whole; at += 16) {
    const w = v128.load(groups + at);
    sa = f32x4.add(sa, f32x4.mul(v128.load(a + at), w));
    sb = f32x4.add(sb, f32x4.mul(v128.load(b + at), w));
    sc = f32x4.add(sc, f32x4.mul(v128.load(c + at), w));
    sd = f32x4.add(sd, f32x4.mul(v128.load(d + at), w));
  }
  let scores = f32x4.splat(load<f32>(groups + rowBytes));
  scores = f32x4.add(scores, f32x4(horizontalSum(sa), horizontalSum(sb), horizontalSum(sc), horizontalSum(sd)));
  for (let at = whole; at < rowBytes; at += 4) {
    const x = f32x4(load<f32>(a + at), load<f32>(b + at), load<f32>(c + at), load<f32>(d + at));
    scores = f32x4.add(scores, f32x4.mul(x, v128.load32_splat(groups + at)));
  }
  const weights = ofFourRows(rowWeights, first, last);
  const slopes = f32x4.mul(derivative4(scores, ofFourRows(labels, first, last)), weights);
  store<f64>(losses, load<f64>(losses) + <f64>horizontalSum(f32x4.mul(lossVector, weights)));
  const da = f32x4.splat(f32x4.extract_lane(slopes, 0));
  const db = f32x4.splat(f32x4.extract_lane(slopes, 1));
  const dc = f32x4.splat(f32x4.extract_lane(slopes, 2));
  const dd = f32x4.splat(f32x4.extract_lane(slopes, 3));
  for (let at: usize = 0; at < whole; at += 16) {
    const ab = f32x4.add(f32x4.mul(v128.load(a + at), da), f32x4.mul(v128.load(b + at), db));
    const cd = f32x4.add(f32x4.mul(v128.load(c + at), dc), f32x4.mul(v128.load(d + at), dd));
    v128.store(gradient + at, f32x4.add(v128.load(gradient + at), f32x4.add(ab, cd)));
  }
  for (let at = whole; at < rowBytes; at += 4) {
    const x = f32x4(load<f32>(a + at), load<f32>(b + at), load<f32>(c + at), load<f32>(d + at));
    store<f32>(gradient + at, load<f32>(gradient + at) + horizontalSum(f32x4.mul(x, slopes)));
  }
  store<f32>(gradient + rowBytes, load<f32>(gradient + rowBytes) + horizontalSum(slopes));
}

/** Adds the losses of rows `from` to `to` to the sums of this thread's groups. */
export function evaluate(thread: i32, threads: i32, from: i32, to: i32): void {
  for (let number = thread; number < groupCount; number += threads) {
    const group = groups + <usize>number * groupBytes;
    losses = lossSums(group);
    passRows(group, 0, from, to);
  }
}
