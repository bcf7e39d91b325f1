// Cholesky's decomposition of a positive definite matrix, stride × stride, and what it is for: solving.
import { float, horizontalSum } from "./lanes.as";

/** The sum of products of the first `length` entries. */
function dotPart(a: usize, b: usize, length: i32): f32 {
  let lanes = f32x4.splat(0);
  let index = 0;
  for (; index + 4 <= length; index += 4) {
    lanes = f32x4.add(lanes, f32x4.mul(v128.load(a), v128.load(b)));
    a += 16;
    b += 16;
  }
  let sum = horizontalSum(lanes);
  for (; index < length; index++) {
    sum += load<f32>(a) * load<f32>(b);
    a += 4;
    b += 4;
  }
  return sum;
}

/** The lower half of a positive definite matrix becomes its Cholesky factor. */
export function factorise(system: usize, stride: i32): void {
  const rowBytes: usize = (<usize>stride) << 2;
  for (let i = 0; i < stride; i++) {
    const row = system + <usize>i * rowBytes;
    for (let j = 0; j <= i; j++) {
      const other = system + <usize>j * rowBytes;
      const rest = float(row, j) - dotPart(row, other, j);
      store<f32>(row + ((<usize>j) << 2), j === i ? sqrt<f32>(max<f32>(rest, 1e-12)) : rest / float(other, j));
    }
  }
}

/** Solves L Lᵀ x = right in place. */
export function substitute(system: usize, right: usize, stride: i32): void {
  const rowBytes: usize = (<usize>stride) << 2;
  for (let i = 0; i < stride; i++) {
    const row = system + <usize>i * rowBytes;
    store<f32>(right + ((<usize>i) << 2), (float(right, i) - dotPart(row, right, i)) / float(row, i));
  }
  for (let i = stride - 1; i >= 0; i--) {
    const row = system + <usize>i * rowBytes;
    const x = float(right, i) / float(row, i);
    for (let j = 0; j < i; j++) {
      store<f32>(right + ((<usize>j) << 2), float(right, j) - x * float(row, j));
    }
    store<f32>(right + ((<usize>i) << 2), x);
  }
}
