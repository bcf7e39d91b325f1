import type { DataError } from "../algorithm.ts";
import { grow, reserve } from "./grow.ts";
import type { SparseMatrix } from "./matrix.ts";

/** Column numbers are 32 bit numbers, and the number of columns as well. */
export const LARGEST_COLUMN = 2 ** 32 - 2;

/** A sparse matrix while it is read. */
export interface SparseRows {
  readonly rows: number;
  /** One more than the largest column so far. */
  readonly columns: number;
  /** An entry of the row that is read, in any order. */
  add(column: number, value: number): void;
  /** Throws what `failure` makes of the text when a column came twice. */
  endRow(failure: (text: string) => DataError): void;
  /** Forgets the entries of the row that is read. */
  abandonRow(): void;
  /** `columns` at least as large as the largest column. */
  finish(absent: SparseMatrix["absent"], columns?: number): SparseMatrix;
}

/** `entries` and `rows` are guesses for which memory is reserved. */
export function createSparseRows(reserved: { readonly entries: number; readonly rows: number }): SparseRows {
  let rowStarts = grow(new Float64Array(0), 0, reserved.rows + 1);
  let columnIndexes = reserve(new Uint32Array(0), reserved.entries);
  let values = reserve(new Float32Array(0), reserved.entries);
  let rows = 0;
  let columns = 0;
  let rowStart = 0;
  let entries = 0;
  let isAscending = true;
  return {
    get rows() {
      return rows;
    },
    get columns() {
      return columns;
    },
    add(column, value) {
      if (entries === values.length || entries === columnIndexes.length) {
        columnIndexes = grow(columnIndexes, entries, Math.max(1024, entries * 2));
        values = grow(values, entries, Math.max(1024, entries * 2));
      }
      if (entries > rowStart && column <= columnIndexes[entries - 1]) isAscending = false;
      columnIndexes[entries] = column;
      values[entries] = value;
      entries += 1;
      if (column >= columns) columns = column + 1;
    },
    endRow(failure) {
      if (!isAscending) sortRow(columnIndexes.subarray(rowStart, entries), values.subarray(rowStart, entries), failure);
      rows += 1;
      rowStarts = grow(rowStarts, rows, rows + 1);
      rowStarts[rows] = entries;
      rowStart = entries;
      isAscending = true;
    },
    abandonRow() {
      entries = rowStart;
      isAscending = true;
    },
    finish: (absent, given = columns) => ({
      kind: "sparse",
      rows,
      columns: given,
      rowStarts: rowStarts.subarray(0, rows + 1),
      columnIndexes: columnIndexes.subarray(0, entries),
      values: values.subarray(0, entries),
      absent,
    }),
  };
}

function sortRow(columns: Uint32Array, values: Float32Array, failure: (text: string) => DataError): void {
  const order = Array.from(columns, (column, place) => ({ column, value: values[place] }));
  order.sort((a, b) => a.column - b.column);
  for (const [place, { column, value }] of order.entries()) {
    if (place > 0 && columns[place - 1] === column) throw failure(`column ${column} is there twice.`);
    columns[place] = column;
    values[place] = value;
  }
}
