// A bag of embeddings under a linear classifier: what fastText's supervised mode computes for each line (Joulin et al.
// 2016), as one call for many lines. AssemblyScript, SIMD over blocks of 16 floats. The scalar reference beside it,
// embedding-bag.ts, does the same operations in the same order, so that both give the same bytes;
// embedding-bag-layout.ts says what lies where in the shared memory.

import { horizontalSum } from "./lanes.as";
import { countTokens, currentRate, isTargetReached } from "./learning-schedule.as";
import { below, fillRows } from "./minstd-rand.as";

export { control, learningRate, totalTokens, updateRate } from "./learning-schedule.as";
export { randomState } from "./minstd-rand.as";

/* oxlint-disable prefer-const -- each thread's host sets these globals of its instance before the first call */
export let stride: i32 = 0;
export let words: i32 = 0;
export let buckets: i32 = 0;
export let bucketRows: usize = 0;
export let wordNgrams: i32 = 1;
export let labels: i32 = 0;
export let oneVersusAll: i32 = 0;
export let hierarchical: i32 = 0;
export let sigmoidTable: usize = 0;
export let pathStarts: usize = 0;
export let pathSteps: usize = 0;
export let input: usize = 0;
export let output: usize = 0;
export let features: usize = 0;
export let hidden: usize = 0;
export let gradient: usize = 0;
export let scores: usize = 0;
export let decisions: usize = 0;
export let lossSum: f64 = 0;
export let lossCount: f64 = 0;

const HEADER: usize = 16;
const NGRAM_FACTOR: u64 = 116049371;

/** Fills elements of the input matrix, counted without padding. */
export function initialise(from: f64, to: f64, dim: i32, bound: f64): void {
  fillRows(input, stride, dim, from, to, bound);
}

/** Writes the addresses of the rows that a line stands for: its own rows, then one bucket for each word n-gram. */
function gather(record: usize): i32 {
  const labelCount: usize = load<i32>(record, 4);
  const rowCount = load<i32>(record, 8);
  const hashCount = load<i32>(record, 12);
  const rowBytes: usize = (<usize>stride) << 2;
  let next: usize = features;
  let source: usize = record + HEADER + (labelCount << 2);
  for (let index = 0; index < rowCount; index++, source += 4, next += 4) {
    store<u32>(next, <u32>(input + <usize>load<u32>(source) * rowBytes));
  }
  for (let first = 0; first < hashCount; first++) {
    let hash: u64 = <u64>(<i64>load<i32>(source + ((<usize>first) << 2)));
    const last = min(first + wordNgrams, hashCount);
    for (let index = first + 1; index < last; index++) {
      hash = hash * NGRAM_FACTOR + <u64>(<i64>load<i32>(source + ((<usize>index) << 2)));
      const bucket: usize = <usize>(hash % <u64>buckets);
      const place: usize = bucketRows === 0 ? bucket + 1 : load<u32>(bucketRows + (bucket << 2));
      if (place === 0) continue;
      store<u32>(next, <u32>(input + (<usize>words + place - 1) * rowBytes));
      next += 4;
    }
  }
  return <i32>((next - features) >> 2);
}

function average(count: i32): void {
  const end: usize = features + ((<usize>count) << 2);
  const factor = f32x4.splat(1 / <f32>count);
  for (let block: usize = 0, bytes: usize = (<usize>stride) << 2; block < bytes; block += 64) {
    let a = f32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    for (let feature = features; feature < end; feature += 4) {
      const row: usize = <usize>load<u32>(feature) + block;
      a = f32x4.add(a, v128.load(row));
      b = f32x4.add(b, v128.load(row, 16));
      c = f32x4.add(c, v128.load(row, 32));
      d = f32x4.add(d, v128.load(row, 48));
    }
    v128.store(hidden + block, f32x4.mul(a, factor));
    v128.store(hidden + block, f32x4.mul(b, factor), 16);
    v128.store(hidden + block, f32x4.mul(c, factor), 32);
    v128.store(hidden + block, f32x4.mul(d, factor), 48);
  }
}

function scatter(count: i32): void {
  const end: usize = features + ((<usize>count) << 2);
  const factor = f32x4.splat(1 / <f32>count);
  for (let block: usize = 0, bytes: usize = (<usize>stride) << 2; block < bytes; block += 64) {
    const a = f32x4.mul(v128.load(gradient + block), factor);
    const b = f32x4.mul(v128.load(gradient + block, 16), factor);
    const c = f32x4.mul(v128.load(gradient + block, 32), factor);
    const d = f32x4.mul(v128.load(gradient + block, 48), factor);
    for (let feature = features; feature < end; feature += 4) {
      const row: usize = <usize>load<u32>(feature) + block;
      v128.store(row, f32x4.add(v128.load(row), a));
      v128.store(row, f32x4.add(v128.load(row, 16), b), 16);
      v128.store(row, f32x4.add(v128.load(row, 32), c), 32);
      v128.store(row, f32x4.add(v128.load(row, 48), d), 48);
    }
  }
}

function dotHidden(row: usize): f32 {
  let a = f32x4.splat(0);
  let b = a;
  let c = a;
  let d = a;
  for (let block: usize = 0, bytes: usize = (<usize>stride) << 2; block < bytes; block += 64) {
    a = f32x4.add(a, f32x4.mul(v128.load(hidden + block), v128.load(row + block)));
    b = f32x4.add(b, f32x4.mul(v128.load(hidden + block, 16), v128.load(row + block, 16)));
    c = f32x4.add(c, f32x4.mul(v128.load(hidden + block, 32), v128.load(row + block, 32)));
    d = f32x4.add(d, f32x4.mul(v128.load(hidden + block, 48), v128.load(row + block, 48)));
  }
  a = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
  return horizontalSum(a);
}

/** gradient += alpha · row, then row += alpha · hidden. */
function pull(row: usize, alpha: f32): void {
  const factor = f32x4.splat(alpha);
  for (let lane: usize = 0, bytes: usize = (<usize>stride) << 2; lane < bytes; lane += 16) {
    const weights = v128.load(row + lane);
    v128.store(gradient + lane, f32x4.add(v128.load(gradient + lane), f32x4.mul(factor, weights)));
    v128.store(row + lane, f32x4.add(weights, f32x4.mul(factor, v128.load(hidden + lane))));
  }
}

/**
 * e^x for x ≤ 0 with relative error below 2e-7: Cephes' expf, written out so that every machine gives the same bits.
 */
function exponential(x: f32): f32 {
  if (x < -87) return 0;
  const whole: f32 = floor<f32>(x * 1.44269504 + 0.5);
  const rest: f32 = x - whole * 0.693359375 + whole * 2.1219444e-4;
  let y: f32 = 1.98756915e-4;
  y = y * rest + 1.3981999507e-3;
  y = y * rest + 8.3334519073e-3;
  y = y * rest + 4.1665795894e-2;
  y = y * rest + 1.6666665459e-1;
  y = y * rest + 5.0000001201e-1;
  y = y * (rest * rest) + rest + 1;
  return y * reinterpret<f32>((<i32>whole + 127) << 23);
}

/** fastText's sigmoid: a table of 512 steps over [−8, 8]. */
function sigmoid(x: f32): f32 {
  if (x < -8) return 0;
  if (x > 8) return 1;
  return load<f32>(sigmoidTable + ((<usize>(<i32>((x + 8) * 32))) << 2));
}

/** The sigmoid itself, by which a tree's decisions are judged; the table is for learning them. */
function logistic(x: f32): f32 {
  const power = exponential(x > 0 ? -x : x);
  return x > 0 ? 1 / (1 + power) : power / (1 + power);
}

/** The probability of each label as the product of the decisions on its path, each plus 1e-5 as fastText has it. */
function descend(): void {
  for (let node = 0; node < labels - 1; node++) {
    const row = output + <usize>node * ((<usize>stride) << 2);
    store<f32>(decisions + ((<usize>node) << 2), logistic(dotHidden(row)));
  }
  for (let label = 0; label < labels; label++) {
    const last = load<i32>(pathStarts + ((<usize>label) << 2), 4);
    let product: f32 = 1;
    for (let index = load<i32>(pathStarts + ((<usize>label) << 2)); index < last; index++) {
      const step = load<i32>(pathSteps + ((<usize>index) << 2));
      const decision = load<f32>(decisions + ((<usize>(step >> 1)) << 2));
      product *= ((step & 1) === 1 ? decision : 1 - decision) + 1e-5;
    }
    store<f32>(scores + ((<usize>label) << 2), product);
  }
}

/** Learns the decisions on the label's path; returns the loss. */
function learnPath(label: i32, rate: f32): f64 {
  const last = load<i32>(pathStarts + ((<usize>label) << 2), 4);
  let loss: f64 = 0;
  for (let index = load<i32>(pathStarts + ((<usize>label) << 2)); index < last; index++) {
    const step = load<i32>(pathSteps + ((<usize>index) << 2));
    const row = output + <usize>(step >> 1) * ((<usize>stride) << 2);
    const decision = sigmoid(dotHidden(row));
    const target: f32 = (step & 1) === 1 ? 1 : 0;
    loss -= Math.log(1 - Math.abs(<f64>target - <f64>decision) + 1e-5);
    pull(row, rate * (target - decision));
  }
  return loss;
}

/** Writes one probability per label to `scores`. */
function classify(): void {
  if (hierarchical) {
    descend();
    return;
  }
  const rowBytes: usize = (<usize>stride) << 2;
  let maximum: f32 = -Infinity;
  for (let label = 0; label < labels; label++) {
    const score = dotHidden(output + <usize>label * rowBytes);
    store<f32>(scores + ((<usize>label) << 2), oneVersusAll ? sigmoid(score) : score);
    if (score > maximum) maximum = score;
  }
  if (oneVersusAll) return;
  let sum: f32 = 0;
  for (let label = 0; label < labels; label++) {
    const power = exponential(load<f32>(scores + ((<usize>label) << 2)) - maximum);
    store<f32>(scores + ((<usize>label) << 2), power);
    sum += power;
  }
  for (let label = 0; label < labels; label++) {
    const address = scores + ((<usize>label) << 2);
    store<f32>(address, load<f32>(address) / sum);
  }
}

function carries(record: usize, label: i32): bool {
  const end: usize = record + HEADER + ((<usize>load<i32>(record, 4)) << 2);
  for (let address: usize = record + HEADER; address < end; address += 4) {
    if (load<i32>(address) === label) return true;
  }
  return false;
}

/** One of the line's labels. */
function chooseLabel(record: usize): i32 {
  const label: usize = below(load<u32>(record, 4));
  return load<i32>(record + HEADER + (label << 2));
}

function learn(record: usize, rate: f32): void {
  if (load<i32>(record, 4) === 0) return;
  const count = gather(record);
  if (count === 0) return;
  average(count);
  memory.fill(gradient, 0, (<usize>stride) << 2);
  const target = oneVersusAll ? -1 : chooseLabel(record);
  let loss: f64 = 0;
  if (hierarchical) loss = learnPath(target, rate);
  else classify();
  for (let label = 0; !hierarchical && label < labels; label++) {
    const score = load<f32>(scores + ((<usize>label) << 2));
    const hit = oneVersusAll ? carries(record, label) : label === target;
    if (hit) loss -= Math.log(<f64>score + 1e-5);
    pull(output + <usize>label * ((<usize>stride) << 2), rate * ((hit ? <f32>1 : <f32>0) - score));
  }
  lossSum += loss;
  lossCount += 1;
  scatter(count);
}

function recordBytes(record: usize): usize {
  return HEADER + ((<usize>(load<i32>(record, 4) + load<i32>(record, 8) + load<i32>(record, 12))) << 2);
}

/**
 * Learns the lines from `record` to `end`, until the tokens of all threads reach the target; returns where it stopped.
 */
export function train(record: usize, end: usize): usize {
  while (record < end && !isTargetReached()) {
    learn(record, currentRate());
    countTokens(load<i32>(record));
    record += recordBytes(record);
  }
  return record;
}

/**
 * Writes the probabilities of the line at `record` to `scores`; returns the number of its features, 0 when nothing is
 * known of it.
 */
export function score(record: usize): i32 {
  const count = gather(record);
  if (count === 0) return 0;
  average(count);
  classify();
  return count;
}

/** Of the lines from `record` to `end`, how many carry the label that gets the highest probability. */
export function countCorrect(record: usize, end: usize): i32 {
  let correct = 0;
  while (record < end) {
    if (load<i32>(record, 4) > 0 && score(record) > 0) {
      let best = 0;
      for (let label = 1; label < labels; label++) {
        if (load<f32>(scores + ((<usize>label) << 2)) > load<f32>(scores + ((<usize>best) << 2))) best = label;
      }
      if (carries(record, best)) correct++;
    }
    record += recordBytes(record);
  }
  return correct;
}
