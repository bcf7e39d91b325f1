import type { DenseRows } from "@rondo/kernels";
import { DataError } from "../algorithm.ts";
import type { Matrix } from "./matrix.ts";
import type { Table } from "./table.ts";

/** Beyond it the squares of a row's differences leave float32. */
export const LARGEST_SQUARED = 1e17;

/**
 * For algorithms that need every number: throws DataError for a table without rows or columns, and for a number that is missing,
 * infinite or larger than `largest`, naming its row and column (from 1).
 */
export function requireCompleteRows(
  { features, names }: Pick<Table, "features" | "names">,
  algorithm: string,
  largest = Number.MAX_VALUE,
): void {
  requireRows(features, algorithm);
  const { values } = features;
  for (let entry = 0; entry < values.length; entry++) {
    if (Math.abs(values[entry]) <= largest) continue;
    const { row, column } = placeOf(features, entry);
    const called = names?.[column] === undefined ? "" : ` (${names[column]})`;
    if (Number.isFinite(values[entry])) {
      throw new DataError(
        `Row ${row + 1}, column ${column + 1}${called} is ${values[entry]}; ${algorithm} takes numbers up to ${largest}. Scale the column.`,
      );
    }
    const what = Number.isNaN(values[entry]) ? "is missing" : "is infinite";
    throw new DataError(
      `Row ${row + 1}, column ${column + 1}${called} ${what}; ${algorithm} needs every number. Fill it in or leave the row out.`,
    );
  }
}

/** As `requireCompleteRows` before it looks at the numbers: for algorithms whose results tell whether one is missing. */
export function requireRows(features: Matrix, algorithm: string): void {
  const { rows, columns, values } = features;
  if (rows === 0) throw new DataError("There are no rows to learn from.");
  if (columns === 0) throw new DataError("The rows have no columns to learn from.");
  if (features.kind === "sparse" && features.absent === "missing" && values.length < rows * columns) {
    throw new DataError(`What is not written in the rows is missing; ${algorithm} needs every number.`);
  }
}

function placeOf(features: Matrix, entry: number): { readonly row: number; readonly column: number } {
  if (features.kind === "dense") {
    return { row: Math.floor(entry / features.columns), column: entry % features.columns };
  }
  const next = features.rowStarts.findIndex((start) => start > entry);
  return { row: next - 1, column: features.columnIndexes[entry] };
}

/** Throws DataError when rows to predict have another number of columns than the model was trained with. */
export function requireColumns({ columns }: Matrix, expected: number): void {
  if (columns !== expected) {
    throw new DataError(`The rows have ${columns} columns; the model was trained with ${expected}.`);
  }
}

/** The rows `from` … `to` with every number written, row after row; what is absent is 0. */
export function completeRows(matrix: Matrix, from = 0, to = matrix.rows): DenseRows {
  const { columns } = matrix;
  if (matrix.kind === "dense") {
    return { rows: to - from, columns, values: matrix.values.subarray(from * columns, to * columns) };
  }
  const values = new Float32Array((to - from) * columns);
  writeRows(matrix, from, to, values);
  return { rows: to - from, columns, values };
}

/** Writes the rows `from` … `to` to the start of `target`, row after row; `target` is zero where it was not written to. */
export function writeRows(matrix: Matrix, from: number, to: number, target: Float32Array): void {
  const { columns } = matrix;
  if (matrix.kind === "dense") {
    target.set(matrix.values.subarray(from * columns, to * columns));
    return;
  }
  for (let row = from; row < to; row++) {
    const start = (row - from) * columns;
    for (let entry = matrix.rowStarts[row]; entry < matrix.rowStarts[row + 1]; entry++) {
      target[start + matrix.columnIndexes[entry]] = matrix.values[entry];
    }
  }
}
