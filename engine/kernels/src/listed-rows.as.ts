// Sums over rows of float32 whose addresses are given as a list: SIMD over blocks of 16 floats and a rest in blocks of 4.
// `bytes` of a row are a multiple of 16.
import { horizontalSum } from "./lanes.as";

/* oxlint-disable max-params -- a kernel's functions take addresses and sizes, not objects */

/** mean = the mean of the rows listed from `from` to `to`. */
export function average(mean: usize, from: usize, to: usize, bytes: usize): void {
  const factor = f32x4.splat(1 / <f32>(<i32>((to - from) >> 2)));
  let block: usize = 0;
  for (; block + 64 <= bytes; block += 64) {
    let a = f32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    for (let next = from; next < to; next += 4) {
      const row: usize = <usize>load<u32>(next) + block;
      a = f32x4.add(a, v128.load(row));
      b = f32x4.add(b, v128.load(row, 16));
      c = f32x4.add(c, v128.load(row, 32));
      d = f32x4.add(d, v128.load(row, 48));
    }
    v128.store(mean + block, f32x4.mul(a, factor));
    v128.store(mean + block, f32x4.mul(b, factor), 16);
    v128.store(mean + block, f32x4.mul(c, factor), 32);
    v128.store(mean + block, f32x4.mul(d, factor), 48);
  }
  for (; block < bytes; block += 16) {
    let a = f32x4.splat(0);
    for (let next = from; next < to; next += 4) {
      a = f32x4.add(a, v128.load(<usize>load<u32>(next) + block));
    }
    v128.store(mean + block, f32x4.mul(a, factor));
  }
}

/** Adds `change` to each of the rows listed from `from` to `to`. */
export function scatter(change: usize, from: usize, to: usize, bytes: usize): void {
  let block: usize = 0;
  for (; block + 64 <= bytes; block += 64) {
    const a = v128.load(change + block);
    const b = v128.load(change + block, 16);
    const c = v128.load(change + block, 32);
    const d = v128.load(change + block, 48);
    for (let next = from; next < to; next += 4) {
      const row: usize = <usize>load<u32>(next) + block;
      v128.store(row, f32x4.add(v128.load(row), a));
      v128.store(row, f32x4.add(v128.load(row, 16), b), 16);
      v128.store(row, f32x4.add(v128.load(row, 32), c), 32);
      v128.store(row, f32x4.add(v128.load(row, 48), d), 48);
    }
  }
  for (; block < bytes; block += 16) {
    const a = v128.load(change + block);
    for (let next = from; next < to; next += 4) {
      const row: usize = <usize>load<u32>(next) + block;
      v128.store(row, f32x4.add(v128.load(row), a));
    }
  }
}

/** The rests go to the first four of the 16 sums. */
export function dot(left: usize, right: usize, bytes: usize): f32 {
  let a = f32x4.splat(0);
  let b = a;
  let c = a;
  let d = a;
  let block: usize = 0;
  for (; block + 64 <= bytes; block += 64) {
    a = f32x4.add(a, f32x4.mul(v128.load(left + block), v128.load(right + block)));
    b = f32x4.add(b, f32x4.mul(v128.load(left + block, 16), v128.load(right + block, 16)));
    c = f32x4.add(c, f32x4.mul(v128.load(left + block, 32), v128.load(right + block, 32)));
    d = f32x4.add(d, f32x4.mul(v128.load(left + block, 48), v128.load(right + block, 48)));
  }
  for (; block < bytes; block += 16) {
    a = f32x4.add(a, f32x4.mul(v128.load(left + block), v128.load(right + block)));
  }
  a = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
  return horizontalSum(a);
}

/** row += the sum of the rows listed from `from` to `to`, each times its factor; factors are `step` bytes apart. */
export function combine(row: usize, from: usize, to: usize, factor: usize, step: usize, bytes: usize): void {
  let block: usize = 0;
  for (; block + 64 <= bytes; block += 64) {
    let a = v128.load(row + block);
    let b = v128.load(row + block, 16);
    let c = v128.load(row + block, 32);
    let d = v128.load(row + block, 48);
    for (let next = from, at = factor; next < to; next += 4, at += step) {
      const times = v128.load32_splat(at);
      const other: usize = <usize>load<u32>(next) + block;
      a = f32x4.add(a, f32x4.mul(times, v128.load(other)));
      b = f32x4.add(b, f32x4.mul(times, v128.load(other, 16)));
      c = f32x4.add(c, f32x4.mul(times, v128.load(other, 32)));
      d = f32x4.add(d, f32x4.mul(times, v128.load(other, 48)));
    }
    v128.store(row + block, a);
    v128.store(row + block, b, 16);
    v128.store(row + block, c, 32);
    v128.store(row + block, d, 48);
  }
  for (; block < bytes; block += 16) {
    let a = v128.load(row + block);
    for (let next = from, at = factor; next < to; next += 4, at += step) {
      a = f32x4.add(a, f32x4.mul(v128.load32_splat(at), v128.load(<usize>load<u32>(next) + block)));
    }
    v128.store(row + block, a);
  }
}
