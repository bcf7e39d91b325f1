/** Rows of numbers. The arrays may lie in shared memory, so that threads read them without a copy. */
export type Matrix = DenseMatrix | SparseMatrix;

export interface DenseMatrix {
  readonly kind: "dense";
  readonly rows: number;
  readonly columns: number;
  /** Row after row; NaN is a missing value. */
  readonly values: Float32Array;
}

/** Compressed sparse rows: of row i the entries `rowStarts[i]` to `rowStarts[i + 1]`, columns ascending, each at most once. */
export interface SparseMatrix {
  readonly kind: "sparse";
  readonly rows: number;
  readonly columns: number;
  /** rows + 1 entries. Float64 counts exactly beyond 2³². */
  readonly rowStarts: Float64Array;
  readonly columnIndexes: Uint32Array;
  readonly values: Float32Array;
  /** What is not written: a zero, or as libsvm files are read for boosting, a missing value. */
  readonly absent: "zero" | "missing";
}

/** A zeroed array in shared memory. */
export function sharedFloats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
}

/** A dense matrix over rows of equal length; for tests and small inputs. Throws RangeError when they are not. */
export function denseMatrix(rows: readonly (readonly number[])[], columns: number = rows[0]?.length ?? 0): DenseMatrix {
  const values = sharedFloats(rows.length * columns);
  for (const [index, row] of rows.entries()) {
    if (row.length !== columns) throw new RangeError(`row ${index} has ${row.length} values, not ${columns}`);
    values.set(row, index * columns);
  }
  return { kind: "dense", rows: rows.length, columns, values };
}

/** The same numbers with every entry written; what is absent becomes 0 or NaN. */
export function toDense(matrix: Matrix): DenseMatrix {
  if (matrix.kind === "dense") return matrix;
  const { rows, columns, rowStarts, columnIndexes, absent } = matrix;
  const values = sharedFloats(rows * columns);
  if (absent === "missing") values.fill(Number.NaN);
  for (let row = 0; row < rows; row += 1) {
    const end = rowStarts[row + 1] ?? 0;
    for (let entry = rowStarts[row] ?? 0; entry < end; entry += 1) {
      values[row * columns + (columnIndexes[entry] ?? 0)] = matrix.values[entry] ?? 0;
    }
  }
  return { kind: "dense", rows, columns, values };
}

/** The rows from `from` up to `to`, over the same memory where that is possible. */
export function sliceRows(matrix: Matrix, from: number, to: number): Matrix {
  const rows = to - from;
  if (matrix.kind === "dense") {
    const { columns, values } = matrix;
    return { kind: "dense", rows, columns, values: values.subarray(from * columns, to * columns) };
  }
  const first = matrix.rowStarts[from] ?? 0;
  const last = matrix.rowStarts[to] ?? first;
  return {
    ...matrix,
    rows,
    rowStarts: matrix.rowStarts.slice(from, to + 1).map((start) => start - first),
    columnIndexes: matrix.columnIndexes.subarray(first, last),
    values: matrix.values.subarray(first, last),
  };
}
