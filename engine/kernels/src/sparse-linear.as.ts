// Linear classifiers over sparse rows by dual coordinate descent, one problem per instance at a time: L2-regularised
// L2-loss SVM (Hsieh et al. 2008, algorithm 3 with shrinking) and logistic regression (Yu, Huang, Lin 2011), as in
// liblinear. Each feature j has a scale s_j: the problem is solved over the rows x_ij √s_j, without ever writing those
// down, since a step on row i changes the weight of the unscaled feature by d x_ij s_j. Scales carry naive-Bayes
// log-count ratios (Wang & Manning 2012). The scalar reference beside it, sparse-linear.ts, says the same in plain words;
// sparse-linear-layout.ts says what lies where.
//
// Work is done in slices: `advance` goes on from where the last call ended.

/* oxlint-disable max-params -- the host hands over addresses and numbers */
/* oxlint-disable prefer-const -- set by attach and begin */
import {
  attachRows,
  bias,
  biasScale,
  dot,
  indexes,
  move,
  openMatrix,
  pairs,
  rowStart,
  rows,
  signOf,
  values,
} from "./sparse-linear-rows.as";
import {
  attachRatios,
  count,
  interpolate,
  interpolation,
  isPhaseDone,
  mixScales,
  naiveBayes,
  openScales,
  spread,
} from "./sparse-linear-scales.as";

const COUNT = 0;
const SPREAD = 1;
const DIAGONAL = 2;
const SOLVE = 3;
const SCORE = 4;
const DONE = 5;
const SVM = 0;

let alphas: usize = 0;
let order: usize = 0;
let diagonals: usize = 0;
let scores: usize = 0;
/** Two doubles: the bias and the number of passes. */
let outcome: usize = 0;

let loss: i32 = 0;
let positiveCost: f64 = 1;
let negativeCost: f64 = 1;
let tolerance: f64 = 0.1;
let maximumIterations: i32 = 1000;
let randomState: u32 = 1;

/** How far it has come. */
let phase: i32 = DONE;
let position: i32 = 0;
let members: i32 = 0;
let active: i32 = 0;
let highestBefore: f64 = 0;
let highest: f64 = 0;
let lowest: f64 = 0;
let newtonSteps: i32 = 0;
let innerTolerance: f64 = 0;

let iteration: i32 = 0;

/** Gives this instance its arrays. */
export function attach(
  rowCount: i32,
  pairsAt: usize,
  ratiosAt: usize,
  signsAt: usize,
  alphasAt: usize,
  orderAt: usize,
  diagonalsAt: usize,
  scoresAt: usize,
  outcomeAt: usize,
): void {
  attachRows(rowCount, pairsAt, signsAt);
  attachRatios(ratiosAt);
  alphas = alphasAt;
  order = orderAt;
  diagonals = diagonalsAt;
  scores = scoresAt;
  outcome = outcomeAt;
  phase = DONE;
}

/** Starts a problem over the first features of one matrix; with 0 for `isWanted` everything stays as it is. */
export function beginIf(
  isWanted: i32,
  featureCount: i32,
  rowStartsAt: usize,
  indexesAt: usize,
  valuesAt: usize,
  scalesAt: usize,
  lossKind: i32,
  costOfPositive: f64,
  costOfNegative: f64,
  naiveBayesShare: f64,
  interpolationShare: f64,
  stopTolerance: f64,
  iterationLimit: i32,
  scaleOfBias: f64,
  seed: u32,
): void {
  if (isWanted === 0) return;
  openMatrix(featureCount, rowStartsAt, indexesAt, valuesAt, scaleOfBias);
  openScales(scalesAt, naiveBayesShare, interpolationShare);
  loss = lossKind;
  positiveCost = costOfPositive;
  negativeCost = costOfNegative;
  tolerance = stopTolerance;
  maximumIterations = iterationLimit;
  randomState = seed;
  iteration = 0;
  position = 0;
  members = 0;
  if (naiveBayes > 0) {
    phase = COUNT;
  } else {
    mixScales();
    phase = DIAGONAL;
  }
}

/** Works through about so many matrix entries; 1 when the problem is solved and its left-out rows are scored. */
export function advance(budget: f64): i32 {
  let left: i64 = <i64>budget;
  while (left > 0 && phase !== DONE) {
    if (phase === COUNT) {
      left -= count(left);
      if (isPhaseDone()) phase = SPREAD;
    } else if (phase === SPREAD) {
      left -= spread(left);
      if (isPhaseDone()) phase = DIAGONAL;
    } else if (phase === DIAGONAL) left -= prepareRows(left);
    else if (phase === SOLVE) left -= loss === SVM ? solveSvm(left) : solveLogistic(left);
    else left -= score(left);
  }
  return phase === DONE ? 1 : 0;
}

/** Ends the descent where it is; the next `advance` calls only finish what follows it. */
export function curtail(): void {
  maximumIterations = min(maximumIterations, iteration + 1);
}

/** Squared lengths of the scaled rows, the rows' order, and where the duals start. */
function prepareRows(budget: i64): i64 {
  let work: i64 = 0;
  for (; position < rows && work < budget; position++) {
    const sign = signOf(position);
    if (sign === 0) continue;
    const end = rowStart(position + 1);
    const start = rowStart(position);
    let sum: f32 = 0;
    for (let at = start; at < end; at += 4) {
      const value = load<f32>(values + at);
      sum += value * value * load<f32>(pairs + ((<usize>load<u32>(indexes + at)) << 3), 4);
    }
    store<f64>(diagonals + ((<usize>position) << 3), <f64>sum + biasScale);
    store<i32>(order + ((<usize>members) << 2), position);
    members++;
    const dual = alphas + ((<usize>position) << 4);
    if (loss === SVM) {
      store<f64>(dual, 0);
    } else {
      const cost = sign > 0 ? positiveCost : negativeCost;
      const first = min(0.001 * cost, 1e-8);
      store<f64>(dual, first);
      store<f64>(dual, cost - first, 8);
      move(start, end, first * <f64>sign);
    }
    work += ((end - start) >> 2) + 1;
  }
  if (position === rows) {
    active = members;
    highestBefore = Infinity;
    innerTolerance = 0.01;
    phase = SOLVE;
    startPass();
    if (members === 0) finishSolving();
  }
  return work;
}

/** xorshift32 (Marsaglia 2003). */
function nextRandom(): u32 {
  randomState ^= randomState << 13;
  randomState ^= randomState >> 17;
  randomState ^= randomState << 5;
  return randomState;
}

function startPass(): void {
  position = 0;
  highest = -Infinity;
  lowest = Infinity;
  newtonSteps = 0;
  for (let index = 0; index < active; index++) swap(index, index + <i32>(nextRandom() % <u32>(active - index)));
}

function swap(one: i32, other: i32): void {
  const left = order + ((<usize>one) << 2);
  const right = order + ((<usize>other) << 2);
  const row = load<i32>(left);
  store<i32>(left, load<i32>(right));
  store<i32>(right, row);
}

function solveSvm(budget: i64): i64 {
  let work: i64 = 0;
  while (position < active && work < budget) {
    const row = load<i32>(order + ((<usize>position) << 2));
    const sign: f64 = <f64>signOf(row);
    const softness = 0.5 / (sign > 0 ? positiveCost : negativeCost);
    const dual = alphas + ((<usize>row) << 4);
    const alpha = load<f64>(dual);
    const end = rowStart(row + 1);
    const start = rowStart(row);
    const gradient = sign * dot(start, end) - 1 + alpha * softness;
    work += ((end - start) >> 2) + 1;
    if (alpha === 0 && gradient > highestBefore) {
      active--;
      swap(position, active);
      continue;
    }
    position++;
    const projected = alpha === 0 && gradient > 0 ? 0 : gradient;
    highest = max(highest, projected);
    lowest = min(lowest, projected);
    if (Math.abs(projected) <= 1e-12) continue;
    const moved = max(alpha - gradient / (load<f64>(diagonals + ((<usize>row) << 3)) + softness), 0);
    store<f64>(dual, moved);
    move(start, end, (moved - alpha) * sign);
    work += (end - start) >> 2;
  }
  if (position === active) endSvmPass();
  return work;
}

function endSvmPass(): void {
  iteration++;
  const isNear = highest - lowest <= tolerance;
  if (iteration >= maximumIterations || (isNear && active === members)) {
    finishSolving();
    return;
  }
  if (isNear) {
    active = members;
    highestBefore = Infinity;
  } else {
    highestBefore = highest <= 0 ? Infinity : highest;
  }
  startPass();
}

function solveLogistic(budget: i64): i64 {
  let work: i64 = 0;
  for (; position < members && work < budget; position++) {
    const row = load<i32>(order + ((<usize>position) << 2));
    const sign: f64 = <f64>signOf(row);
    const cost = sign > 0 ? positiveCost : negativeCost;
    const dual = alphas + ((<usize>row) << 4);
    const end = rowStart(row + 1);
    const start = rowStart(row);
    const slope = sign * dot(start, end);
    work += ((end - start) >> 2) + 1;
    const curvature = load<f64>(diagonals + ((<usize>row) << 3));
    // Of the two duals, which sum to the cost, the one that will be the smaller is computed, to lose no digits.
    const isFirst = 0.5 * curvature * (load<f64>(dual, 8) - load<f64>(dual)) + slope >= 0;
    const direction: f64 = isFirst ? 1 : -1;
    const before = isFirst ? load<f64>(dual) : load<f64>(dual, 8);
    let after = cost - before < 0.5 * cost ? 0.1 * before : before;
    let gradient = curvature * (after - before) + direction * slope + Math.log(after / (cost - after));
    highest = max(highest, Math.abs(gradient));
    let steps = 0;
    while (steps < 100 && Math.abs(gradient) >= innerTolerance) {
      const next = after - gradient / (curvature + cost / (cost - after) / after);
      after = next <= 0 ? after * 0.1 : next;
      gradient = curvature * (after - before) + direction * slope + Math.log(after / (cost - after));
      steps++;
    }
    newtonSteps += steps;
    // A logarithm takes as long as some ten entries.
    work += (steps + 1) << 4;
    if (steps === 0) continue;
    store<f64>(dual, isFirst ? after : cost - after);
    store<f64>(dual, isFirst ? cost - after : after, 8);
    move(start, end, direction * (after - before) * sign);
    work += (end - start) >> 2;
  }
  if (position === members) endLogisticPass();
  return work;
}

function endLogisticPass(): void {
  iteration++;
  if (highest < tolerance || iteration >= maximumIterations) {
    finishSolving();
    return;
  }
  if (newtonSteps <= members / 10) innerTolerance = max(min(1e-8, tolerance), 0.1 * innerTolerance);
  startPass();
}

function finishSolving(): void {
  if (naiveBayes > 0 && interpolation < 1) interpolate();
  store<f64>(outcome, bias);
  store<f64>(outcome, <f64>iteration, 8);
  position = 0;
  phase = SCORE;
}

/** Scores the rows that were left out. */
function score(budget: i64): i64 {
  let work: i64 = 0;
  for (; position < rows && work < budget; position++) {
    if (signOf(position) !== 0) continue;
    const end = rowStart(position + 1);
    const start = rowStart(position);
    store<f32>(scores + ((<usize>position) << 2), <f32>dot(start, end));
    work += ((end - start) >> 2) + 1;
  }
  if (position === rows) phase = DONE;
  return work;
}
