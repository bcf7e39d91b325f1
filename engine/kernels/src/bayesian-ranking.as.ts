// Bayesian personalised ranking by stochastic gradient ascent, one draw after the other (Rendle et al. 2009). The draws follow
// from a seed, and one thread makes them all, so that the result is the same everywhere. The scalar reference is
// bayesian-ranking.ts.
import { exp4 } from "./exponential.as";
import { horizontalSum, word } from "./lanes.as";

/* oxlint-disable prefer-const -- the host sets these globals before the first call */
/** Floats of a row of factors, a multiple of 4. */
export let stride: i32 = 0;
export let items: i32 = 0;
export let userFactors: usize = 0;
export let itemFactors: usize = 0;
/** What an item is worth to anybody. */
export let biases: usize = 0;
/** The pairs that occur: of each its user; of each user the items, ascending. */
export let pairs: i32 = 0;
export let pairUsers: usize = 0;
export let starts: usize = 0;
export let pairItems: usize = 0;
export let learningRate: f32 = 0;
export let regularization: f32 = 0;
export let randomState: u32 = 0;

/** A number from 0 up to `limit`: mulberry32. */
function draw(limit: i32): i32 {
  randomState += 0x6d2b79f5;
  let mixed: u32 = (randomState ^ (randomState >> 15)) * (randomState | 1);
  mixed ^= mixed + (mixed ^ (mixed >> 7)) * (mixed | 61);
  return <i32>((<u64>(mixed ^ (mixed >> 14)) * <u64>limit) >> 32);
}

function knows(user: i32, item: i32): bool {
  let low = word(starts, user);
  let high = word(starts, user + 1);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (word(pairItems, middle) < item) low = middle + 1;
    else high = middle;
  }
  return low < word(starts, user + 1) && word(pairItems, low) === item;
}

function difference(user: usize, better: usize, worse: usize): f32 {
  let lanes = f32x4.splat(0);
  for (let lane: usize = 0, bytes: usize = (<usize>stride) << 2; lane < bytes; lane += 16) {
    const preferred = f32x4.sub(v128.load(better + lane), v128.load(worse + lane));
    lanes = f32x4.add(lanes, f32x4.mul(v128.load(user + lane), preferred));
  }
  return horizontalSum(lanes);
}

/** Draws so many pairs and for each an item that the user does not know; returns how many were put in the right order before. */
export function learn(draws: i32): i32 {
  const rowBytes: usize = (<usize>stride) << 2;
  let right = 0;
  for (let index = 0; index < draws; index++) {
    const pair = draw(pairs);
    const user = word(pairUsers, pair);
    const better = word(pairItems, pair);
    const worse = draw(items);
    if (knows(user, worse)) continue;
    const betterBias = biases + ((<usize>better) << 2);
    const worseBias = biases + ((<usize>worse) << 2);
    const userRow = userFactors + <usize>user * rowBytes;
    const betterRow = itemFactors + <usize>better * rowBytes;
    const worseRow = itemFactors + <usize>worse * rowBytes;
    const score = load<f32>(betterBias) - load<f32>(worseBias) + difference(userRow, betterRow, worseRow);
    if (score > 0) right++;
    const gradient: f32 = 1 / (1 + f32x4.extract_lane(exp4(f32x4.splat(score)), 0));
    store<f32>(betterBias, step(load<f32>(betterBias), gradient));
    store<f32>(worseBias, step(load<f32>(worseBias), -gradient));
    update(userRow, betterRow, worseRow, gradient);
  }
  return right;
}

function step(value: f32, gradient: f32): f32 {
  return value + learningRate * (gradient - regularization * value);
}

/* oxlint-disable-next-line max-params -- addresses of three rows */
function update(user: usize, better: usize, worse: usize, gradient: f32): void {
  const rate = f32x4.splat(learningRate);
  const pull = f32x4.splat(gradient);
  const decay = f32x4.splat(regularization);
  for (let lane: usize = 0, bytes: usize = (<usize>stride) << 2; lane < bytes; lane += 16) {
    const u = v128.load(user + lane);
    const i = v128.load(better + lane);
    const j = v128.load(worse + lane);
    const towards = f32x4.sub(f32x4.mul(pull, f32x4.sub(i, j)), f32x4.mul(decay, u));
    const pulled = f32x4.mul(pull, u);
    v128.store(user + lane, f32x4.add(u, f32x4.mul(rate, towards)));
    v128.store(better + lane, f32x4.add(i, f32x4.mul(rate, f32x4.sub(pulled, f32x4.mul(decay, i)))));
    v128.store(worse + lane, f32x4.sub(j, f32x4.mul(rate, f32x4.add(pulled, f32x4.mul(decay, j)))));
  }
}
