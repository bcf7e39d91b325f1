import type { DenseRows } from "./matrix-multiply.ts";

/**
 * The distance of a row of `a` to a row of `b` in float32, summed over the columns in their order: the scalar reference of the
 * kernels' tiles. `negative-product` is the inner product with its sign changed, so that the nearest are the smallest.
 */
export function distance(
  measure: "squared-euclidean" | "negative-product",
  a: DenseRows,
  row: number,
  [b, other]: readonly [DenseRows, number],
): number {
  let sum = 0;
  for (let column = 0; column < a.columns; column++) {
    const left = a.values[row * a.columns + column];
    const right = b.values[other * a.columns + column];
    if (measure === "negative-product") {
      sum = Math.fround(sum - Math.fround(left * right));
    } else {
      const difference = Math.fround(left - right);
      sum = Math.fround(sum + Math.fround(difference * difference));
    }
  }
  return sum;
}
