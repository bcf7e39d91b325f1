// The best split of a node: every column's bins from left to right and, where values are missing, from right to left, so that missing rows are tried on
// both sides (Chen & Guestrin 2016, algorithm 3). Ties as XGBoost breaks them: the first candidate in its order of looking.

import { columnHistogram } from "./gradient-boosting-histograms.as";
import {
  alpha,
  BIN,
  binCounts,
  block,
  CATEGORICAL,
  CATEGORY_BITS,
  COLUMN,
  candidate,
  columnMasks,
  columns,
  controlAddress,
  countRows,
  DEFAULT_LEFT,
  kinds,
  LEFT_SUM,
  LOSS_CHANGE,
  LOWER,
  lambda,
  maxCategoryThreshold,
  maxDeltaStep,
  minChildWeight,
  minDataInLeaf,
  missingFlags,
  monotone,
  node,
  plainGain,
  SCALES,
  SEARCH,
  SUM,
  scratchOf,
  thread,
  UPPER,
} from "./gradient-boosting-memory.as";

/** What is searched at the moment: node, candidate, column and the sum over the node's rows. */
let from: usize = 0;
let found: usize = 0;
let column: i32 = 0;
let sum: v128 = i32x4.splat(0);
/** Second derivatives, in quanta, that a side needs. */
let least: f64 = 0;

/** Behind the tables and stages of a thread's scratch: the order of categories. */
const ORDER: usize = 57344;

// @inline
function secondOf(sum: v128): f64 {
  return f64x2.extract_lane(sum, 0) / load<f64>(controlAddress + SCALES);
}

// @inline
function firstOf(sum: v128): f64 {
  return f64x2.extract_lane(sum, 1) / load<f64>(controlAddress + SCALES, 8);
}

// @inline
function threshold(first: f64): f64 {
  return first > alpha ? first - alpha : first < -alpha ? first + alpha : 0;
}

/** What a leaf with this sum of derivatives says, before the learning rate; equation 5 of the paper, with alpha, the largest step and bounds. */
export function leafWeight(sum: v128, bounds: usize): f64 {
  const second = secondOf(sum);
  if (second < minChildWeight || second <= 0) return 0;
  let weight = -threshold(firstOf(sum)) / (second + lambda);
  if (maxDeltaStep !== 0 && abs(weight) > maxDeltaStep) weight = copysign(maxDeltaStep, weight);
  return max(load<f64>(bounds + LOWER), min(load<f64>(bounds + UPPER), weight));
}

/** Twice the loss that a leaf saves. */
export function leafGain(sum: v128, bounds: usize): f64 {
  const second = secondOf(sum);
  if (second <= 0) return 0;
  const first = threshold(firstOf(sum));
  if (plainGain || (maxDeltaStep === 0 && monotone === 0)) return (first * first) / (second + lambda);
  const weight = leafWeight(sum, bounds);
  // XGBoost leaves alpha's own share out here, and so do we, to grow the same trees.
  return -(2 * firstOf(sum) * weight + (second + lambda) * weight * weight);
}

function splitGain(left: v128, right: v128): f64 {
  const direction = monotone === 0 ? 0 : load<i32>(monotone + ((<usize>column) << 2));
  if (direction !== 0) {
    const difference = leafWeight(right, from) - leafWeight(left, from);
    if (<f64>direction * difference < 0) return -Infinity;
  }
  return leafGain(left, from) + leafGain(right, from);
}

// @inline
function isHeavyEnough(left: v128, right: v128): bool {
  return f64x2.extract_lane(left, 0) >= least && f64x2.extract_lane(right, 0) >= least;
}

// @inline
function keep(gain: f64, left: v128): void {
  store<f64>(found + LOSS_CHANGE, gain);
  store<i32>(found + COLUMN, column);
  v128.store(found + LEFT_SUM, left);
}

// @inline
function keepNumber(bin: i32, isDefaultLeft: i32): void {
  store<i32>(found + BIN, bin);
  store<i32>(found + DEFAULT_LEFT, isDefaultLeft);
  store<i32>(found + CATEGORICAL, 0);
}

/** g²/(h + λ) of both sides at once; sums and gain in quanta, whose scales are powers of two. */
// @inline
function plainGainOf(left: v128, right: v128, lambdas: v128): f64 {
  const first = v128.shuffle<i64>(left, right, 1, 3);
  const second = v128.shuffle<i64>(left, right, 0, 2);
  const shares = f64x2.div(f64x2.mul(first, first), f64x2.add(second, lambdas));
  return f64x2.extract_lane(shares, 0) + f64x2.extract_lane(shares, 1);
}

/**
 * From one end of the bins to the other, which gather on one side; missing values are on the other. `step` is −16 for the way from the last bin to the
 * first, on which missing values go left.
 */
// @inline
function scanPlain(histogram: usize, bins: i32, step: isize): void {
  const total = sum;
  const secondScale = load<f64>(controlAddress + SCALES);
  const firstScale = load<f64>(controlAddress + SCALES, 8);
  const unit = (firstScale * firstScale) / secondScale;
  const lightest = least;
  const most = f64x2.extract_lane(total, 0) - lightest;
  const lambdas = f64x2.splat(lambda * secondScale);
  let best = load<f64>(found + LOSS_CHANGE) * unit;
  let gathered = f64x2.splat(0);
  const begin = step > 0 ? histogram : histogram + ((<usize>(bins - 1)) << 4);
  const end = begin + <usize>(<isize>bins * step);
  for (let place = begin; place !== end; place += <usize>step) {
    gathered = f64x2.add(gathered, v128.load(place));
    const second = f64x2.extract_lane(gathered, 0);
    if (second < lightest) continue;
    if (second > most) break;
    const others = f64x2.sub(total, gathered);
    const gain = plainGainOf(gathered, others, lambdas);
    if (gain > best) {
      best = gain;
      keep(gain / unit, step > 0 ? gathered : others);
      const bin = <i32>(<isize>(place - histogram) >> 4);
      keepNumber(step > 0 ? bin : bin - 1, i32(step < 0));
    }
  }
}

/** The same with every regularisation. */
function scanRegularised(histogram: usize, bins: i32, step: i32): void {
  let gathered = f64x2.splat(0);
  const end = step > 0 ? bins : -1;
  for (let bin = step > 0 ? 0 : bins - 1; bin !== end; bin += step) {
    gathered = f64x2.add(gathered, v128.load(histogram + ((<usize>bin) << 4)));
    const others = f64x2.sub(sum, gathered);
    if (!isHeavyEnough(gathered, others)) continue;
    const left = step > 0 ? gathered : others;
    const gain = splitGain(left, step > 0 ? others : gathered);
    if (gain > load<f64>(found + LOSS_CHANGE)) {
      keep(gain, left);
      keepNumber(step > 0 ? bin : bin - 1, i32(step < 0));
    }
  }
}

function scanNumbers(histogram: usize, bins: i32): void {
  let hasMissing = false;
  if (load<i32>(missingFlags + ((<usize>column) << 2)) !== 0) {
    hasMissing = v128.any_true(v128.load(histogram + ((<usize>bins) << 4)));
  }
  // With everything present on the left, only missing values are on the right.
  const forward = hasMissing ? bins : bins - 1;
  if (plainGain) {
    scanPlain(histogram, forward, 16);
    if (hasMissing) scanPlain(histogram, bins, -16);
  } else {
    scanRegularised(histogram, forward, 1);
    if (hasMissing) scanRegularised(histogram, bins, -1);
  }
}

// @inline
function sendRight(bin: i32): void {
  const word = found + CATEGORY_BITS + ((<usize>(bin >> 5)) << 2);
  store<u32>(word, load<u32>(word) | ((<u32>1) << (bin & 31)));
}

/** Keeps the split that sends these categories right when it is better; the caller writes down which ones they are. */
function tryCategories(right: v128, isDefaultLeft: i32): bool {
  const left = f64x2.sub(sum, right);
  if (!isHeavyEnough(left, right)) return false;
  const gain = splitGain(left, right);
  if (!(gain > load<f64>(found + LOSS_CHANGE))) return false;
  keep(gain, left);
  store<i32>(found + DEFAULT_LEFT, isDefaultLeft);
  store<i32>(found + CATEGORICAL, 1);
  memory.fill(found + CATEGORY_BITS, 0, 32);
  return true;
}

/** One category against all others; missing values with the others, then with it. */
function scanOneCategory(histogram: usize, bins: i32): void {
  const hasMissing = load<i32>(missingFlags + ((<usize>column) << 2)) !== 0;
  const missing = hasMissing ? v128.load(histogram + ((<usize>bins) << 4)) : f64x2.splat(0);
  for (let bin = 0; bin < bins; bin++) {
    const right = v128.load(histogram + ((<usize>bin) << 4));
    if (tryCategories(right, 1)) sendRight(bin);
    if (hasMissing && tryCategories(f64x2.add(right, missing), 0)) sendRight(bin);
  }
}

/** Bins in the order of what they would say as leaves (Fisher 1958), too light ones as 0; stable. */
function sortCategories(histogram: usize, bins: i32, order: usize): void {
  const scores = order + 256;
  for (let bin = 0; bin < bins; bin++) {
    const derivatives = v128.load(histogram + ((<usize>bin) << 4));
    const score = leafWeight(derivatives, from);
    let place = bin;
    for (; place > 0 && load<f64>(scores + ((<usize>(place - 1)) << 3)) > score; place--) {
      store<f64>(scores + ((<usize>place) << 3), load<f64>(scores + ((<usize>(place - 1)) << 3)));
      store<u8>(order + <usize>place, load<u8>(order + <usize>(place - 1)));
    }
    store<f64>(scores + ((<usize>place) << 3), score);
    store<u8>(order + <usize>place, bin);
  }
}

/** The categories with the smallest scores go right; missing values left, then right. */
function scanSortedCategories(histogram: usize, bins: i32): void {
  const order = scratchOf(thread) + ORDER;
  sortCategories(histogram, bins, order);
  const tried = min(bins, maxCategoryThreshold);
  let right = f64x2.splat(0);
  for (let place = 0; place < tried - 1; place++) {
    right = f64x2.add(right, v128.load(histogram + ((<usize>load<u8>(order + <usize>place)) << 4)));
    if (!tryCategories(right, 1)) continue;
    for (let sent = 0; sent <= place; sent++) sendRight(load<u8>(order + <usize>sent));
  }
  let left = f64x2.splat(0);
  for (let place = bins - 1; place > bins - tried; place--) {
    left = f64x2.add(left, v128.load(histogram + ((<usize>load<u8>(order + <usize>place)) << 4)));
    if (!tryCategories(f64x2.sub(sum, left), 0)) continue;
    for (let sent = 0; sent < place; sent++) sendRight(load<u8>(order + <usize>sent));
  }
}

/** Looks for a better split of a node in one block of columns than this thread has found so far. */
export function search(index: i32, slot: i32, blockIndex: i32): void {
  from = node(index);
  const place = load<i32>(from + SEARCH);
  found = candidate(place, thread);
  sum = v128.load(from + SUM);
  least = minChildWeight * load<f64>(controlAddress + SCALES);
  if (minDataInLeaf > 0) {
    const second = f64x2.extract_lane(sum, 0);
    least = max(least, (minDataInLeaf / <f64>countRows(index)) * second);
  }
  const mask = columnMasks + <usize>place * <usize>columns;
  const first = load<i32>(block(blockIndex));
  for (column = first; column < first + load<i32>(block(blockIndex), 4); column++) {
    if (load<u8>(mask + <usize>column) === 0) continue;
    const histogram = columnHistogram(slot, column);
    const bins = load<i32>(binCounts + ((<usize>column) << 2));
    const kind = load<i32>(kinds + ((<usize>column) << 2));
    if (kind === 0) scanNumbers(histogram, bins);
    else if (kind === 1) scanOneCategory(histogram, bins);
    else scanSortedCategories(histogram, bins);
  }
}
