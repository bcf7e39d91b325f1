// A factorization machine of second degree (Rendle, "Factorization Machines", ICDM 2010), trained by mini-batches with
// Adam. AssemblyScript, SIMD over factors. The scalar reference beside it, factorization-machine.ts, says what is
// computed; factorization-machine-layout.ts what lies where in the memory.
import { horizontalSum } from "./lanes.as";

/* oxlint-disable prefer-const -- the host sets these globals before the first call */
// Compressed sparse rows.
export let values: usize = 0;
export let rowStarts: usize = 0;
export let columnIndexes: usize = 0;
export let labels: usize = 0;
export let rowWeights: usize = 0;
export let rows: i32 = 0;
export let columns: i32 = 0;
// A column's parameters are `stride` floats: its factors, and in the last four its linear weight and three zeros. Those
// of the bias come after the last column's.
export let parameters: usize = 0;
export let gradients: usize = 0;
export let firstMoments: usize = 0;
export let secondMoments: usize = 0;
export let stride: i32 = 4;
export let sums: usize = 0;
export let stamps: usize = 0;
export let touched: usize = 0;
// Learning rates and weight decays of a column's parameters, then those of the bias: `stride` floats each.
export let rates: usize = 0;
export let batchOrder: usize = 0;
export let batchRows: i32 = 0;
export let logistic: i32 = 0;
export let beta1: f32 = 0.9;
export let beta2: f32 = 0.999;
export let epsilon: f32 = 1e-8;
/** The sum of a mini-batch's gradients is multiplied by it; 0: divided by the number of rows. */
export let rescale: f32 = 0;
/** Gradients are kept between its negative and it. */
export let clip: f32 = Infinity;
export let stepsDone: f64 = 0;
export let lossSum: f64 = 0;
export let rowsSeen: f64 = 0;
let stamp: u32 = 0;
let touchedCount: i32 = 0;

function rowStart(row: i32): usize {
  return (<usize>load<u32>(rowStarts + ((<usize>row) << 2))) << 2;
}

function parametersOf(entry: usize): usize {
  return <usize>load<u32>(columnIndexes + entry) * ((<usize>stride) << 2);
}

/** The score of a row (equation 1 in the form of lemma 3.1); the factors' sums over its entries are left at `sums`. */
function scoreRow(row: i32): f32 {
  const from = rowStart(row);
  const to = rowStart(row + 1);
  const factorBytes = (<usize>(stride - 4)) << 2;
  const biasAddress = parameters + <usize>columns * ((<usize>stride) << 2) + factorBytes;
  let linear = load<f32>(biasAddress);
  for (let entry = from; entry < to; entry += 4) {
    linear += load<f32>(values + entry) * load<f32>(parameters + parametersOf(entry) + factorBytes);
  }
  let interaction = f32x4.splat(0);
  for (let lane: usize = 0; lane < factorBytes; lane += 16) {
    let sum = f32x4.splat(0);
    let squares = sum;
    for (let entry = from; entry < to; entry += 4) {
      const product = f32x4.mul(v128.load32_splat(values + entry), v128.load(parameters + parametersOf(entry) + lane));
      sum = f32x4.add(sum, product);
      squares = f32x4.add(squares, f32x4.mul(product, product));
    }
    v128.store(sums + lane, sum);
    interaction = f32x4.add(interaction, f32x4.sub(f32x4.mul(sum, sum), squares));
  }
  return linear + <f32>0.5 * horizontalSum(interaction);
}

/** Adds the row's loss, and its derivatives by the parameters (equation 4) to the gradients. */
function learnRow(row: i32): void {
  const score = scoreRow(row);
  const offset = (<usize>row) << 2;
  const label = load<f32>(labels + offset);
  const weight = load<f32>(rowWeights + offset);
  let derivative: f32 = score - label;
  if (logistic) {
    const exponential = Math.exp(-Math.abs(score));
    const likely = 1 / (1 + exponential);
    derivative = <f32>((score >= 0 ? likely : 1 - likely) - label);
    lossSum += weight * (Math.max(score, 0) - label * score + Math.log1p(exponential));
  } else {
    lossSum += <f64>weight * derivative * derivative;
  }
  derivative *= weight;
  const from = rowStart(row);
  const to = rowStart(row + 1);
  const factorBytes = (<usize>(stride - 4)) << 2;
  for (let entry = from; entry < to; entry += 4) {
    const column = parametersOf(entry);
    touch(load<u32>(columnIndexes + entry));
    const x = load<f32>(values + entry);
    const scaled = f32x4.splat(derivative * x);
    const own = f32x4.splat(x);
    for (let lane: usize = 0; lane < factorBytes; lane += 16) {
      const others = f32x4.sub(v128.load(sums + lane), f32x4.mul(own, v128.load(parameters + column + lane)));
      const address = gradients + column + lane;
      v128.store(address, f32x4.add(v128.load(address), f32x4.mul(scaled, others)));
    }
    const linear = gradients + column + factorBytes;
    store<f32>(linear, load<f32>(linear) + derivative * x);
  }
  const bias = gradients + <usize>columns * ((<usize>stride) << 2) + factorBytes;
  store<f32>(bias, load<f32>(bias) + derivative);
}

/** Remembers a column of this batch, once. */
function touch(column: u32): void {
  const address = stamps + ((<usize>column) << 2);
  if (load<u32>(address) === stamp) return;
  store<u32>(address, stamp);
  store<u32>(touched + ((<usize>touchedCount) << 2), column);
  touchedCount++;
}

/** One step of Adam on a column's parameters; `own` has their learning rates and decays. */
function update(column: usize, own: usize, factor: f32, correction: f32): void {
  const bytes = (<usize>stride) << 2;
  const offset = column * bytes;
  const one = f32x4.splat(1);
  const b1 = f32x4.splat(beta1);
  const b2 = f32x4.splat(beta2);
  for (let lane: usize = 0; lane < bytes; lane += 16) {
    const at = offset + lane;
    const parameter = v128.load(parameters + at);
    let gradient = f32x4.mul(v128.load(gradients + at), f32x4.splat(factor));
    gradient = f32x4.max(f32x4.min(gradient, f32x4.splat(clip)), f32x4.splat(-clip));
    gradient = f32x4.add(gradient, f32x4.mul(parameter, v128.load(own + bytes + lane)));
    v128.store(gradients + at, f32x4.splat(0));
    const first = f32x4.add(f32x4.mul(b1, v128.load(firstMoments + at)), f32x4.mul(f32x4.sub(one, b1), gradient));
    const square = f32x4.mul(gradient, gradient);
    const second = f32x4.add(f32x4.mul(b2, v128.load(secondMoments + at)), f32x4.mul(f32x4.sub(one, b2), square));
    v128.store(firstMoments + at, first);
    v128.store(secondMoments + at, second);
    const rate = f32x4.mul(v128.load(own + lane), f32x4.splat(correction));
    const step = f32x4.div(f32x4.mul(rate, first), f32x4.add(f32x4.sqrt(second), f32x4.splat(epsilon)));
    v128.store(parameters + at, f32x4.sub(parameter, step));
  }
}

/** Learns the batches at positions `from` to `to` of the order. Only the columns that a batch touches are moved. */
export function train(from: i32, to: i32): void {
  for (let position = from; position < to; position++) {
    const first = load<i32>(batchOrder + ((<usize>position) << 2)) * batchRows;
    const last = min(first + batchRows, rows);
    touchedCount = 0;
    stamp++;
    for (let row = first; row < last; row++) learnRow(row);
    rowsSeen += last - first;
    const count = stepsDone + <f64>(position - from) + 1;
    const correction = <f32>(Math.sqrt(1 - Math.pow(beta2, count)) / (1 - Math.pow(beta1, count)));
    const factor: f32 = rescale > 0 ? rescale : <f32>1 / <f32>(last - first);
    for (let index = 0; index < touchedCount; index++) {
      update(load<u32>(touched + ((<usize>index) << 2)), rates, factor, correction);
    }
    update(columns, rates + ((<usize>stride) << 3), factor, correction);
  }
}

/** Of the rows since `lossSum` and `rowsSeen` were 0. */
export function meanLoss(): f64 {
  return lossSum / rowsSeen;
}

/** The scores of the rows `from` to `to`. */
export function score(from: i32, to: i32, destination: usize): void {
  for (let row = from; row < to; row++) store<f32>(destination + ((<usize>(row - from)) << 2), scoreRow(row));
}
