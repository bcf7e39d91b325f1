import { type SparseRows, transposeRows } from "./sparse-rows.ts";

/** A regression of every column of a sparse matrix of ones on all others. */
export interface ColumnRegression {
  readonly rows: SparseRows;
  /** Added to the diagonal of the gram matrix; above 0. */
  readonly penalty: number;
  /** Weights that each row keeps, the largest without sign. */
  readonly count: number;
}

/**
 * The weights with which columns predict each other, zero on the diagonal: −P_ij ÷ P_jj where P is the inverse of XᵀX + penalty (Steck, "Embarrassingly
 * shallow autoencoders for sparse data", 2019, equation 8). In row i what column i says of others, the largest first. The
 * scalar reference of `regressColumns`, in float64.
 */
export function regressColumnsScalar({ rows, penalty, count }: ColumnRegression): SparseRows {
  const size = rows.columns;
  const inverse = invertSymmetric(gramOf(rows, penalty), size);
  const starts = new Uint32Array(size + 1);
  const columnIndexes: number[] = [];
  const values: number[] = [];
  for (let row = 0; row < size; row += 1) {
    const weights = Array.from({ length: size }, (_, column) => ({
      column,
      weight: -inverse[row * size + column] / inverse[column * size + column],
    })).filter(({ column }) => column !== row);
    weights.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight) || a.column - b.column);
    for (const { column, weight } of weights.slice(0, count)) {
      columnIndexes.push(column);
      values.push(weight);
    }
    starts[row + 1] = values.length;
  }
  const kept = { columnIndexes: Uint32Array.from(columnIndexes), values: Float32Array.from(values) };
  return { rows: size, columns: size, starts, ...kept };
}

function gramOf(rows: SparseRows, penalty: number): Float64Array {
  const size = rows.columns;
  const columns = transposeRows(rows);
  const gram = new Float64Array(size * size);
  for (let column = 0; column < size; column += 1) {
    gram[column * size + column] = penalty;
    for (let entry = columns.starts[column]; entry < columns.starts[column + 1]; entry += 1) {
      const row = columns.columnIndexes[entry];
      for (let other = rows.starts[row]; other < rows.starts[row + 1]; other += 1) {
        gram[column * size + rows.columnIndexes[other]] += 1;
      }
    }
  }
  return gram;
}

/** The inverse of a positive definite matrix by Gauss and Jordan without pivoting, in place. */
export function invertSymmetric(matrix: Float64Array, size: number): Float64Array {
  for (let pivot = 0; pivot < size; pivot += 1) {
    const factor = 1 / matrix[pivot * size + pivot];
    matrix[pivot * size + pivot] = 1;
    for (let column = 0; column < size; column += 1) matrix[pivot * size + column] *= factor;
    for (let row = 0; row < size; row += 1) {
      if (row === pivot) continue;
      const share = matrix[row * size + pivot];
      matrix[row * size + pivot] = 0;
      for (let column = 0; column < size; column += 1) {
        matrix[row * size + column] -= share * matrix[pivot * size + column];
      }
    }
  }
  return matrix;
}
