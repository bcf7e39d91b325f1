import { createMemoryPlacement } from "./memory-placement.ts";
import { type KernelRun, type RowSlices, sliceByCost } from "./row-slices.ts";
import { type SparseRows, transposeRows } from "./sparse-rows.ts";
import type { ColumnRegression } from "./symmetric-inverse.ts";
import { type KernelThreads, startKernelThreads } from "./threads/kernel-threads.ts";

/** Multiplications of one call: some 50 ms on one thread. */
const BUDGET = 4e8;
/** Of the memory for what a call keeps. */
const KEPT_BYTES = 2 ** 26;
/** Bytes of a matrix from which on twice as many pivots are swept together, so that it is read half as often. */
const LARGE_MATRIX = 2 ** 27;

/**
 * See `regressColumnsScalar`; in float32, each row's weights in no order. The same on any number of threads. Throws RangeError where the matrix, columns × columns floats, exceeds 4 GiB (at some 30,000
 * columns) or is not positive definite.
 */
export async function regressColumns(regression: ColumnRegression, run: KernelRun): Promise<SparseRows> {
  const { rows } = regression;
  const count = Math.min(regression.count, rows.columns - 1);
  const size = Math.ceil(rows.columns / 8) * 8;
  const block = size * size * 4 > LARGE_MATRIX ? 256 : 128;
  const keptRows = Math.max(1, Math.min(size, Math.floor(KEPT_BYTES / (8 * Math.max(1, count)))));
  const columns = transposeRows(rows);
  const place = createMemoryPlacement();
  const globals = {
    size,
    block,
    count,
    items: rows.columns,
    matrix: place.reserve(size * size * 4),
    panel: place.reserve(size * block * 4),
    packedPanel: place.reserve(size * block * 4),
    scaledPanel: place.reserve(size * block * 4),
    pivots: place.reserve(block * block * 4),
    columnStarts: place.copy(columns.starts),
    columnRows: place.copy(columns.columnIndexes),
    rowStarts: place.copy(rows.starts),
    rowColumns: place.copy(rows.columnIndexes),
    nextRow: place.reserve(4),
    scales: place.reserve(size * 4),
    keptColumns: place.reserve(keptRows * count * 4),
    keptWeights: place.reserve(keptRows * count * 4),
  };
  const keys = Array.from({ length: run.threads }, () => place.reserve(size * 8));
  const memory = place.allocate();
  using team = startKernelThreads({ kernel: "symmetric-inverse", memory, threads: run.threads });
  team.setGlobals(globals);
  const nextRow = new Int32Array(memory.buffer, globals.nextRow, 1);
  const opened: OpenedRegression = {
    regression,
    columns,
    size,
    block,
    count,
    keptRows,
    memory,
    globals,
    nextRow,
    team,
  };
  await fillGram(opened, run.signal);
  for (let pivot = 0; pivot < size; pivot += block) await sweep(opened, pivot, run.signal);
  return await takeWeights(opened, keys, run.signal);
}

interface OpenedRegression {
  readonly regression: ColumnRegression;
  readonly columns: SparseRows;
  readonly size: number;
  readonly block: number;
  readonly count: number;
  readonly keptRows: number;
  readonly memory: WebAssembly.Memory;
  readonly globals: Readonly<Record<"matrix" | "scales" | "keptColumns" | "keptWeights", number>>;
  readonly nextRow: Int32Array;
  readonly team: KernelThreads;
}

/** Calls a function that takes rows from the common counter until a slice is done, slice after slice. */
async function callBySlices(
  { nextRow, team }: OpenedRegression,
  name: string,
  slices: RowSlices & { readonly before?: readonly number[]; readonly after?: readonly number[] },
  signal: AbortSignal | undefined,
): Promise<void> {
  for await (const { first, end } of sliceByCost(slices, signal)) {
    nextRow[0] = 0;
    await team.call(name, () => [...(slices.before ?? []), first, end, ...(slices.after ?? [])]);
  }
}

async function fillGram(opened: OpenedRegression, signal: AbortSignal | undefined): Promise<void> {
  const { regression, columns, size } = opened;
  const { rows } = regression;
  const costOf = (column: number): number => {
    let cost = size;
    for (let entry = columns.starts[column]; entry < columns.starts[column + 1]; entry += 1) {
      const row = columns.columnIndexes[entry];
      cost += rows.starts[row + 1] - rows.starts[row];
    }
    return 10 * cost;
  };
  const slices = { rows: size, costOf, budget: BUDGET, after: [regression.penalty] };
  await callBySlices(opened, "gramRows", slices, signal);
}

async function sweep(opened: OpenedRegression, pivot: number, signal: AbortSignal | undefined): Promise<void> {
  const { size, block, team } = opened;
  const width = Math.min(block, size - pivot);
  // Each thread its own part of the rows, whole blocks of pivots, so that the part with the pivots is one thread's.
  const share = Math.ceil(size / block / team.count) * block;
  const partOf = (thread: number): readonly [number, number] => [
    Math.min(size, thread * share),
    Math.min(size, (thread + 1) * share),
  ];
  await team.call("copyPanel", (thread) => [pivot, width, ...partOf(thread)]);
  if (team.own.call("invertPivots", [pivot, width]) === 0) {
    throw new RangeError("The matrix is not positive definite in float32; a larger penalty makes it so.");
  }
  await team.call("scalePanel", (thread) => [width, ...partOf(thread)]);
  const slices = { rows: size, costOf: (row: number) => row * width, budget: BUDGET, before: [width], alignment: 32 };
  await callBySlices(opened, "subtractProducts", slices, signal);
  await team.call("writePanel", (thread) => [pivot, width, ...partOf(thread)]);
}

async function takeWeights(
  opened: OpenedRegression,
  keys: readonly number[],
  signal: AbortSignal | undefined,
): Promise<SparseRows> {
  const { size, count, keptRows, memory, globals, nextRow, team, regression } = opened;
  const items = regression.rows.columns;
  await team.call("mirror", (thread) => {
    const share = Math.ceil(size / 8 / team.count) * 8;
    return [Math.min(size, thread * share), Math.min(size, (thread + 1) * share)];
  });
  const scales = new Float32Array(memory.buffer, globals.scales, size);
  const view = new DataView(memory.buffer);
  for (let column = 0; column < items; column += 1) {
    // What was swept is minus the inverse.
    scales[column] = -1 / view.getFloat32(globals.matrix + (column * size + column) * 4, true);
  }
  const starts = Uint32Array.from({ length: items + 1 }, (_, row) => row * count);
  const columnIndexes = new Uint32Array(items * count);
  const values = new Float32Array(items * count);
  const slices = { rows: items, costOf: () => 20 * size, budget: BUDGET, longest: keptRows };
  for await (const { first, end } of sliceByCost(slices, signal)) {
    nextRow[0] = 0;
    await team.call("largestOfRows", (thread) => [first, end, keys[thread] ?? 0]);
    const length = (end - first) * count;
    columnIndexes.set(new Uint32Array(memory.buffer, globals.keptColumns, length), first * count);
    values.set(new Float32Array(memory.buffer, globals.keptWeights, length), first * count);
  }
  return { rows: items, columns: items, starts, columnIndexes, values };
}
