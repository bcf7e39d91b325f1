// minstd_rand of the C++ library and the numbers that libstdc++ draws with it: fastText's randomness, so that the same
// seed gives the same model. The scalar reference is minstd-rand.ts.

/* oxlint-disable max-params -- a kernel's functions take addresses and sizes, not objects */
/* oxlint-disable prefer-const -- the host sets the state */
export let randomState: u32 = 1;

/** Different states: 1 … 2147483646. */
const STATES: f64 = 2147483646.0;

/** x ← 48271 x mod 2³¹ − 1. */
function step(): u32 {
  const product: u64 = <u64>randomState * 48271;
  const folded: u64 = (product & 0x7fffffff) + (product >> 31);
  randomState = <u32>(folded >= 0x7fffffff ? folded - 0x7fffffff : folded);
  return randomState;
}

/** Uniform in [0, 1): std::uniform_real_distribution<double>. */
export function unit(): f64 {
  const low: f64 = <f64>(step() - 1);
  return (low + <f64>(step() - 1) * STATES) / (STATES * STATES);
}

/** 0 … count − 1: std::uniform_int_distribution. */
export function below(count: u32): u32 {
  const scale: u32 = 2147483645 / count;
  return scaledBelow(scale, scale * count);
}

/** The same for a count whose scale is known: a division less. */
export function scaledBelow(scale: u32, limit: u32): u32 {
  let draw: u32;
  do {
    draw = step() - 1;
  } while (draw >= limit);
  return draw / scale;
}

/** Fills padded rows with numbers of (−bound, bound): elements `from` … `to` of the matrix, counted without padding. */
export function fillRows(matrix: usize, stride: i32, dim: i32, from: f64, to: f64, bound: f64): void {
  const row: i64 = <i64>from / dim;
  let column: i32 = <i32>(<i64>from - row * dim);
  let address: usize = matrix + <usize>row * ((<usize>stride) << 2) + ((<usize>column) << 2);
  for (let index: i64 = <i64>from, end: i64 = <i64>to; index < end; index++) {
    store<f32>(address, <f32>(unit() * (bound + bound) - bound));
    address += 4;
    if (++column === dim) {
      column = 0;
      address += (<usize>(stride - dim)) << 2;
    }
  }
}
