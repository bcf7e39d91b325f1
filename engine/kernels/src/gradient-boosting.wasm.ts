import { setImmediate } from "node:timers/promises";
import { type BoostingLayout, type BoostingShape, JUDGED_BLOCK, layoutBoosting } from "./gradient-boosting-layout.ts";
import { readLeafRows } from "./gradient-boosting-leaves.ts";
import { type BoostedTree, readTree } from "./gradient-boosting-tree.ts";
import { type KernelThreads, startKernelThreads } from "./threads/kernel-threads.ts";

/** Losses whose derivatives the kernel computes; its numbers for them are their places. */
const boostingLosses = ["none", "squared-error", "logistic", "softmax"] as const;
export type BoostingLoss = Exclude<(typeof boostingLosses)[number], "none">;

/** XGBoost's parameters, see `gradientBoostingParameters` of @rondo/learn. */
export interface BoostingSettings {
  readonly learningRate: number;
  readonly lambda: number;
  readonly alpha: number;
  readonly gamma: number;
  readonly maxDeltaStep: number;
  readonly minChildWeight: number;
  readonly minDataInLeaf: number;
  /** 0 = no limit. */
  readonly maxDepth: number;
  /** 0 = no limit. */
  readonly maxLeaves: number;
  readonly lossGuided: boolean;
  /** Bins of a column's values, at most 255. */
  readonly maxBins: number;
  readonly maxCategoryThreshold: number;
  readonly columnsByTree: number;
  readonly columnsByLevel: number;
  readonly columnsByNode: number;
  readonly subsample: number;
  readonly positiveWeight: number;
  readonly seed: number;
  /** Trees of each output in a round. */
  readonly parallelTrees: number;
  /** Leaf values are replaced before they are applied (`rowsOfLeaves`). */
  readonly keepRows: boolean;
  /** By column −1, 0, 1; absent = all 0. */
  readonly monotone?: readonly number[];
  /** Sets of columns that may follow each other on a path. */
  readonly constraints: readonly (readonly number[])[];
}

/** Where rows come from: a matrix that need not lie in the kernel's memory. */
export interface RowSource {
  /** Writes rows `from` … `to` one after the other, NaN where a value is missing. */
  copyRows(from: number, to: number, target: Float32Array): void;
}

/** Of a column of categories: the bin of each category, from 0; 255 = unknown. */
export interface CategoryBins {
  readonly column: number;
  readonly bins: Uint8Array;
  readonly count: number;
  readonly isOneHot: boolean;
}

/** Boosting over one table. Margins and derivatives hold output after output, each `rowStride` long. */
export interface BoostingKernel extends Disposable {
  readonly rowStride: number;
  readonly margins: Float32Array;
  readonly firsts: Float32Array;
  readonly seconds: Float32Array;
  /** Whole rounds with a loss of the kernel; the trees that they grew, as many as the shape's `trees` at most. */
  boost(loss: BoostingLoss, firstTree: number, count: number): Promise<readonly BoostedTree[]>;
  /** Derivatives of a loss of the kernel, for `grow`. */
  derive(loss: BoostingLoss): Promise<void>;
  /** One tree on the derivatives of one output; leaf values are not applied. Throws the signal's reason within a second of its abort. */
  grow(tree: number, output: number, signal?: AbortSignal): Promise<BoostedTree>;
  /** Rows of each leaf of the tree that was grown; needs `keepRows`. */
  rowsOfLeaves(): ReadonlyMap<number, Uint32Array>;
  /** Other values for the leaves of the tree that was grown. */
  setLeafValues(values: ReadonlyMap<number, number>): void;
  /** Adds the values of the tree that was grown to its output's margins. */
  apply(output: number): Promise<void>;
  /** Margins of the evaluated tables, which the caller keeps up to date. */
  readonly evaluated: readonly EvaluatedMargins[];
  /**
   * Sums over rows of weight × loss: of the training rows, then of the evaluated tables. Squared error (whole squares), log-loss of labels from 0 to 1, or
   * cross-entropy of classes; the same on any number of threads.
   */
  sumLosses(loss: BoostingLoss): Promise<readonly number[]>;
  /** The bin of a row in a column; the number of bins stands for a missing value. */
  binOf(column: number, row: number): number;
  binCount(column: number): number;
}

/** Output after output, `rowStride` apart. */
export interface EvaluatedMargins {
  readonly margins: Float32Array;
  readonly rowStride: number;
}

export interface BoostingData {
  readonly source: RowSource;
  readonly categories: readonly CategoryBins[];
  readonly labels: Float32Array;
  readonly weights?: Float32Array;
  /** Of the shape's evaluated tables. */
  readonly evaluated?: readonly { readonly labels: Float32Array; readonly weights?: Float32Array }[];
}

/** Numbers that the steps of one call look at, so that a tree can be aborted in between. */
const VALUES_OF_ONE_CALL = 20_000_000;
/** What a split costs for each column beside the rows, in numbers: its children's histograms. */
const SPLIT_VALUES = 512;
/** Fewer rows than these are summed with 30 bits: it costs little and small tables are compared digit by digit. */
const ROWS_OF_EXACT_SUMS = 8192;
/** Absolute derivatives of a row, in units of the last of 16 bits, that are enough on average. */
const ENOUGH_QUANTA = 48;

/** Bins the table on all threads and keeps it for training. Throws RangeError above 4 GiB, and the signal's reason. */
export async function startBoosting(
  shape: BoostingShape,
  settings: BoostingSettings,
  { signal, ...data }: BoostingData & { readonly signal?: AbortSignal },
): Promise<BoostingKernel> {
  const { layout, memory: reserved } = layoutBoosting(shape);
  const memory = reserved.allocate();
  const team = startKernelThreads({ kernel: "gradient-boosting", memory, threads: shape.threads });
  try {
    const kernel = new WasmBoosting({ shape, settings, layout, memory, team });
    await kernel.load(data, signal);
    return kernel;
  } catch (error) {
    team[Symbol.dispose]();
    throw error;
  }
}

interface Parts {
  readonly shape: BoostingShape;
  readonly settings: BoostingSettings;
  readonly layout: BoostingLayout;
  readonly memory: WebAssembly.Memory;
  readonly team: KernelThreads;
}

class WasmBoosting implements BoostingKernel {
  readonly rowStride: number;
  readonly margins: Float32Array;
  readonly firsts: Float32Array;
  readonly seconds: Float32Array;
  readonly evaluated: readonly EvaluatedMargins[];
  readonly #parts: Parts;

  constructor(parts: Parts) {
    const { shape, layout, memory } = parts;
    this.#parts = parts;
    this.rowStride = layout.rowStride;
    const { addresses } = layout;
    const all = shape.outputs * layout.rowStride;
    this.margins = new Float32Array(memory.buffer, addresses.margins, all);
    this.firsts = new Float32Array(memory.buffer, addresses.firsts, all);
    this.seconds = new Float32Array(memory.buffer, addresses.seconds, all);
    this.evaluated = layout.judged.slice(1).map(({ rowStride, margins }) => ({
      rowStride,
      margins: new Float32Array(memory.buffer, margins, shape.outputs * rowStride),
    }));
  }

  async load(
    { source, categories, labels, weights, evaluated = [] }: BoostingData,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    this.#setUp(weights !== undefined);
    this.#floats("labels", labels.length).set(labels);
    if (weights !== undefined) this.#floats("weights", weights.length).set(weights);
    for (const [index, table] of evaluated.entries()) this.#loadEvaluated(index, table);
    this.#mapCategories(categories);
    await this.#bin(source, signal);
    this.#compactHistograms();
  }

  async boost(loss: BoostingLoss, firstTree: number, count: number): Promise<readonly BoostedTree[]> {
    const kind = boostingLosses.indexOf(loss) + 4 * this.#parts.settings.parallelTrees;
    await this.#call("boost", firstTree, count, kind);
    return Array.from({ length: count }, (_, index) => this.#tree(index));
  }

  async derive(loss: BoostingLoss): Promise<void> {
    await this.#call("derive", boostingLosses.indexOf(loss));
  }

  async grow(tree: number, output: number, signal?: AbortSignal): Promise<BoostedTree> {
    const { rows, columns, batch } = this.#parts.shape;
    const steps = Math.max(1, Math.floor(VALUES_OF_ONE_CALL / ((rows + batch * SPLIT_VALUES) * columns)));
    await this.#call("beginTree", tree, output);
    for (let more = 1; more === 1; ) {
      await setImmediate();
      signal?.throwIfAborted();
      more = await this.#call("growTree", steps);
    }
    return this.#tree(0);
  }

  rowsOfLeaves(): ReadonlyMap<number, Uint32Array> {
    return readLeafRows(this.#parts.memory, this.#parts.layout, { ...this.#parts.shape, ...this.#tree(0) });
  }

  setLeafValues(values: ReadonlyMap<number, number>): void {
    const { layout, memory } = this.#parts;
    const view = new DataView(memory.buffer, layout.addresses.nodeArena);
    for (const [node, value] of values) view.setFloat32(node * NODE_BYTES + VALUE, value, true);
  }

  async apply(output: number): Promise<void> {
    await this.#call("applyTree", output);
  }

  async sumLosses(loss: BoostingLoss): Promise<readonly number[]> {
    const { layout, memory, shape, team } = this.#parts;
    const sums: number[] = [];
    for (const { rows, rowStride, margins, labels, weights } of layout.judged) {
      team.setGlobals({
        judgedRows: rows,
        judgedStride: rowStride,
        judgedOutputs: shape.outputs,
        judgedMargins: margins,
        judgedLabels: labels,
        judgedWeights: weights,
      });
      await this.#call("judge", boostingLosses.indexOf(loss));
      const ofBlocks = new Float64Array(memory.buffer, layout.addresses.judgements, Math.ceil(rows / JUDGED_BLOCK));
      sums.push(ofBlocks.reduce((total, sum) => total + sum, 0));
    }
    return sums;
  }

  binOf(column: number, row: number): number {
    const { layout, memory } = this.#parts;
    return new Uint8Array(memory.buffer, layout.addresses.columnBins + column * layout.rowStride + row, 1)[0] ?? 0;
  }

  binCount(column: number): number {
    return this.#integers("binCounts", column + 1)[column] ?? 0;
  }

  [Symbol.dispose](): void {
    this.#parts.team[Symbol.dispose]();
  }

  #loadEvaluated(index: number, { labels, weights }: NonNullable<BoostingData["evaluated"]>[number]): void {
    const { layout, memory } = this.#parts;
    const table = layout.judged[index + 1];
    if (table === undefined) throw new RangeError(`The shape has no evaluated table ${index}.`);
    new Float32Array(memory.buffer, table.labels, labels.length).set(labels);
    if (weights !== undefined) new Float32Array(memory.buffer, table.weights, weights.length).set(weights);
  }

  async #call(name: string, ...values: readonly number[]): Promise<number> {
    const [result = 0] = await this.#parts.team.call(name, (thread) => [thread, ...values]);
    return result;
  }

  #tree(index: number): BoostedTree {
    const { layout, memory, shape } = this.#parts;
    const count = this.#integers("nodeCounts", index + 1)[index] ?? 0;
    const address = layout.addresses.nodeArena + index * shape.nodes * NODE_BYTES;
    return readTree(memory, { address, count, cuts: layout.addresses.cuts, binCounts: layout.addresses.binCounts });
  }

  #floats(area: "labels" | "weights" | "staging", length: number): Float32Array {
    return new Float32Array(this.#parts.memory.buffer, this.#parts.layout.addresses[area], length);
  }

  #integers(area: keyof BoostingLayout["addresses"], length: number): Int32Array {
    return new Int32Array(this.#parts.memory.buffer, this.#parts.layout.addresses[area], length);
  }

  #setUp(hasWeights: boolean): void {
    const { shape, settings, layout, memory, team } = this.#parts;
    const { constraints, monotone, parallelTrees: _, lossGuided, keepRows, ...numbers } = settings;
    const { categoryBytes: __, ...addresses } = layout.addresses;
    const isSmall = shape.rows < ROWS_OF_EXACT_SUMS;
    team.setGlobals({
      ...numbers,
      ...addresses,
      weights: hasWeights ? addresses.weights : 0,
      monotone: monotone === undefined ? 0 : addresses.monotone,
      rows: shape.rows,
      columns: shape.columns,
      outputs: shape.outputs,
      threads: shape.threads,
      blocks: layout.blocks.length,
      rowStride: layout.rowStride,
      segmentBytes: layout.segmentBytes,
      nodeLimit: shape.nodes,
      slotCount: shape.slots,
      scratchBytes: layout.scratchBytes,
      constraintSetCount: constraints.length,
      lossGuided: Number(lossGuided),
      keepRows: Number(keepRows),
      batchLimit: lossGuided ? 1 : shape.batch,
      plainGain: Number(isPlain(settings)),
      minimumQuanta: isSmall ? Number.POSITIVE_INFINITY : ENOUGH_QUANTA * shape.rows * settings.subsample,
      // Sums over all rows stay below 2^52.
      exactBits: Math.min(30, 52 - Math.ceil(Math.log2(shape.rows + 1))),
    });
    const table = this.#integers("blockTable", layout.blocks.length * 3);
    for (const [index, { first, width, records }] of layout.blocks.entries())
      table.set([first, width, records], index * 3);
    this.#integers("monotone", shape.columns).set(monotone ?? []);
    const sets = new Uint8Array(memory.buffer, addresses.constraintSets, constraints.length * shape.columns);
    for (const [index, set] of constraints.entries()) {
      for (const column of set) sets[index * shape.columns + column] = 1;
    }
  }

  #mapCategories(categories: readonly CategoryBins[]): void {
    const { layout, memory, shape } = this.#parts;
    const maps = this.#integers("categoryMaps", shape.columns * 2);
    const kinds = this.#integers("kinds", shape.columns);
    const counts = this.#integers("binCounts", shape.columns);
    let address = layout.addresses.categoryBytes;
    for (const { column, bins, count, isOneHot } of categories) {
      const map = new Uint8Array(memory.buffer, address, bins.length);
      // What is unknown shares the bin of missing values.
      map.set(bins.map((bin) => Math.min(bin, count)));
      maps.set([address, bins.length], column * 2);
      kinds[column] = isOneHot ? 1 : 2;
      counts[column] = count;
      address += bins.length;
    }
  }

  async #bin(source: RowSource, signal: AbortSignal | undefined): Promise<void> {
    const { layout, shape } = this.#parts;
    const { rows, columns, threads } = shape;
    const { stagedRows } = layout;
    const staging = this.#floats("staging", stagedRows * columns);
    if (stagedRows === rows) source.copyRows(0, rows, staging);
    else {
      for (let place = 0; place < stagedRows; place += 1) {
        const row = Math.floor((place * rows) / stagedRows);
        source.copyRows(row, row + 1, staging.subarray(place * columns, (place + 1) * columns));
      }
    }
    await this.#call("makeCuts", stagedRows);
    for (let from = 0; from < rows; from += stagedRows) {
      const to = Math.min(from + stagedRows, rows);
      if (stagedRows < rows) {
        await setImmediate();
        signal?.throwIfAborted();
        source.copyRows(from, to, staging);
      }
      // Whole cache lines of bins, so that no two threads write to the same one.
      const share = (thread: number): number =>
        thread === threads ? to - from : Math.floor(((to - from) * thread) / threads / 64) * 64;
      await this.#parts.team.call("bin", (thread) => [share(thread), share(thread + 1), from]);
    }
  }

  /** A histogram has room for the bins that there are. */
  #compactHistograms(): void {
    const { shape, team } = this.#parts;
    const counts = this.#integers("binCounts", shape.columns);
    const missing = this.#integers("missingFlags", shape.columns);
    const offsets = this.#integers("binOffsets", shape.columns);
    let next = 0;
    for (let column = 0; column < shape.columns; column += 1) {
      offsets[column] = next;
      next += (counts[column] ?? 0) + (missing[column] ?? 0);
    }
    team.setGlobals({ slotBytes: Math.ceil((next * 16) / 64) * 64 });
  }
}

const NODE_BYTES = 160;
const VALUE = 132;

/** Nothing but lambda and a positive least weight: the gain's short form holds. */
function isPlain({ alpha, maxDeltaStep, minChildWeight, monotone }: BoostingSettings): boolean {
  return alpha === 0 && maxDeltaStep === 0 && minChildWeight > 0 && monotone === undefined;
}
