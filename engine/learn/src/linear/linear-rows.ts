import { type LinearRowsLayout, type LinearRowsShape, type MemoryLayout, takeLinearRows } from "@rondo/kernels";
import { DataError } from "../algorithm.ts";
import type { Matrix } from "../table/matrix.ts";
import type { Standardization } from "./standardization.ts";
import type { SupervisedRows } from "./supervised-rows.ts";

/** Takes memory for the rows of a matrix. */
export function takeRows(layout: MemoryLayout, { rows, columns, ...features }: Matrix): LinearRowsLayout {
  const shape: LinearRowsShape =
    features.kind === "sparse" ? { rows, columns, entries: features.rowStarts[rows] } : { rows, columns };
  return takeLinearRows(layout, shape);
}

/** The memory of a layout; throws DataError when that is more than can be addressed. */
export function allocateForData(layout: MemoryLayout): WebAssembly.Memory {
  try {
    return layout.allocate();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new DataError(`The data and the models are too large: ${error.message}.`, { cause: error });
  }
}

export interface RowsToCopy {
  readonly rows: SupervisedRows;
  /** Which row comes first, second …; absent: as they are. */
  readonly order?: Uint32Array;
  readonly standardization: Standardization;
  /** The label is seen as `(label − shift) / scale`. */
  readonly label: { readonly shift: number; readonly scale: number };
}

/** Copies rows into the kernel's memory, standardised and in the given order; tells which columns are not always 0 there. */
export function copyRows(memory: WebAssembly.Memory, layout: LinearRowsLayout, source: RowsToCopy): Uint8Array {
  const { rows, order, label } = source;
  const { features } = rows;
  const used = new Uint8Array(features.columns);
  const labels = new Float32Array(memory.buffer, layout.labels, layout.rows);
  const weights = new Float32Array(memory.buffer, layout.rowWeights, layout.rows);
  for (let index = 0; index < layout.rows; index += 1) {
    const row = order?.[index] ?? index;
    labels[index] = (rows.labels[row] - label.shift) / label.scale;
    weights[index] = rows.weights[row];
  }
  if (features.kind === "dense") copyDense(memory, layout, source, used);
  else copySparse(memory, layout, source, used);
  return used;
}

function copyDense(
  memory: WebAssembly.Memory,
  layout: LinearRowsLayout,
  { rows: { features }, order, standardization: { shifts, scales } }: RowsToCopy,
  used: Uint8Array,
): void {
  const { rows, columns } = layout;
  const target = new Float32Array(memory.buffer, layout.values, rows * columns);
  const factors = scales.map((scale) => 1 / scale);
  const source = features.values;
  for (let index = 0; index < rows; index += 1) {
    const from = (order?.[index] ?? index) * columns;
    const to = index * columns;
    for (let column = 0; column < columns; column += 1) {
      const value = (source[from + column] - shifts[column]) * factors[column];
      target[to + column] = value;
      if (value !== 0) used[column] = 1;
    }
  }
}

function copySparse(
  memory: WebAssembly.Memory,
  layout: LinearRowsLayout,
  { rows: { features }, order, standardization: { scales } }: RowsToCopy,
  used: Uint8Array,
): void {
  if (features.kind !== "sparse") return;
  const { rows, entries = 0 } = layout;
  const starts = new Uint32Array(memory.buffer, layout.rowStarts, rows + 1);
  const indexes = new Uint32Array(memory.buffer, layout.columnIndexes, entries);
  const target = new Float32Array(memory.buffer, layout.values, entries);
  let written = 0;
  for (let index = 0; index < rows; index += 1) {
    const row = order?.[index] ?? index;
    for (let entry = features.rowStarts[row]; entry < features.rowStarts[row + 1]; entry += 1) {
      const column = features.columnIndexes[entry];
      indexes[written] = column;
      target[written] = features.values[entry] / scales[column];
      used[column] = 1;
      written += 1;
    }
    starts[index + 1] = written;
  }
}
