import { setImmediate } from "node:timers/promises";
import { type LinearRowsLayout, type LinearRowsShape, type MemoryLayout, takeLinearRows } from "@rondo/kernels";
import { DataError } from "../algorithm.ts";
import type { DenseMatrix, Matrix, SparseMatrix } from "../table/matrix.ts";
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

/** Numbers that are copied within some ten milliseconds. */
const NUMBERS_OF_A_SLICE = 4_000_000;

/**
 * Copies rows into the kernel's memory, standardised and in the given order, with pauses; tells which columns are not always 0 there. Throws the signal's
 * reason.
 */
export async function copyRows(
  memory: WebAssembly.Memory,
  layout: LinearRowsLayout,
  source: RowsToCopy,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const { rows, order, label, standardization } = source;
  const { columns, entries } = layout;
  const used = new Uint8Array(columns);
  const labels = new Float32Array(memory.buffer, layout.labels, layout.rows);
  const weights = new Float32Array(memory.buffer, layout.rowWeights, layout.rows);
  const factors = standardization.scales.map((scale) => 1 / scale);
  const copyRow =
    rows.features.kind === "dense"
      ? createDenseCopy(memory, layout, { features: rows.features, ...standardization, factors, used })
      : createSparseCopy(memory, layout, { features: rows.features, ...standardization, used });
  const numbersOfARow = 2 + (entries === undefined ? columns : entries / layout.rows);
  const slice = Math.max(1, Math.floor(NUMBERS_OF_A_SLICE / numbersOfARow));
  for (let index = 0; index < layout.rows; index += 1) {
    const row = order?.[index] ?? index;
    labels[index] = (rows.labels[row] - label.shift) / label.scale;
    weights[index] = rows.weights[row];
    copyRow(row, index);
    if ((index + 1) % slice !== 0) continue;
    await setImmediate();
    signal?.throwIfAborted();
  }
  return used;
}

/** Copies a row to its place among the rows of the kernel. */
type CopyRow = (row: number, place: number) => void;

function createDenseCopy(
  memory: WebAssembly.Memory,
  layout: LinearRowsLayout,
  source: {
    readonly features: DenseMatrix;
    readonly shifts: Float64Array;
    readonly factors: Float64Array;
    readonly used: Uint8Array;
  },
): CopyRow {
  const { rows, columns } = layout;
  const { shifts, factors, used } = source;
  const { values } = source.features;
  const target = new Float32Array(memory.buffer, layout.values, rows * columns);
  return (row, place) => {
    const from = row * columns;
    const to = place * columns;
    for (let column = 0; column < columns; column += 1) {
      const value = (values[from + column] - shifts[column]) * factors[column];
      target[to + column] = value;
      if (value !== 0) used[column] = 1;
    }
  };
}

/** Rows are to come in the order of their places. */
function createSparseCopy(
  memory: WebAssembly.Memory,
  { rows, entries = 0, ...layout }: LinearRowsLayout,
  {
    features,
    scales,
    used,
  }: { readonly features: SparseMatrix; readonly scales: Float64Array; readonly used: Uint8Array },
): CopyRow {
  const starts = new Uint32Array(memory.buffer, layout.rowStarts, rows + 1);
  const indexes = new Uint32Array(memory.buffer, layout.columnIndexes, entries);
  const target = new Float32Array(memory.buffer, layout.values, entries);
  let written = 0;
  return (row, place) => {
    for (let entry = features.rowStarts[row]; entry < features.rowStarts[row + 1]; entry += 1) {
      const column = features.columnIndexes[entry];
      indexes[written] = column;
      target[written] = features.values[entry] / scales[column];
      used[column] = 1;
      written += 1;
    }
    starts[place + 1] = written;
  };
}
