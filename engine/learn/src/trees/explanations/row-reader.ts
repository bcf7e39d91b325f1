import type { Matrix } from "../../table/matrix.ts";

/** A function that gives a row's values, NaN where one is missing; the array is used again for the next row. */
export function createRowReader(matrix: Matrix): (row: number) => Float32Array {
  const { columns } = matrix;
  if (matrix.kind === "dense") return (row) => matrix.values.subarray(row * columns, (row + 1) * columns);
  const { rowStarts, columnIndexes, values } = matrix;
  const absent = matrix.absent === "missing" ? Number.NaN : 0;
  const buffer = new Float32Array(columns).fill(absent);
  let [start, end] = [0, 0];
  return (row) => {
    for (let entry = start; entry < end; entry += 1) buffer[columnIndexes[entry]] = absent;
    start = rowStarts[row];
    end = rowStarts[row + 1];
    for (let entry = start; entry < end; entry += 1) buffer[columnIndexes[entry]] = values[entry];
    return buffer;
  };
}
