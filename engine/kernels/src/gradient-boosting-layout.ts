import { createMemoryLayout, type MemoryLayout } from "./memory-layout.ts";

export interface BoostingShape {
  readonly rows: number;
  readonly columns: number;
  /** Margins of a row. */
  readonly outputs: number;
  readonly threads: number;
  /** Bytes of the maps from category to bin, of all columns. */
  readonly categoryBytes: number;
  /** Most nodes of a tree, and trees that one call may grow. */
  readonly nodes: number;
  readonly trees: number;
  /** Nodes that are split together. */
  readonly batch: number;
  /** Histograms that are kept; at least 2 × batch + 1. */
  readonly slots: number;
  readonly constraintSets: number;
  readonly hasWeights: boolean;
  /** Tables beside the training rows that are judged by their margins. */
  readonly evaluated?: readonly JudgedShape[];
}

export interface JudgedShape {
  readonly rows: number;
  readonly hasWeights: boolean;
}

/** Where a table that is judged lies; weights 0 = none. Margins lie output after output, `rowStride` apart. */
export interface JudgedLayout {
  readonly rows: number;
  readonly rowStride: number;
  readonly margins: number;
  readonly labels: number;
  readonly weights: number;
}

/** Where everything lies: addresses that are globals of the kernel by the same names, and how far apart. */
export interface BoostingLayout {
  readonly addresses: Readonly<Record<BoostingArea, number>>;
  readonly rowStride: number;
  readonly segmentBytes: number;
  readonly scratchBytes: number;
  /** Rows that the staging area holds. */
  readonly stagedRows: number;
  /** The training rows, then the evaluated tables. */
  readonly judged: readonly JudgedLayout[];
  readonly blocks: readonly { readonly first: number; readonly width: number; readonly records: number }[];
}

/** Rows whose values the cuts of a column are made from. */
const SAMPLED_ROWS = 131_072;
/** Of raw values that are binned in one call: some ten milliseconds' work. */
const STAGED_BYTES = 64 * 1024 ** 2;
/** Columns that are summed together: their tables fit into a first-level cache. */
const BLOCK_WIDTH = 10;
const WIDEST_BLOCK = 12;
const NODE_BYTES = 160;
const CANDIDATE_BYTES = 192;
const ROW_SCRATCH = 61_440;
/** Rows whose losses are summed apart. */
export const JUDGED_BLOCK = 4096;
const BINS = 256;

/** Bytes of each area; those that depend on nothing but the shape. */
function areaBytes(shape: BoostingShape, stride: number) {
  const { rows, columns, outputs, threads, batch, nodes } = shape;
  const padded = stride - rows;
  return {
    barrierAddress: 256,
    controlAddress: 64 * (threads + 2),
    cuts: columns * BINS * 4,
    binCounts: columns * 4,
    missingFlags: columns * 4,
    binOffsets: columns * 4,
    kinds: columns * 4,
    categoryMaps: columns * 8,
    categoryBytes: shape.categoryBytes,
    columnBins: columns * stride,
    firsts: outputs * stride * 4,
    seconds: outputs * stride * 4,
    pairs: stride * 8,
    margins: outputs * stride * 4,
    labels: stride * 4,
    weights: shape.hasWeights ? stride * 4 : 0,
    rowIndexes: (rows + padded) * 4,
    nodeArena: shape.trees * nodes * NODE_BYTES,
    nodeCounts: shape.trees * 4,
    slots: shape.slots * columns * BINS * 16,
    slotOwners: shape.slots * 4,
    candidates: (2 * batch + 1) * threads * CANDIDATE_BYTES,
    queue: nodes * 4,
    searched: (2 * batch + 1) * 4,
    splits: batch * 4,
    columnMasks: (2 * batch + 1) * columns,
    treeMask: columns,
    paths: shape.constraintSets === 0 ? 0 : nodes * columns,
    constraintSets: shape.constraintSets * columns,
    monotone: columns * 4,
  };
}

export type BoostingArea =
  | keyof ReturnType<typeof areaBytes>
  | "staging"
  | "segments"
  | "scratch"
  | "blockTable"
  | "judgements";

/** Places everything and takes the memory; throws RangeError when it is more than 32-bit addresses reach. */
export function layoutBoosting(shape: BoostingShape): {
  readonly layout: BoostingLayout;
  readonly memory: MemoryLayout;
} {
  const memory = createMemoryLayout();
  const { rows, columns, threads } = shape;
  const rowStride = strideOf(rows);
  const addresses: Partial<Record<BoostingArea, number>> = {};
  for (const [area, bytes] of Object.entries(areaBytes(shape, rowStride))) {
    addresses[area as BoostingArea] = memory.take(bytes);
  }
  const stagedRows = Math.min(rows, SAMPLED_ROWS, Math.max(1024, Math.floor(STAGED_BYTES / (4 * columns))));
  addresses.staging = memory.take(stagedRows * columns * 4);
  const segmentBytes = Math.ceil((shape.nodes * 8) / 64) * 64;
  addresses.segments = memory.take(segmentBytes * threads);
  const sortBytes = Math.min(rows, SAMPLED_ROWS) * 8 + 8192;
  const scratchBytes =
    Math.ceil((ROW_SCRATCH + Math.max(sortBytes, (Math.ceil(rows / threads) + 64) * 4) + 64) / 4096) * 4096;
  addresses.scratch = memory.take(scratchBytes * threads);
  const blocks = divideColumns(columns, threads).map(({ first, width }) => ({
    first,
    width,
    records: memory.take(rowStride * 16),
  }));
  addresses.blockTable = memory.take(blocks.length * 12);
  const judged = [trainingRows(shape, rowStride, addresses), ...placeEvaluated(shape, memory)];
  const longest = judged.reduce((most, table) => Math.max(most, table.rows), 0);
  addresses.judgements = memory.take(Math.ceil(longest / JUDGED_BLOCK) * 8);
  return {
    layout: {
      addresses: addresses as Record<BoostingArea, number>,
      rowStride,
      segmentBytes,
      scratchBytes,
      stagedRows,
      judged,
      blocks,
    },
    memory,
  };
}

/** The last vector of a thread may reach beyond the last row. */
function strideOf(rows: number): number {
  return Math.ceil(rows / 16) * 16 + 16;
}

function trainingRows(
  { rows, hasWeights }: BoostingShape,
  rowStride: number,
  { margins = 0, labels = 0, weights = 0 }: Partial<Record<BoostingArea, number>>,
): JudgedLayout {
  return { rows, rowStride, margins, labels, weights: hasWeights ? weights : 0 };
}

function placeEvaluated({ evaluated = [], outputs }: BoostingShape, memory: MemoryLayout): readonly JudgedLayout[] {
  return evaluated.map(({ rows, hasWeights }) => {
    const rowStride = strideOf(rows);
    return {
      rows,
      rowStride,
      margins: memory.take(outputs * rowStride * 4),
      labels: memory.take(rowStride * 4),
      weights: hasWeights ? memory.take(rowStride * 4) : 0,
    };
  });
}

/** Neighbouring columns in blocks of nearly equal width, as many for each thread. */
function divideColumns(columns: number, threads: number): readonly { first: number; width: number }[] {
  const width = threads === 1 ? WIDEST_BLOCK : BLOCK_WIDTH;
  const wanted = Math.ceil(Math.ceil(columns / width) / threads) * threads;
  const count = Math.min(wanted, columns);
  return Array.from({ length: count }, (_, index) => {
    const first = Math.floor((index * columns) / count);
    return { first, width: Math.floor(((index + 1) * columns) / count) - first };
  });
}
