/** A sparse matrix, row after row: of row i the entries `starts[i]` to `starts[i + 1]`, no column twice. */
export interface SparseRows {
  readonly rows: number;
  readonly columns: number;
  /** rows + 1 entries. */
  readonly starts: Uint32Array;
  readonly columnIndexes: Uint32Array;
  /** Absent: every entry is 1. */
  readonly values?: Float32Array;
}

/** The same entries, column after column; of each column the rows ascend. */
export function transposeRows({ rows, columns, starts, columnIndexes, values }: SparseRows): SparseRows {
  const transposedStarts = new Uint32Array(columns + 1);
  for (const column of columnIndexes) transposedStarts[column + 1] = (transposedStarts[column + 1] ?? 0) + 1;
  for (let column = 0; column < columns; column += 1) transposedStarts[column + 1] += transposedStarts[column];
  const next = transposedStarts.slice();
  const rowIndexes = new Uint32Array(columnIndexes.length);
  const transposedValues = values && new Float32Array(values.length);
  for (let row = 0; row < rows; row += 1) {
    for (let entry = starts[row]; entry < starts[row + 1]; entry += 1) {
      const place = next[columnIndexes[entry]]++;
      rowIndexes[place] = row;
      if (values !== undefined && transposedValues !== undefined) transposedValues[place] = values[entry];
    }
  }
  const transposed = { rows: columns, columns: rows, starts: transposedStarts, columnIndexes: rowIndexes };
  return transposedValues === undefined ? transposed : { ...transposed, values: transposedValues };
}
