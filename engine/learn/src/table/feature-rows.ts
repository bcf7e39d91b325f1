import type { DataError } from "../algorithm.ts";
import { grow, reserve } from "./grow.ts";
import type { Matrix, SparseMatrix } from "./matrix.ts";
import { createSparseRows, LARGEST_COLUMN, type SparseRows } from "./sparse-rows.ts";
import { LARGEST_FLOAT, MAXIMUM_COLUMNS } from "./table-options.ts";

/** A row as formats of records have it: its values alone, or with the columns in which they are. */
export interface FeatureRow {
  readonly values: ArrayLike<number>;
  /** Absent: the values fill the row. */
  readonly columns?: ArrayLike<number>;
  /** How many columns a row with `columns` has, where that is known. */
  readonly width?: number;
}

/** The features of a table while they are read; the first row decides whether they are dense or sparse. */
export interface FeatureRows {
  readonly rows: number;
  /** Throws what `failure` makes of the text for another number or kind of columns, and for a value that is infinite in 32 bits. */
  add(row: FeatureRow, failure: (text: string) => DataError): void;
  finish(absent: SparseMatrix["absent"]): Matrix;
}

/** `reserved` is a guess for how many values memory is reserved. */
export function createFeatureRows(columns: number | undefined, reserved: number): FeatureRows {
  let sparse: SparseRows | undefined;
  let width = columns;
  let rows = 0;
  let values = new Float32Array(0);

  function addDense(row: ArrayLike<number>, failure: (text: string) => DataError): void {
    if (row.length === 0 || row.length > MAXIMUM_COLUMNS || row.length !== (width ?? row.length)) {
      throw failure(`there are ${row.length} values, not ${width ?? `1 to ${MAXIMUM_COLUMNS}`}.`);
    }
    if (rows === 0) values = reserve(values, reserved);
    width = row.length;
    const start = rows * width;
    values = grow(values, start, start + width);
    for (let column = 0; column < width; column += 1) {
      const value = row[column];
      if (Math.abs(value) > LARGEST_FLOAT) throw failure(`value ${column + 1}, ${value}, is no number of 32 bits.`);
      values[start + column] = value;
    }
  }

  function addSparse(row: FeatureRow, rowColumns: ArrayLike<number>, failure: (text: string) => DataError): void {
    if (rowColumns.length !== row.values.length) {
      throw failure(`there are ${rowColumns.length} keys for ${row.values.length} values.`);
    }
    if (columns !== undefined && row.width !== undefined && row.width !== columns) {
      throw failure(`the row has ${row.width} columns, not ${columns}.`);
    }
    if (row.width !== undefined && !(row.width >= 1 && row.width <= LARGEST_COLUMN + 1)) {
      throw failure(`the row has ${row.width} columns; 1 to ${LARGEST_COLUMN + 1} are possible.`);
    }
    sparse ??= createSparseRows({ entries: reserved, rows: 0 });
    const limit = row.width ?? columns ?? LARGEST_COLUMN + 1;
    for (let entry = 0; entry < rowColumns.length; entry += 1) {
      const column = rowColumns[entry];
      const value = row.values[entry];
      if (!(column >= 0 && column < limit && Number.isInteger(column))) {
        throw failure(`there is no column ${column}; the columns are 0 to ${limit - 1}.`);
      }
      if (Math.abs(value) > LARGEST_FLOAT)
        throw failure(`the value ${value} of column ${column} is no number of 32 bits.`);
      sparse.add(column, value);
    }
    width = Math.max(width ?? 0, row.width ?? 0);
    sparse.endRow(failure);
  }

  return {
    get rows() {
      return rows;
    },
    add(row, failure) {
      const isSparse = row.columns !== undefined;
      if (rows > 0 && isSparse !== (sparse !== undefined)) {
        throw failure(`a ${isSparse ? "sparse row after dense" : "dense row after sparse"} ones.`);
      }
      if (row.columns === undefined) addDense(row.values, failure);
      else addSparse(row, row.columns, failure);
      rows += 1;
    },
    finish: (absent) =>
      sparse === undefined
        ? { kind: "dense", rows, columns: width ?? 0, values: values.subarray(0, rows * (width ?? 0)) }
        : sparse.finish(absent, Math.max(width ?? 0, sparse.columns)),
  };
}
