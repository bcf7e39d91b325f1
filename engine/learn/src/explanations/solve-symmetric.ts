/** Added to a pivot that is zero: columns that no coalition tells apart then share their value. */
const RIDGE = 1e-10;

/**
 * Solves A x = b for a symmetric positive (semi-)definite A of `size` rows by LDLᵀ (Golub and Van Loan, "Matrix Computations", algorithm 4.1.2). Of A, row-major, the lower
 * triangle is read and overwritten at once; the function that is returned takes time for b alone, which becomes x and is returned.
 */
export function factorSymmetric(matrix: Float64Array, size: number): (right: Float64Array) => Float64Array {
  const at = (row: number, column: number): number => matrix[row * size + column] ?? 0;
  for (let column = 0; column < size; column += 1) {
    let pivot = at(column, column);
    for (let k = 0; k < column; k += 1) pivot -= at(column, k) ** 2 * at(k, k);
    if (pivot < RIDGE) pivot += RIDGE;
    matrix[column * size + column] = pivot;
    for (let row = column + 1; row < size; row += 1) {
      let sum = at(row, column);
      for (let k = 0; k < column; k += 1) sum -= at(row, k) * at(column, k) * at(k, k);
      matrix[row * size + column] = sum / pivot;
    }
  }
  return (right) => {
    for (let row = 0; row < size; row += 1) {
      for (let k = 0; k < row; k += 1) right[row] = (right[row] ?? 0) - at(row, k) * (right[k] ?? 0);
    }
    for (let row = 0; row < size; row += 1) right[row] = (right[row] ?? 0) / at(row, row);
    for (let row = size - 1; row >= 0; row -= 1) {
      for (let k = row + 1; k < size; k += 1) right[row] = (right[row] ?? 0) - at(k, row) * (right[k] ?? 0);
    }
    return right;
  };
}
