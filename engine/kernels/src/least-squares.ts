import type { SparseRows } from "./sparse-rows.ts";
import { invertSymmetric } from "./symmetric-inverse.ts";

/** Factors of users and items, and what connects them. */
export interface FactorProblem {
  /** users × items; the value of a pair is its confidence above that of the pairs that do not occur, which have 1. */
  readonly byUser: SparseRows & { readonly values: Float32Array };
  readonly factors: number;
  /** Added to the diagonal of each user's and each item's system. */
  readonly userPenalties: Float32Array;
  readonly itemPenalties: Float32Array;
  /** `conjugate-gradient`: so many steps from where the factors stand. `cholesky`: exactly. */
  readonly solver: "conjugate-gradient" | "cholesky";
  readonly steps: number;
}

/** Rows of `stride` floats, of which the first `factors` are used and the others are zero. */
export interface FactorRows {
  readonly rows: number;
  readonly stride: number;
  readonly values: Float32Array;
}

/** Floats of a row of so many factors. */
export function strideOf(factors: number): number {
  return Math.ceil(factors / 8) * 8;
}

/**
 * The factors of one row for which the weighted squared error is least, in float64: (YᵀY + λ + Σ c y yᵀ) x = Σ (1 + c) y, Hu,
 * Koren and Volinsky, "Collaborative filtering for implicit feedback datasets" (2008), equation 4. The scalar reference of
 * the kernel.
 */
export function solveRowScalar(
  { stride, values, rows }: FactorRows,
  connections: { readonly columns: Uint32Array; readonly confidences: Float32Array },
  penalty: number,
): Float64Array {
  const system = new Float64Array(stride * stride);
  const right = new Float64Array(stride);
  for (let row = 0; row < rows; row += 1) addProduct(system, values.subarray(row * stride, row * stride + stride), 1);
  for (const [index, column] of connections.columns.entries()) {
    const other = values.subarray(column * stride, column * stride + stride);
    addProduct(system, other, connections.confidences[index]);
    for (let i = 0; i < stride; i += 1) right[i] += (1 + connections.confidences[index]) * other[i];
  }
  for (let i = 0; i < stride; i += 1) system[i * stride + i] += system[i * stride + i] === 0 ? 1 : penalty;
  const inverse = invertSymmetric(system, stride);
  return right.map((_, i) => right.reduce((sum, value, j) => sum + inverse[i * stride + j] * value, 0));
}

function addProduct(system: Float64Array, vector: Float32Array, factor: number): void {
  for (let i = 0; i < vector.length; i += 1) {
    for (let j = 0; j < vector.length; j += 1) system[i * vector.length + j] += factor * vector[i] * vector[j];
  }
}
