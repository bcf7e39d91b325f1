import { DataError } from "../algorithm.ts";
import { type Matrix, type SparseMatrix, sharedFloats } from "./matrix.ts";
import type { Table } from "./table.ts";

/** A table of some rows, in the order in which they are named; groups are numbered anew without gaps. */
export function selectRows(table: Table, rows: Uint32Array): Table {
  const floats = (values: Float32Array): Float32Array => {
    const selected = sharedFloats(rows.length);
    for (const [index, row] of rows.entries()) selected[index] = values[row];
    return selected;
  };
  const { labels, weights, groups, bounds, features, ...rest } = table;
  return {
    ...rest,
    features: selectMatrixRows(features, rows),
    ...(labels === undefined ? {} : { labels: floats(labels) }),
    ...(weights === undefined ? {} : { weights: floats(weights) }),
    ...(groups === undefined ? {} : { groups: renumber(rows.map((row) => groups[row])) }),
    ...(bounds === undefined ? {} : { bounds: { lower: floats(bounds.lower), upper: floats(bounds.upper) } }),
  };
}

/** One table of the rows of both. Throws DataError when one of them has what the other has not, such as weights, or other columns. */
export function appendRows(first: Table, second: Table): Table {
  const floats = (name: "labels" | "weights"): Float32Array | undefined => append(name, first[name], second[name]);
  const labels = floats("labels");
  const weights = floats("weights");
  const bounds =
    first.bounds === undefined && second.bounds === undefined
      ? undefined
      : {
          lower: append("bounds", first.bounds?.lower, second.bounds?.lower) as Float32Array,
          upper: append("bounds", first.bounds?.upper, second.bounds?.upper) as Float32Array,
        };
  if ((first.groups === undefined) !== (second.groups === undefined)) throw unlike("groups");
  const offset = (first.groups?.at(-1) ?? -1) + 1;
  const groups =
    first.groups &&
    appendGroups(
      first.groups,
      (second.groups ?? new Uint32Array()).map((group) => group + offset),
    );
  const { labels: _labels, weights: _weights, groups: _groups, bounds: _bounds, ...rest } = first;
  return {
    ...rest,
    features: appendMatrices(first.features, second.features),
    ...(labels === undefined ? {} : { labels }),
    ...(weights === undefined ? {} : { weights }),
    ...(groups === undefined ? {} : { groups }),
    ...(bounds === undefined ? {} : { bounds }),
  };
}

function selectMatrixRows(matrix: Matrix, rows: Uint32Array): Matrix {
  const { columns } = matrix;
  if (matrix.kind === "dense") {
    const values = sharedFloats(rows.length * columns);
    for (const [index, row] of rows.entries()) {
      values.set(matrix.values.subarray(row * columns, (row + 1) * columns), index * columns);
    }
    return { kind: "dense", rows: rows.length, columns, values };
  }
  const rowStarts = new Float64Array(new SharedArrayBuffer((rows.length + 1) * 8));
  for (const [index, row] of rows.entries()) {
    rowStarts[index + 1] = rowStarts[index] + matrix.rowStarts[row + 1] - matrix.rowStarts[row];
  }
  const entries = rowStarts[rows.length];
  const columnIndexes = new Uint32Array(new SharedArrayBuffer(entries * 4));
  const values = sharedFloats(entries);
  for (const [index, row] of rows.entries()) {
    const [start, end] = [matrix.rowStarts[row], matrix.rowStarts[row + 1]];
    columnIndexes.set(matrix.columnIndexes.subarray(start, end), rowStarts[index]);
    values.set(matrix.values.subarray(start, end), rowStarts[index]);
  }
  return { ...matrix, rows: rows.length, rowStarts, columnIndexes, values };
}

function appendMatrices(first: Matrix, second: Matrix): Matrix {
  const rows = first.rows + second.rows;
  const { columns } = first;
  if (second.columns !== columns)
    throw new DataError(`The tables have ${columns} and ${second.columns} columns; they must have equally many.`);
  const values = sharedFloats(first.values.length + second.values.length);
  values.set(first.values);
  values.set(second.values, first.values.length);
  if (first.kind === "dense" && second.kind === "dense") return { kind: "dense", rows, columns, values };
  if (first.kind === "dense" || second.kind === "dense" || first.absent !== second.absent)
    throw unlike("the same kind of rows");
  return { ...first, rows, values, ...appendStructure(first, second) };
}

function appendStructure(first: SparseMatrix, second: SparseMatrix): Pick<SparseMatrix, "rowStarts" | "columnIndexes"> {
  const rowStarts = new Float64Array(new SharedArrayBuffer((first.rows + second.rows + 1) * 8));
  const columnIndexes = new Uint32Array(new SharedArrayBuffer((first.values.length + second.values.length) * 4));
  rowStarts.set(first.rowStarts);
  rowStarts.set(
    second.rowStarts.map((start) => start + first.values.length),
    first.rows,
  );
  columnIndexes.set(first.columnIndexes.subarray(0, first.values.length));
  columnIndexes.set(second.columnIndexes.subarray(0, second.values.length), first.values.length);
  return { rowStarts, columnIndexes };
}

function append(
  name: string,
  first: Float32Array | undefined,
  second: Float32Array | undefined,
): Float32Array | undefined {
  if (first === undefined && second === undefined) return undefined;
  if (first === undefined || second === undefined) throw unlike(name);
  const values = sharedFloats(first.length + second.length);
  values.set(first);
  values.set(second, first.length);
  return values;
}

function unlike(name: string): DataError {
  return new DataError(`Both tables must have ${name}, or none of them.`);
}

function renumber(groups: Uint32Array): Uint32Array {
  let number = -1;
  return groups.map((group, row) => {
    if (row === 0 || group !== groups[row - 1]) number += 1;
    return number;
  });
}

function appendGroups(first: Uint32Array, second: Uint32Array): Uint32Array {
  const groups = new Uint32Array(first.length + second.length);
  groups.set(first);
  groups.set(second, first.length);
  return groups;
}
