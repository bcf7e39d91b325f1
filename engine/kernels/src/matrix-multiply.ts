/** Numbers that the kernels keep side by side: results come in multiples of it. */
export const PANEL = 8;
/** Products that are summed in float32 before their sum is added to the result. */
const RUN = 256;

/** How many panels of 8 hold so many rows or columns. */
export function panelsOf(count: number): number {
  return Math.ceil(count / PANEL);
}

/** A dense matrix, row after row. */
export interface DenseRows {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

/** Rows in panels of 8, side by side: [panel][column][8 rows]; rows that do not exist are `filler`. */
export function packRows({ rows, columns, values }: DenseRows, filler = 0): Float32Array {
  const packed = new Float32Array(panelsOf(rows) * PANEL * columns);
  if (filler !== 0) packed.fill(filler);
  for (let row = 0; row < rows; row++) {
    const start = Math.floor(row / PANEL) * PANEL * columns + (row % PANEL);
    for (let column = 0; column < columns; column++) {
      packed[start + column * PANEL] = values[row * columns + column];
    }
  }
  return packed;
}

/** A · Bᵀ in float32: `a.rows` rows of `b.rows` numbers. The scalar reference of the kernel's function of this name. */
export function multiplyTransposed(a: DenseRows, b: DenseRows): Float32Array {
  const result = new Float32Array(a.rows * b.rows);
  for (let row = 0; row < a.rows; row++) {
    for (let other = 0; other < b.rows; other++) {
      for (let start = 0; start < a.columns; start += RUN) {
        let sum = 0;
        for (let column = start; column < Math.min(start + RUN, a.columns); column++) {
          const product = Math.fround(a.values[row * a.columns + column] * b.values[other * a.columns + column]);
          sum = Math.fround(sum + product);
        }
        result[row * b.rows + other] += sum;
      }
    }
  }
  return result;
}

/**
 * (A − shift)ᵀ · (B − shift): `a.columns` rows of `b.columns` numbers, float32 sums of 256 rows added up in float64. The scalar
 * reference of the kernel's `packColumns` and `accumulateProduct`.
 */
export function multiplyColumns(a: DenseRows, b: DenseRows, shift?: Float32Array): Float64Array {
  const result = new Float64Array(a.columns * b.columns);
  const centred = ({ columns, values }: DenseRows, row: number, column: number): number =>
    Math.fround(values[row * columns + column] - (shift?.[column] ?? 0));
  for (let left = 0; left < a.columns; left++) {
    for (let right = 0; right < b.columns; right++) {
      for (let start = 0; start < a.rows; start += RUN) {
        let sum = 0;
        for (let row = start; row < Math.min(start + RUN, a.rows); row++) {
          sum = Math.fround(sum + Math.fround(centred(a, row, left) * centred(b, row, right)));
        }
        result[left * b.columns + right] += sum;
      }
    }
  }
  return result;
}

/** Of the columns less their shift, float32 sums of 256 rows added up in float64: the scalar reference of the kernel's `sumPanels`. */
export function sumColumns({ rows, columns, values }: DenseRows, shift?: Float32Array): Float64Array {
  return Float64Array.from({ length: columns }, (_, column) => {
    let total = 0;
    for (let start = 0; start < rows; start += RUN) {
      let sum = 0;
      for (let row = start; row < Math.min(start + RUN, rows); row++) {
        sum = Math.fround(sum + Math.fround(values[row * columns + column] - (shift?.[column] ?? 0)));
      }
      total += sum;
    }
    return total;
  });
}
