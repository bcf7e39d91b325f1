import { setImmediate } from "node:timers/promises";
import { createMemoryLayout, type DenseRows, PANEL, packRows, panelsOf, startKernelThreads } from "@rondo/kernels";
import { DataError } from "../algorithm.ts";

/** What is found for each query: `neighbours` entries, the nearest first; less than that many references end with Infinity and −1. */
export interface FoundNeighbours {
  readonly neighbours: number;
  /** Squared Euclidean distances, or inner products with their sign changed. */
  readonly distances: Float32Array;
  /** Numbers of references. Of equally near ones the lower comes first. */
  readonly references: Int32Array;
}

/** References in the memory of the kernel `nearest-neighbours`. */
export interface NeighbourScan extends Disposable {
  /** At once, on this thread alone. */
  find(queries: DenseRows): FoundNeighbours;
  /** On all threads; others may have the event loop in between. */
  findInParallel(queries: DenseRows): Promise<FoundNeighbours>;
}

export interface ReferenceLists {
  /** Of list i the references `starts[i]` … `starts[i + 1]`. */
  readonly starts: Uint32Array;
  /** The centers by which lists are chosen, and how many of them are looked into. */
  readonly centers: DenseRows;
  readonly probes: number;
  /** For each reference in the order of the lists its number. */
  readonly numbers: Uint32Array;
}

export interface NeighbourScanOptions {
  readonly references: DenseRows;
  readonly neighbours: number;
  readonly products: boolean;
  readonly threads: number;
  /** Without lists all references are compared. */
  readonly lists?: ReferenceLists | undefined;
}

/** Queries of one call, and comparisons of one for each thread: some 50 ms. */
const CALL_QUERIES = 1024;
const CALL_PRODUCTS = 2 ** 28;
const NOBODY = 2 ** 31 - 1;

/** Throws DataError when the references do not fit into the kernel's memory of 4 GiB. */
export function createNeighbourScan(options: NeighbourScanOptions): NeighbourScan {
  const { references, neighbours, products, lists, threads } = options;
  const { columns } = references;
  const comparisons = Math.max(1, references.rows * columns);
  const batch = Math.max(1, Math.min(CALL_QUERIES, Math.ceil((CALL_PRODUCTS * threads) / comparisons)));
  const packed = lists === undefined ? undefined : listPanels(lists);
  const { memory, addresses } = allocate(options, { batch, packedRows: packed?.rows ?? references.rows });
  fill(memory, addresses, { ...options, panels: packed?.panels });
  const kernel = startKernelThreads({ kernel: "nearest-neighbours", memory, threads });
  const { distances, references: found, scratch } = addresses;
  const globals = { columns, neighbours, products: products ? 1 : 0, distances, references: found, scratch };
  kernel.setGlobals({
    ...globals,
    chosenLists: addresses.chosen,
    probes: lists?.probes ?? 0,
    listStarts: addresses.starts,
    listPanels: addresses.panels,
    listRows: addresses.packed,
    listNumbers: addresses.numbers,
  });
  const probing =
    lists === undefined
      ? undefined
      : createNeighbourScan({ references: lists.centers, neighbours: lists.probes, products, threads: 1 });
  const queryValues = new Float32Array(memory.buffer, addresses.queries, batch * columns);

  const scanName = lists === undefined ? "scan" : "scanLists";
  const scanArguments = (from: number, to: number, thread: number): number[] =>
    lists === undefined
      ? [addresses.queries, from, to, addresses.packed, references.rows, 0, thread]
      : [addresses.queries, from, to, thread];
  const load = ({ values }: DenseRows, start: number, count: number): void => {
    const given = values.subarray(start * columns, (start + count) * columns);
    queryValues.set(given);
    if (probing === undefined) return;
    const { references: chosen } = probing.find({ rows: count, columns, values: given });
    new Int32Array(memory.buffer, addresses.chosen, chosen.length).set(chosen);
  };
  const collect = (target: FoundNeighbours, start: number, count: number): void => {
    target.distances.set(new Float32Array(memory.buffer, distances, count * neighbours), start * neighbours);
    target.references.set(new Int32Array(memory.buffer, found, count * neighbours), start * neighbours);
  };
  return {
    find(queries) {
      const target = emptyResult(queries.rows, neighbours);
      for (let start = 0; start < queries.rows; start += batch) {
        const count = Math.min(batch, queries.rows - start);
        load(queries, start, count);
        kernel.own.call("clear", [0, count]);
        kernel.own.call(scanName, scanArguments(0, count, 0));
        kernel.own.call("sort", [0, count]);
        collect(target, start, count);
      }
      return finish(target);
    },
    async findInParallel(queries) {
      const target = emptyResult(queries.rows, neighbours);
      for (let start = 0; start < queries.rows; start += batch) {
        const count = Math.min(batch, queries.rows - start);
        load(queries, start, count);
        // Whole tiles of 4 queries.
        const share = (thread: number): number => Math.min(count, Math.ceil((count * thread) / threads / 4) * 4);
        const span = (thread: number): [number, number] => [share(thread), share(thread + 1)];
        await kernel.call("clear", span);
        await kernel.call(scanName, (thread) => scanArguments(...span(thread), thread));
        await kernel.call("sort", span);
        collect(target, start, count);
        await setImmediate();
      }
      return finish(target);
    },
    [Symbol.dispose]() {
      probing?.[Symbol.dispose]();
      kernel[Symbol.dispose]();
    },
  };
}

/** Each list starts with a panel of its own. */
function listPanels({ starts }: ReferenceLists): { readonly panels: Uint32Array; readonly rows: number } {
  const panels = new Uint32Array(starts.length);
  for (let list = 0; list + 1 < starts.length; list++) {
    panels[list + 1] = panels[list] + panelsOf(starts[list + 1] - starts[list]);
  }
  return { panels, rows: panels[panels.length - 1] * PANEL };
}

type Addresses = Readonly<
  Record<
    "queries" | "packed" | "distances" | "references" | "scratch" | "chosen" | "panels" | "starts" | "numbers",
    number
  >
>;

function allocate(
  { references, neighbours, lists, threads }: NeighbourScanOptions,
  { batch, packedRows }: { readonly batch: number; readonly packedRows: number },
): { readonly memory: WebAssembly.Memory; readonly addresses: Addresses } {
  const layout = createMemoryLayout();
  const take = (count: number): number => layout.take(count * 4);
  const addresses = {
    queries: take(batch * references.columns),
    packed: take(panelsOf(packedRows) * PANEL * references.columns),
    distances: take(batch * neighbours),
    references: take(batch * neighbours),
    scratch: layout.take(threads * 128),
    chosen: take(batch * (lists?.probes ?? 0)),
    panels: take(lists?.starts.length ?? 0),
    starts: take(lists?.starts.length ?? 0),
    numbers: take(lists?.numbers.length ?? 0),
  };
  try {
    return { memory: layout.allocate(), addresses };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const size = `${references.rows} rows of ${references.columns} columns`;
    throw new DataError(`${size} are too many to be searched: ${error.message}. Take a smaller sample.`, {
      cause: error,
    });
  }
}

function fill(
  { buffer }: WebAssembly.Memory,
  addresses: Addresses,
  { references, products, lists, panels }: NeighbourScanOptions & { readonly panels: Uint32Array | undefined },
): void {
  // Places without a reference are never the nearest: at an infinite distance, or left out by their number.
  const filler = products ? 0 : Number.POSITIVE_INFINITY;
  const { columns } = references;
  if (lists === undefined || panels === undefined) {
    new Float32Array(buffer, addresses.packed).set(packRows(references, filler));
    return;
  }
  const { starts, numbers } = lists;
  for (let list = 0; list + 1 < starts.length; list++) {
    const values = references.values.subarray(starts[list] * columns, starts[list + 1] * columns);
    const rows = packRows({ rows: starts[list + 1] - starts[list], columns, values }, filler);
    new Float32Array(buffer, addresses.packed + panels[list] * PANEL * columns * 4).set(rows);
  }
  new Uint32Array(buffer, addresses.panels).set(panels);
  new Uint32Array(buffer, addresses.starts).set(starts);
  new Uint32Array(buffer, addresses.numbers).set(numbers);
}

function emptyResult(queries: number, neighbours: number): FoundNeighbours {
  const length = queries * neighbours;
  return { neighbours, distances: new Float32Array(length), references: new Int32Array(length) };
}

function finish(found: FoundNeighbours): FoundNeighbours {
  const { references } = found;
  for (let place = 0; place < references.length; place++) if (references[place] === NOBODY) references[place] = -1;
  return found;
}
