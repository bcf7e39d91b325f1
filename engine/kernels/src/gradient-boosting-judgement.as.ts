// How far margins are from the labels of a table: sums of losses over blocks of rows that do not depend on the threads, so that their sum does not either.
import { exp4, log1p4 } from "./exponential.as";
import { LOGISTIC, SOFTMAX } from "./gradient-boosting-gradients.as";
import { threads } from "./gradient-boosting-memory.as";

/* oxlint-disable prefer-const -- each thread's host sets these globals of its instance before a call */
/** The table that is judged: margins and labels as those of the training rows, weights 0 where there are none. */
export let judgedRows: i32 = 0;
export let judgedStride: i32 = 0;
export let judgedOutputs: i32 = 1;
export let judgedMargins: usize = 0;
export let judgedLabels: usize = 0;
export let judgedWeights: usize = 0;
/** One double for each block. */
export let judgements: usize = 0;
/* oxlint-enable prefer-const */

const BLOCK: i32 = 4096;
/** −log 1e-16: XGBoost lets no probability be less. */
const MOST: f32 = 36.841362;

function logLosses(at: usize): v128 {
  const zero = f32x4.splat(0);
  const margin = v128.load(judgedMargins + at);
  const rest = log1p4(exp4(f32x4.neg(f32x4.abs(margin))));
  return f32x4.add(f32x4.sub(f32x4.max(margin, zero), f32x4.mul(v128.load(judgedLabels + at), margin)), rest);
}

function logarithmOf(sum: f32): f32 {
  return Mathf.log(sum);
}

function crossEntropies(at: usize): v128 {
  const stride = (<usize>judgedStride) << 2;
  const first = judgedMargins + at;
  const end = first + stride * <usize>judgedOutputs;
  const label = v128.load(judgedLabels + at);
  let largest = v128.load(first);
  for (let place = first + stride; place < end; place += stride) largest = f32x4.pmax(largest, v128.load(place));
  let sum = f32x4.splat(0);
  let own = sum;
  for (let place = first, output: f32 = 0; place < end; place += stride, output += 1) {
    const margin = v128.load(place);
    sum = f32x4.add(sum, exp4(f32x4.sub(margin, largest)));
    own = v128.bitselect(margin, own, f32x4.eq(label, f32x4.splat(output)));
  }
  const logarithm = f32x4(
    logarithmOf(f32x4.extract_lane(sum, 0)),
    logarithmOf(f32x4.extract_lane(sum, 1)),
    logarithmOf(f32x4.extract_lane(sum, 2)),
    logarithmOf(f32x4.extract_lane(sum, 3)),
  );
  return f32x4.add(f32x4.sub(largest, own), logarithm);
}

function squares(at: usize): v128 {
  const difference = f32x4.sub(v128.load(judgedMargins + at), v128.load(judgedLabels + at));
  return f32x4.mul(difference, difference);
}

/** The losses of four rows, 0 for those behind the last one. */
function weightedLosses(row: i32, loss: i32): v128 {
  const at = (<usize>row) << 2;
  let losses: v128;
  if (loss === LOGISTIC) losses = f32x4.min(logLosses(at), f32x4.splat(MOST));
  else if (loss === SOFTMAX) losses = f32x4.min(crossEntropies(at), f32x4.splat(MOST));
  else losses = squares(at);
  if (judgedWeights !== 0) losses = f32x4.mul(losses, v128.load(judgedWeights + at));
  return v128.and(losses, i32x4.lt_s(i32x4.add(i32x4.splat(row), i32x4(0, 1, 2, 3)), i32x4.splat(judgedRows)));
}

/** Sums of weighted losses of every `threads`-th block: log-loss, squares, or the cross-entropy of classes. */
export function judge(thread: i32, loss: i32): void {
  for (let block = thread; block * BLOCK < judgedRows; block += threads) {
    let low = f64x2.splat(0);
    let high = low;
    for (let row = block * BLOCK, end = min(row + BLOCK, judgedRows); row < end; row += 4) {
      const losses = weightedLosses(row, loss);
      low = f64x2.add(low, f64x2.promote_low_f32x4(losses));
      high = f64x2.add(
        high,
        f64x2.promote_low_f32x4(i8x16.shuffle(losses, losses, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7)),
      );
    }
    const sums = f64x2.add(low, high);
    store<f64>(judgements + ((<usize>block) << 3), f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1));
  }
}
