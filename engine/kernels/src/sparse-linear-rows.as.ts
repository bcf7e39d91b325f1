// Rows of a sparse matrix against weights: what every step of sparse-linear.as.ts is made of.

/* oxlint-disable max-params -- the host hands over addresses and numbers */
export let rows: i32 = 0;
export let features: i32 = 0;
/** Weight and scale of each feature, side by side, so that one cache line serves both. */
export let pairs: usize = 0;
/** 1, −1, or 0 for a row that is left out of the training and scored at the end. */
export let signs: usize = 0;
export let rowStarts: usize = 0;
export let indexes: usize = 0;
export let values: usize = 0;
/** The square of the constant feature whose weight is the bias. */
export let biasScale: f64 = 1;
export let bias: f64 = 0;

export function attachRows(rowCount: i32, pairsAt: usize, signsAt: usize): void {
  rows = rowCount;
  pairs = pairsAt;
  signs = signsAt;
}

export function openMatrix(
  featureCount: i32,
  rowStartsAt: usize,
  indexesAt: usize,
  valuesAt: usize,
  scaleOfBias: f64,
): void {
  features = featureCount;
  rowStarts = rowStartsAt;
  indexes = indexesAt;
  values = valuesAt;
  biasScale = scaleOfBias;
  bias = 0;
  memory.fill(pairs, 0, (<usize>features) << 3);
}

export function rowStart(row: i32): usize {
  return (<usize>load<u32>(rowStarts + ((<usize>row) << 2))) << 2;
}

export function signOf(row: i32): i32 {
  return <i32>load<i8>(signs + <usize>row);
}

/** What a row scores: four sums side by side, since each addition would wait for the one before. */
export function dot(start: usize, end: usize): f64 {
  let a: f32 = 0;
  let b: f32 = 0;
  let c: f32 = 0;
  let d: f32 = 0;
  let at = start;
  for (; at + 16 <= end; at += 16) {
    a += load<f32>(values + at) * load<f32>(pairs + ((<usize>load<u32>(indexes + at)) << 3));
    b += load<f32>(values + at, 4) * load<f32>(pairs + ((<usize>load<u32>(indexes + at, 4)) << 3));
    c += load<f32>(values + at, 8) * load<f32>(pairs + ((<usize>load<u32>(indexes + at, 8)) << 3));
    d += load<f32>(values + at, 12) * load<f32>(pairs + ((<usize>load<u32>(indexes + at, 12)) << 3));
  }
  for (; at < end; at += 4) a += load<f32>(values + at) * load<f32>(pairs + ((<usize>load<u32>(indexes + at)) << 3));
  return <f64>(a + b + (c + d)) + bias;
}

/** Adds `step` times the scaled row to the weights. */
export function move(start: usize, end: usize, step: f64): void {
  const factor = <f32>step;
  for (let at = start; at < end; at += 4) {
    const pair = pairs + ((<usize>load<u32>(indexes + at)) << 3);
    store<f32>(pair, load<f32>(pair) + factor * load<f32>(values + at) * load<f32>(pair, 4));
  }
  bias += step * biasScale;
}
