import { setImmediate } from "node:timers/promises";
import { createMemoryLayout, type DenseRows, PANEL, panelsOf, startKernelThreads } from "@rondo/kernels";
import { DataError } from "../algorithm.ts";
import { writeRows } from "../table/complete-rows.ts";
import type { Matrix } from "../table/matrix.ts";
import type { Table } from "../table/table.ts";
import type { TableFitContext } from "../table/table-algorithm.ts";

/** Rows with their mean, whose products are summed block by block, so that the memory needed does not grow with the rows. */
export interface CentredRows {
  readonly features: Matrix;
  readonly weights?: Float32Array | undefined;
  /** Of the columns; zeros where nothing is to be subtracted. */
  readonly mean: Float32Array;
}

export interface ProductSum {
  /** Columns × columns, or columns × the number of directions; row after row. */
  readonly values: Float64Array;
  /** Of the rows that were summed. */
  readonly weight: number;
}

export interface SquareSum extends ProductSum {
  /** Of each column, less `mean`; without the weights. */
  readonly sums: Float64Array;
}

/** Numbers of a block of rows. */
const BLOCK_NUMBERS = 2 ** 21;
const MOST_ROWS = 8192;
/** Products of one call for each thread: some 50 ms. */
const CALL_PRODUCTS = 2 ** 29;

/** So few that other threads take longer to wake up. */
const FEW_PRODUCTS = 2 ** 26;

/** The weighted means of the columns, in float64. */
export async function columnMeans({ features, weights }: Table, signal?: AbortSignal): Promise<Float32Array> {
  const { rows, columns } = features;
  const sums = new Float64Array(columns);
  let weight = 0;
  for (let start = 0; start < rows; start += MOST_ROWS) {
    const end = Math.min(rows, start + MOST_ROWS);
    for (let row = start; row < end; row++) {
      const factor = weights?.[row] ?? 1;
      weight += factor;
      addRow(features, row, factor, sums);
    }
    await setImmediate();
    signal?.throwIfAborted();
  }
  if (weight === 0) throw new DataError("All rows have the weight 0.");
  return Float32Array.from(sums, (sum) => sum / weight);
}

function addRow(features: Matrix, row: number, factor: number, sums: Float64Array): void {
  const { values } = features;
  if (features.kind === "dense") {
    const start = row * sums.length;
    for (let column = 0; column < sums.length; column++) sums[column] += values[start + column] * factor;
    return;
  }
  for (let entry = features.rowStarts[row]; entry < features.rowStarts[row + 1]; entry++) {
    sums[features.columnIndexes[entry]] += values[entry] * factor;
  }
}

/** Rows whose means are near enough to those of all rows that no digits are lost around them. */
const SAMPLE_ROWS = 256;

/** Means of some rows, evenly chosen: to be subtracted where the exact ones are not known yet. */
export function sampleMeans(features: Matrix): Float32Array {
  const count = Math.min(SAMPLE_ROWS, features.rows);
  const sums = new Float64Array(features.columns);
  for (let index = 0; index < count; index++) addRow(features, Math.floor((index * features.rows) / count), 1, sums);
  return Float32Array.from(sums, (sum) => sum / count);
}

/** XᵀX of the centred rows: columns × columns. Ends early when `stop` is aborted, with what was summed so far. */
export async function sumSquares(rows: CentredRows, context: ProductContext): Promise<SquareSum> {
  const { columns } = rows.features;
  const panels = panelsOf(columns);
  const blockRows = rowsOfBlock(columns, panels * PANEL * columns);
  const layout = createMemoryLayout();
  const [source, packed, shift] = [blockRows * columns, panels * PANEL * blockRows, columns].map((count) =>
    layout.take(count * 4),
  );
  const [result, sumsAt] = [(panels * PANEL) ** 2, panels * PANEL].map((count) => layout.take(count * 8));
  const memory = allocate(layout, columns);
  const block = new Float32Array(memory.buffer, source, blockRows * columns);
  new Float32Array(memory.buffer, shift, columns).set(rows.mean);
  const work = rows.features.rows * columns * panels * PANEL;
  using kernel = startKernelThreads({
    kernel: "matrix-multiply",
    memory,
    threads: work < FEW_PRODUCTS ? 1 : context.threads,
  });
  const weight = await forEachBlock(rows, { block, blockRows, context }, async (count) => {
    const less = rows.weights === undefined ? shift : 0;
    await kernel.call("packColumns", (thread) => [
      source,
      count,
      columns,
      less,
      packed,
      ...share(panels, thread, kernel.count),
    ]);
    await kernel.call("sumPanels", (thread) => [packed, count, sumsAt, ...share(panels, thread, kernel.count)]);
    const sizes = [count, panels, panels, 1];
    await kernel.call("accumulateProduct", (thread) => [packed, packed, result, ...sizes, thread, kernel.count]);
  });
  const products = new Float64Array(memory.buffer, result, (panels * PANEL) ** 2);
  const values = new Float64Array(columns * columns);
  for (let row = 0; row < columns; row++) {
    for (let column = row; column < columns; column++) {
      values[row * columns + column] = values[column * columns + row] = products[row * panels * PANEL + column];
    }
  }
  return { values, weight, sums: new Float64Array(memory.buffer, sumsAt, columns).slice() };
}

/** XᵀX · directionsᵀ of the centred rows, without XᵀX itself: columns × the number of directions. */
export async function sumProjections(
  rows: CentredRows,
  directions: DenseRows,
  context: ProductContext,
): Promise<ProductSum> {
  const { columns } = rows.features;
  const [panels, others] = [panelsOf(columns), panelsOf(directions.rows)];
  const blockRows = rowsOfBlock(columns, 2 * others * PANEL * columns);
  const layout = createMemoryLayout();
  const take = (count: number): number => layout.take(count * 4);
  const [source, packed, shift] = [take(blockRows * columns), take(panels * PANEL * blockRows), take(columns)];
  const [given, sides] = [take(directions.rows * columns), take(others * PANEL * columns)];
  const [projected, projectedPacked] = [take(blockRows * others * PANEL), take(blockRows * others * PANEL)];
  const offset = take(others * PANEL);
  const result = layout.take(panels * others * PANEL * PANEL * 8);
  const memory = allocate(layout, columns);
  const floats = (address: number, length: number): Float32Array => new Float32Array(memory.buffer, address, length);
  const block = floats(source, blockRows * columns);
  floats(shift, columns).set(rows.mean);
  floats(given, directions.values.length).set(directions.values);
  if (rows.weights === undefined) floats(offset, others * PANEL).set(projectMean(rows.mean, directions));
  using kernel = startKernelThreads({ kernel: "matrix-multiply", memory, threads: context.threads });
  const threads = kernel.count;
  kernel.own.call("packRows", [given, directions.rows, columns, sides, 0, others]);
  const weight = await forEachBlock(rows, { block, blockRows, context }, async (count) => {
    const less = rows.weights === undefined ? shift : 0;
    await kernel.call("packColumns", (thread) => [
      source,
      count,
      columns,
      less,
      packed,
      ...share(panels, thread, threads),
    ]);
    await kernel.call("multiplyTransposed", (thread) => [
      source,
      sides,
      projected,
      columns,
      others,
      ...share(count, thread, threads),
    ]);
    kernel.own.call("packColumns", [projected, count, others * PANEL, offset, projectedPacked, 0, others]);
    const sizes = [count, panels, others, 0];
    await kernel.call("accumulateProduct", (thread) => [packed, projectedPacked, result, ...sizes, thread, threads]);
  });
  const sums = new Float64Array(memory.buffer, result, panels * others * PANEL * PANEL);
  const values = new Float64Array(columns * directions.rows);
  for (let row = 0; row < columns; row++) {
    const start = row * others * PANEL;
    values.set(sums.subarray(start, start + directions.rows), row * directions.rows);
  }
  return { values, weight };
}

export interface ProductContext extends Pick<TableFitContext, "threads" | "signal" | "stop"> {
  /** Told the share of the rows that was summed. */
  readonly onBlock?: (fraction: number) => void;
}

interface Block {
  readonly block: Float32Array;
  readonly blockRows: number;
  readonly context: ProductContext;
}

async function forEachBlock(
  rows: CentredRows,
  { block, blockRows, context }: Block,
  sum: (count: number) => Promise<void>,
): Promise<number> {
  const { features, weights } = rows;
  let weight = 0;
  for (let start = 0; start < features.rows; start += blockRows) {
    context.signal?.throwIfAborted();
    if (context.stop?.aborted && start > 0) break;
    const end = Math.min(features.rows, start + blockRows);
    if (features.kind === "sparse") block.fill(0);
    writeRows(features, start, end, block);
    for (let row = start; row < end; row++) weight += weights?.[row] ?? 1;
    if (weights !== undefined) scaleRows(block, rows.mean, weights.subarray(start, end));
    await sum(end - start);
    context.onBlock?.(end / features.rows);
    await setImmediate();
  }
  return weight;
}

/** Centred rows times the roots of their weights, so that their products count as often as the weights say. */
function scaleRows(block: Float32Array, mean: Float32Array, weights: Float32Array): void {
  const columns = mean.length;
  for (const [row, weight] of weights.entries()) {
    const factor = Math.sqrt(weight);
    for (let column = 0; column < columns; column++) {
      block[row * columns + column] = (block[row * columns + column] - mean[column]) * factor;
    }
  }
}

function projectMean(mean: Float32Array, { rows, columns, values }: DenseRows): Float32Array {
  return Float32Array.from({ length: rows }, (_, row) =>
    mean.reduce((sum, value, column) => sum + value * values[row * columns + column], 0),
  );
}

function rowsOfBlock(columns: number, productsPerRow: number): number {
  const affordable = Math.min(MOST_ROWS, BLOCK_NUMBERS / columns, CALL_PRODUCTS / productsPerRow);
  return Math.max(8, Math.floor(affordable / 8) * 8);
}

function share(count: number, thread: number, threads: number): [number, number] {
  return [Math.floor((count * thread) / threads), Math.floor((count * (thread + 1)) / threads)];
}

function allocate(layout: ReturnType<typeof createMemoryLayout>, columns: number): WebAssembly.Memory {
  try {
    return layout.allocate();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new DataError(`${columns} columns are too many for this mode of PCA: ${error.message}.`, { cause: error });
  }
}
