import type { Matrix } from "../../table/matrix.ts";

/** A matrix column by column: of column i the entries `starts[i]` to `starts[i + 1]`, rows ascending; missing values and zeros are left out. */
export interface ColumnEntries {
  readonly starts: Float64Array;
  readonly rows: Uint32Array;
  readonly values: Float32Array;
}

export function columnEntries(matrix: Matrix): ColumnEntries {
  const starts = new Float64Array(matrix.columns + 1);
  visitEntries(matrix, (_, column) => {
    starts[column + 1] += 1;
  });
  for (let column = 0; column < matrix.columns; column += 1) starts[column + 1] += starts[column];
  const next = starts.slice();
  const rows = new Uint32Array(starts[matrix.columns]);
  const values = new Float32Array(rows.length);
  visitEntries(matrix, (row, column, value) => {
    rows[next[column]] = row;
    values[next[column]] = value;
    next[column] += 1;
  });
  return { starts, rows, values };
}

function visitEntries(matrix: Matrix, visit: (row: number, column: number, value: number) => void): void {
  const { columns, values } = matrix;
  for (let row = 0; row < matrix.rows; row += 1) {
    const start = matrix.kind === "dense" ? row * columns : matrix.rowStarts[row];
    const end = matrix.kind === "dense" ? start + columns : matrix.rowStarts[row + 1];
    for (let entry = start; entry < end; entry += 1) {
      const value = values[entry];
      if (value === 0 || Number.isNaN(value)) continue;
      visit(row, matrix.kind === "dense" ? entry - start : matrix.columnIndexes[entry], value);
    }
  }
}
