import { setImmediate } from "node:timers/promises";
import { createMemoryLayout, type DenseRows, PANEL, packRows, panelsOf, startKernelThreads } from "@rondo/kernels";
import { DataError } from "../algorithm.ts";
import { writeRows } from "../table/complete-rows.ts";
import type { Matrix } from "../table/matrix.ts";
import type { TableFitContext } from "../table/table-algorithm.ts";

/** What one assignment of all rows to centers comes to. */
export interface Assignment {
  /** [center][column]: the weighted sums of the rows that are nearest to it. */
  readonly sums: Float64Array;
  /** The weights of these rows. */
  readonly weights: Float64Array;
  /** The weighted sum of squared distances to the nearest centers. */
  readonly inertia: number;
}

/** Rows in the memory of the kernel `k-means`, with their nearest centers. All results are the same on any number of threads. */
export interface ClusterRows extends Disposable {
  readonly count: number;
  readonly columns: number;
  /** The rows themselves; written to before they are assigned. */
  readonly values: Float32Array;
  readonly weights: Float32Array | undefined;
  /** Per row: the nearest center of the last assignment, and the squared distance to it. */
  readonly labels: Int32Array;
  readonly distances: Float32Array;
  /** Assigns the first `count` rows to the nearest of the centers. */
  assign(centers: DenseRows, count?: number): Promise<Assignment>;
  /**
   * As `assign` for all rows after each center has moved by so much: rows whose bounds tell enough are not compared again. `distances`
   * and the result's inertia are then those of older centers. Only for rows with `bounds`.
   */
  assignMoved(centers: DenseRows, shifts: Float64Array): Promise<Assignment>;
  /** The nearest centers, at once and on this thread alone: for predictions. */
  findNearest(centers: DenseRows): void;
  /** As `assign` for centers beyond the `known` ones that were assigned before: labels and distances change where one is nearer. */
  assignFurther(centers: DenseRows, known: number): Promise<void>;
  /**
   * Measures at most 8 candidates for a further center: for each part of the rows (see `partStart`) and each candidate, the weighted distances that
   * would be left.
   */
  measureCandidates(candidates: DenseRows): Promise<Float64Array>;
  /** Takes the candidate of the last measurement as a center: distances shrink, labels do not change. */
  keepCandidate(candidate: number): void;
  readonly parts: number;
  partStart(part: number): number;
}

export interface ClusterRowsOptions {
  readonly count: number;
  readonly columns: number;
  readonly weighted: boolean;
  /** At most so many centers are assigned to at once. */
  readonly centers: number;
  /** Whether `measureCandidates` will be called: 32 bytes per row. */
  readonly candidates: boolean;
  /** Whether `assignMoved` will be called: 8 bytes per row. */
  readonly bounds?: boolean;
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
}

const PARTS = 16;
const ROWS_PER_PART = 256;
/** What the sums of all parts may take together. */
const SUM_BYTES = 2 ** 26;
/** Products of one call for each thread: some 50 ms. */
const CALL_PRODUCTS = 2 ** 28;
/** Products that are done before another thread has woken up: some 0.2 ms. */
const FEW_PRODUCTS = 2 ** 21;

/** Throws DataError when the rows do not fit into the kernel's memory of 4 GiB. */
export function createClusterRows(options: ClusterRowsOptions): ClusterRows {
  const { count, columns, centers, signal } = options;
  const sumLength = centers * (columns + 1) + 1;
  const affordable = Math.min(PARTS, Math.floor(SUM_BYTES / (sumLength * 8)), Math.ceil(count / ROWS_PER_PART));
  const parts = Math.max(1, affordable);
  const threads = Math.max(1, Math.min(options.threads, parts));
  const { memory, addresses } = allocate(options, { parts, sumLength, threads });
  const kernel = startKernelThreads({ kernel: "k-means", memory, threads });
  kernel.setGlobals({ ...addresses, columns });
  const floats = (address: number, length: number): Float32Array => new Float32Array(memory.buffer, address, length);
  const packed = floats(addresses.centers, panelsOf(centers) * PANEL * columns);
  const sums = new Float64Array(memory.buffer, addresses.sums, parts * sumLength);
  const partRows = Math.ceil(count / parts);

  const setCenters = (given: DenseRows): void => {
    packed.set(packRows(given, Number.POSITIVE_INFINITY));
    kernel.setGlobals({ count: given.rows });
  };
  /** All threads' shares, on this thread alone where there is little to do. */
  const callShares = async (name: string, products: number, shareOf: (thread: number) => number[]): Promise<void> => {
    if (products > FEW_PRODUCTS) await kernel.call(name, shareOf);
    else for (let thread = 0; thread < threads; thread++) kernel.own.call(name, shareOf(thread));
  };
  /** Calls the kernel for so many rows at a time that an abort is noticed soon. */
  const callInRounds = async (name: string, given: number, rows: number): Promise<void> => {
    const products = panelsOf(given) * PANEL * columns;
    const roundRows = Math.max(1, Math.ceil(Math.min(rows, (CALL_PRODUCTS / products) * parts) / parts));
    for (let from = 0; from < rows; from += roundRows * parts) {
      if (from > 0) await setImmediate();
      signal?.throwIfAborted();
      const to = Math.min(rows, from + roundRows * parts);
      await callShares(name, (to - from) * products, (thread) => [from, to, roundRows, parts, thread, threads]);
    }
  };
  return {
    count,
    columns,
    values: floats(addresses.rows, count * columns),
    weights: options.weighted ? floats(addresses.weights, count) : undefined,
    labels: new Int32Array(memory.buffer, addresses.labels, count),
    distances: floats(addresses.distances, count),
    async assign(given, rows = count) {
      setCenters(given);
      sums.fill(0);
      await callInRounds("assign", given.rows, rows);
      return addParts(sums, parts, given);
    },
    async assignMoved(given, shifts) {
      setCenters(given);
      floats(addresses.shifts, shifts.length).set(shifts);
      kernel.setGlobals(boundsOfShifts(shifts));
      sums.fill(0);
      await callInRounds("assignMoved", given.rows, count);
      return addParts(sums, parts, given);
    },
    findNearest(given) {
      setCenters(given);
      kernel.own.call("nearest", [0, count, 0]);
    },
    async assignFurther(given, known) {
      setCenters(given);
      kernel.setGlobals({ known });
      await callInRounds("assignNearest", given.rows, count);
      kernel.setGlobals({ known: 0 });
    },
    async measureCandidates(candidates) {
      setCenters(candidates);
      const potentials = new Float64Array(memory.buffer, addresses.potentials, parts * PANEL).fill(0);
      const shareOf = (thread: number): number[] => [0, count, partRows, parts, thread, threads];
      await callShares("measureCandidates", count * PANEL * columns, shareOf);
      return potentials.slice();
    },
    keepCandidate: (candidate) => void kernel.own.call("keepCandidate", [0, count, candidate]),
    parts,
    partStart: (part) => Math.min(count, part * partRows),
    [Symbol.dispose]: () => kernel[Symbol.dispose](),
  };
}

/** How far the center that moved most has moved, and the farthest of the others. Rounded up: bounds must not promise more than they keep. */
function boundsOfShifts(shifts: Float64Array) {
  const roundedUp = (value: number): number => Math.fround(value) * (1 + 2 ** -22);
  const farthest = shifts.indexOf(maximumOf(shifts));
  const otherShift = shifts.reduce((most, shift, center) => (center === farthest ? most : Math.max(most, shift)), 0);
  return { farthest, farthestShift: roundedUp(shifts[farthest]), otherShift: roundedUp(otherShift) };
}

function allocate(
  { count, columns, weighted, centers, candidates, bounds = false }: ClusterRowsOptions,
  { parts, sumLength, threads }: { readonly parts: number; readonly sumLength: number; readonly threads: number },
) {
  const layout = createMemoryLayout();
  const scratchBytes = Math.max(2, panelsOf(centers) + 1) * 128;
  const addresses = {
    rows: layout.take(count * columns * 4),
    weights: weighted ? layout.take(count * 4) : 0,
    centers: layout.take(panelsOf(centers) * PANEL * columns * 4),
    labels: layout.take(count * 4),
    distances: layout.take(count * 4),
    sums: layout.take(parts * sumLength * 8),
    candidates: candidates ? layout.take(count * PANEL * 4) : 0,
    potentials: layout.take(parts * PANEL * 8),
    bounds: bounds ? layout.take(count * 8) : 0,
    shifts: layout.take(centers * 4),
    scratch: layout.take(threads * scratchBytes),
    scratchBytes,
  };
  try {
    return { addresses, memory: layout.allocate() };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new DataError(`${count} rows of ${columns} columns are too many for K-Means: ${error.message}.`, {
      cause: error,
    });
  }
}

function maximumOf(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

function addParts(sums: Float64Array, parts: number, { rows, columns }: DenseRows): Assignment {
  const length = rows * (columns + 1) + 1;
  const total = sums.slice(0, length);
  for (let part = 1; part < parts; part++) {
    const start = part * length;
    for (let place = 0; place < length; place++) total[place] += sums[start + place];
  }
  return {
    sums: total.subarray(0, rows * columns),
    weights: total.subarray(rows * columns, length - 1),
    inertia: total[length - 1],
  };
}

/** All rows of a matrix, ready to be assigned. */
export function clusterRowsOf(
  matrix: Matrix,
  options: Pick<ClusterRowsOptions, "centers" | "candidates" | "bounds"> & {
    readonly weights?: Float32Array | undefined;
  },
  { threads, signal }: Pick<TableFitContext, "threads" | "signal">,
): ClusterRows {
  const { rows: count, columns } = matrix;
  const weighted = options.weights !== undefined;
  const rows = createClusterRows({ ...options, count, columns, weighted, threads, signal });
  writeRows(matrix, 0, count, rows.values);
  if (options.weights !== undefined) rows.weights?.set(options.weights);
  return rows;
}
