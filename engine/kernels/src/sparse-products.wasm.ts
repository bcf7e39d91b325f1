import { createMemoryPlacement } from "./memory-placement.ts";
import { type KernelRun, sliceByCost } from "./row-slices.ts";
import type { SparseProduct } from "./sparse-products.ts";
import type { SparseRows } from "./sparse-rows.ts";
import { type KernelThreads, startKernelThreads } from "./threads/kernel-threads.ts";

/** Multiplications of one call: some 50 ms on one thread. */
const BUDGET = 2e7;
/** Of the memory for what a call keeps. */
const KEPT_BYTES = 2 ** 26;

/**
 * The kept entries of a sparse product, each row's in an order that only the data decide. Deterministic on any number of
 * threads. Throws RangeError when matrices and work space exceed 4 GiB.
 */
export async function multiplySparse(product: SparseProduct, { threads, signal }: KernelRun): Promise<SparseRows> {
  const { left, right } = product;
  const count = Math.min(product.count, right.columns);
  const panel = Math.max(1, Math.min(left.rows, Math.floor(KEPT_BYTES / (8 * count))));
  const workspaceBytes = (right.columns + 16) * 16;
  const place = createMemoryPlacement();
  const globals = {
    columns: right.columns,
    leftStarts: place.copy(left.starts),
    leftColumns: place.copy(left.columnIndexes),
    leftValues: place.copy(left.values ?? new Float32Array(left.columnIndexes.length).fill(1)),
    rightStarts: place.copy(right.starts),
    rightColumns: place.copy(right.columnIndexes),
    rightValues: place.copy(right.values),
    rowTerms: place.copy(product.rowTerms),
    columnTerms: place.copy(product.columnTerms),
    jaccard: Number(product.score === "jaccard"),
    minimum: product.minimum,
    keepDiagonal: Number(product.keepDiagonal),
    count,
    nextRow: place.reserve(4),
    keptCounts: place.reserve(panel * 4),
    keptColumns: place.reserve(panel * count * 4),
    keptScores: place.reserve(panel * count * 4),
  };
  const workspaces = Array.from({ length: threads }, () => place.reserve(workspaceBytes));
  const memory = place.allocate();
  using team = startKernelThreads({ kernel: "sparse-products", memory, threads });
  team.setGlobals(globals);
  return collect({ product, count, panel, memory, globals, workspaces, team }, signal);
}

interface OpenedProduct {
  readonly product: SparseProduct;
  readonly count: number;
  readonly panel: number;
  readonly memory: WebAssembly.Memory;
  readonly globals: Readonly<Record<"nextRow" | "keptCounts" | "keptColumns" | "keptScores", number>>;
  readonly workspaces: readonly number[];
  readonly team: KernelThreads;
}

async function collect(opened: OpenedProduct, signal: AbortSignal | undefined): Promise<SparseRows> {
  const { product, count, panel, memory, globals, workspaces, team } = opened;
  const { left, right } = product;
  const nextRow = new Int32Array(memory.buffer, globals.nextRow, 1);
  const starts = new Uint32Array(left.rows + 1);
  const columns: Uint32Array[] = [];
  const scores: Float32Array[] = [];
  const costOf = (row: number): number => costOfRow(product, row);
  const slices = sliceByCost({ rows: left.rows, costOf, budget: BUDGET, longest: panel }, signal);
  for await (const { first, end } of slices) {
    nextRow[0] = 0;
    await team.call("multiply", (thread) => [first, end, workspaces[thread] ?? 0]);
    const kept = new Uint32Array(memory.buffer, globals.keptCounts, end - first);
    const total = kept.reduce((sum, length) => sum + length, 0);
    const keptColumns = new Uint32Array(total);
    const keptScores = new Float32Array(total);
    let next = 0;
    for (let row = first; row < end; row += 1) {
      const length = kept[row - first];
      const offset = (row - first) * count * 4;
      keptColumns.set(new Uint32Array(memory.buffer, globals.keptColumns + offset, length), next);
      keptScores.set(new Float32Array(memory.buffer, globals.keptScores + offset, length), next);
      next += length;
      starts[row + 1] = starts[row] + length;
    }
    columns.push(keptColumns);
    scores.push(keptScores);
  }
  const columnIndexes = new Uint32Array(starts[left.rows]);
  const values = new Float32Array(starts[left.rows]);
  let next = 0;
  for (const [index, slice] of columns.entries()) {
    columnIndexes.set(slice, next);
    values.set(scores[index] ?? [], next);
    next += slice.length;
  }
  return { rows: left.rows, columns: right.columns, starts, columnIndexes, values };
}

function costOfRow({ left, right }: SparseProduct, row: number): number {
  let cost = 0;
  for (let entry = left.starts[row]; entry < left.starts[row + 1]; entry += 1) {
    const source = left.columnIndexes[entry];
    cost += right.starts[source + 1] - right.starts[source];
  }
  return cost;
}
