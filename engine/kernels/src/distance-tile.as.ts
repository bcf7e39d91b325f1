// Distances between 4 rows and a panel of 8 others, which stay in registers: what K-Means and nearest neighbours share.
// Each distance is summed over the columns in their order, so that it is the same wherever its pair meets.

/* oxlint-disable max-params -- a kernel's functions take addresses and sizes, not objects */

/**
 * Writes [4 rows][8 others] to `result`: squared Euclidean distances, from differences (no cancellation as in |x|² − 2xy + |y|²),
 * or with `products` inner products with their sign changed, so that the nearest are again the smallest.
 */
export function measureTile(
  x0: usize,
  x1: usize,
  x2: usize,
  x3: usize,
  panel: usize,
  columns: i32,
  products: i32,
  result: usize,
): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  const end: usize = (<usize>columns) << 2;
  for (let offset: usize = 0; products !== 0 && offset < end; offset += 4) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    let value = v128.load32_splat(x0 + offset);
    c00 = f32x4.sub(c00, f32x4.mul(value, b0));
    c01 = f32x4.sub(c01, f32x4.mul(value, b1));
    value = v128.load32_splat(x1 + offset);
    c10 = f32x4.sub(c10, f32x4.mul(value, b0));
    c11 = f32x4.sub(c11, f32x4.mul(value, b1));
    value = v128.load32_splat(x2 + offset);
    c20 = f32x4.sub(c20, f32x4.mul(value, b0));
    c21 = f32x4.sub(c21, f32x4.mul(value, b1));
    value = v128.load32_splat(x3 + offset);
    c30 = f32x4.sub(c30, f32x4.mul(value, b0));
    c31 = f32x4.sub(c31, f32x4.mul(value, b1));
    panel += 32;
  }
  for (let offset: usize = 0; products === 0 && offset < end; offset += 4) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    let value = v128.load32_splat(x0 + offset);
    c00 = addSquare(c00, f32x4.sub(value, b0));
    c01 = addSquare(c01, f32x4.sub(value, b1));
    value = v128.load32_splat(x1 + offset);
    c10 = addSquare(c10, f32x4.sub(value, b0));
    c11 = addSquare(c11, f32x4.sub(value, b1));
    value = v128.load32_splat(x2 + offset);
    c20 = addSquare(c20, f32x4.sub(value, b0));
    c21 = addSquare(c21, f32x4.sub(value, b1));
    value = v128.load32_splat(x3 + offset);
    c30 = addSquare(c30, f32x4.sub(value, b0));
    c31 = addSquare(c31, f32x4.sub(value, b1));
    panel += 32;
  }
  v128.store(result, c00);
  v128.store(result, c01, 16);
  v128.store(result, c10, 32);
  v128.store(result, c11, 48);
  v128.store(result, c20, 64);
  v128.store(result, c21, 80);
  v128.store(result, c30, 96);
  v128.store(result, c31, 112);
}

function addSquare(sum: v128, difference: v128): v128 {
  return f32x4.add(sum, f32x4.mul(difference, difference));
}
