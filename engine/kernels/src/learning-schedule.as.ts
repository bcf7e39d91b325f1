// How far all threads are and by which rate a line is learned: the rate falls linearly to 0 with the tokens done.

/* oxlint-disable prefer-const -- the host sets these globals of its instance before the first call */
export let learningRate: f32 = 0;
export let totalTokens: f64 = 0;
export let updateRate: i32 = 0;
/** Address of two int64: tokens done by all threads, and the number at which they stop. */
export let control: usize = 0;
let pendingTokens: i32 = 0;

export function isTargetReached(): bool {
  return atomic.load<i64>(control) >= atomic.load<i64>(control, 8);
}

export function currentRate(): f32 {
  return learningRate * (1 - <f32>(<f64>atomic.load<i64>(control) / totalTokens));
}

/** Counts tokens as done; the other threads hear of them once there are more than `updateRate`. */
export function countTokens(tokens: i32): void {
  pendingTokens += tokens;
  if (pendingTokens <= updateRate) return;
  atomic.add<i64>(control, <i64>pendingTokens);
  pendingTokens = 0;
}
