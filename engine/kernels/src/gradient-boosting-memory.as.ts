// What all threads of gradient boosting share: where things lie, who owns which rows, and the barrier at which they meet.
// gradient-boosting-layout.ts takes the memory and says what lies where.

/* oxlint-disable prefer-const -- each thread's host sets these globals of its instance before the first call */
export let rows: i32 = 0;
export let columns: i32 = 0;
export let outputs: i32 = 1;
export let threads: i32 = 1;
export let blocks: i32 = 0;
/** Rows of the arrays that hold one number for each row and output. */
export let rowStride: i32 = 0;

export let barrierAddress: usize = 0;
export let controlAddress: usize = 0;
export let staging: usize = 0;
export let cuts: usize = 0;
export let binCounts: usize = 0;
export let missingFlags: usize = 0;
export let binOffsets: usize = 0;
export let kinds: usize = 0;
export let categoryMaps: usize = 0;
export let columnBins: usize = 0;
export let blockTable: usize = 0;
export let firsts: usize = 0;
export let seconds: usize = 0;
export let pairs: usize = 0;
export let margins: usize = 0;
export let labels: usize = 0;
export let weights: usize = 0;
export let rowIndexes: usize = 0;
export let segments: usize = 0;
export let segmentBytes: i32 = 0;
/** Room for `nodeLimit` nodes of each tree that one call grows, and how many it has. */
export let nodeArena: usize = 0;
export let nodeLimit: i32 = 0;
export let nodeCounts: usize = 0;
export let slots: usize = 0;
export let slotBytes: i32 = 0;
export let slotCount: i32 = 0;
export let slotOwners: usize = 0;
export let candidates: usize = 0;
export let queue: usize = 0;
export let searched: usize = 0;
export let splits: usize = 0;
/** One byte for each column: of each node that is searched, of the tree, and of each node's path. */
export let columnMasks: usize = 0;
export let treeMask: usize = 0;
export let paths: usize = 0;
export let constraintSets: usize = 0;
export let constraintSetCount: i32 = 0;
export let monotone: usize = 0;
export let scratch: usize = 0;
export let scratchBytes: i32 = 0;

export let learningRate: f64 = 0.3;
export let lambda: f64 = 1;
export let alpha: f64 = 0;
export let gamma: f64 = 0;
export let maxDeltaStep: f64 = 0;
export let minChildWeight: f64 = 1;
/** Rows that a leaf needs, counted by their share of the node's second derivatives, as LightGBM does. */
export let minDataInLeaf: f64 = 0;
export let maxDepth: i32 = 6;
export let maxLeaves: i32 = 0;
export let lossGuided: i32 = 0;
export let batchLimit: i32 = 1;
export let maxCategoryThreshold: i32 = 64;
export let maxBins: i32 = 255;
/** No alpha, no limit of a step, no monotone column: the gain is g²/(h + λ). */
export let plainGain: i32 = 1;
/** Leaves are to be known row by row, since their values come from the rows. */
export let keepRows: i32 = 0;
export let columnsByTree: f64 = 1;
export let columnsByLevel: f64 = 1;
export let columnsByNode: f64 = 1;
export let subsample: f64 = 1;
export let seed: u32 = 0;
export let positiveWeight: f64 = 1;
/** Sums of absolute 16-bit derivatives below which a tree is grown with 30 bits. */
export let minimumQuanta: f64 = Infinity;
/** Bits of exact derivatives, so that sums over all rows are exact in a double. */
export let exactBits: i32 = 30;

/** This instance's thread and the nodes of the tree that it works on. */
export let thread: i32 = 0;
export let nodes: usize = 0;
/* oxlint-enable prefer-const */

export function enter(number: i32, tree: i32): void {
  thread = number;
  nodes = nodeArena + <usize>tree * <usize>nodeLimit * NODE_BYTES;
}

/** A block of columns: number of the first one, width, address of its records, one of 16 bytes for each row. */
export const BLOCK_BYTES: usize = 12;

/** Fields of a node, by offset; gradient-boosting-layout.ts reads them. */
export const NODE_BYTES: usize = 160;
export const LEFT: usize = 0;
export const RIGHT: usize = 4;
export const COLUMN: usize = 8;
export const THRESHOLD: usize = 12;
export const DEFAULT_LEFT: usize = 16;
/** The last bin that goes left. */
export const BIN: usize = 20;
export const CATEGORICAL: usize = 24;
export const DEPTH: usize = 28;
/** [second, first] derivatives summed over the node's rows, in quanta. */
export const SUM: usize = 32;
export const LOSS_CHANGE: usize = 48;
/** The number of the node's histogram, −1 = none. */
export const SLOT: usize = 56;
/** Its place among the nodes whose best split is looked for, or one of the states below. */
export const SEARCH: usize = 60;
/** The sum of what goes left in the best split. */
export const LEFT_SUM: usize = 64;
export const LOWER: usize = 80;
export const UPPER: usize = 88;
/** One bit for each bin that goes right, 256 of them. */
export const CATEGORY_BITS: usize = 96;
export const WEIGHT: usize = 128;
export const VALUE: usize = 132;
export const HESSIAN: usize = 136;
/** Its rows were not divided, since both children are leaves. */
export const UNDIVIDED: usize = 140;

/** States of a node that is not searched: it stays a leaf; its best split is known and waits. */
export const SETTLED: i32 = -1;
export const WAITING: i32 = -2;

/** Fields of a candidate for a node's best split, one for each thread; the same offsets as in a node where it has them too. */
export const CANDIDATE_BYTES: usize = 192;

/** From here on a thread's scratch has room for its rows, or for sorting a sample. */
export const ROW_SCRATCH: usize = 61440;

/** Fields of the control block. */
export const NODE_COUNT: usize = 0;
export const SEARCH_COUNT: usize = 4;
export const SPLIT_COUNT: usize = 8;
export const QUEUE_BEGIN: usize = 12;
export const QUEUE_END: usize = 16;
export const LEAF_COUNT: usize = 20;
export const TREE: usize = 24;
export const EXACT: usize = 28;
export const SCALES: usize = 32;
export const TOTAL: usize = 48;
/** From here on a line of its own for each thread: what it found among its rows. */
export const PARTIALS: usize = 64;

// @inline
export function node(index: i32): usize {
  return nodes + <usize>index * NODE_BYTES;
}

// @inline
export function block(index: i32): usize {
  return blockTable + <usize>index * BLOCK_BYTES;
}

// @inline
export function partial(thread: i32): usize {
  return controlAddress + PARTIALS + ((<usize>thread) << 6);
}

// @inline
export function candidate(search: i32, thread: i32): usize {
  return candidates + <usize>(search * threads + thread) * CANDIDATE_BYTES;
}

/** The rows of a node that a thread owns, as places in rowIndexes: [begin, end). */
// @inline
export function segment(index: i32, thread: i32): usize {
  return segments + <usize>thread * <usize>segmentBytes + ((<usize>index) << 3);
}

/** The rows that came to a node, of all threads. */
export function countRows(index: i32): i32 {
  let count = 0;
  for (let owner = 0; owner < threads; owner++) {
    const rows = segment(index, owner);
    count += load<i32>(rows, 4) - load<i32>(rows);
  }
  return count;
}

/** The first row of a thread; whole cache lines of floats, so that no two threads write to the same one. */
// @inline
export function firstRow(thread: i32): i32 {
  return thread >= threads ? rows : <i32>((<i64>rows * thread) / threads) & ~15;
}

// @inline
export function scratchOf(thread: i32): usize {
  return scratch + <usize>thread * <usize>scratchBytes;
}

/** Everyone waits for everyone. Short waits spin: waking a thread costs more than a level of a small tree. */
export function barrier(): void {
  const generation = atomic.load<i32>(barrierAddress, 64);
  if (atomic.add<i32>(barrierAddress, 1) === threads - 1) {
    atomic.store<i32>(barrierAddress, 0);
    atomic.store<i32>(barrierAddress, generation + 1, 64);
    atomic.notify(barrierAddress + 64, -1);
    return;
  }
  for (let turn = 0; turn < 20000; turn++) {
    if (atomic.load<i32>(barrierAddress, 64) !== generation) return;
  }
  while (atomic.load<i32>(barrierAddress, 64) === generation) {
    atomic.wait<i32>(barrierAddress + 64, generation, -1);
  }
}

/** A well-mixed number for each counter and sequence: the finaliser of MurmurHash3. */
// @inline
export function randomBits(sequence: u32, counter: u32): u32 {
  let bits: u32 = counter * 0x9e3779b9 + sequence;
  bits = (bits ^ (bits >> 16)) * 0x85ebca6b;
  bits = (bits ^ (bits >> 13)) * 0xc2b2ae35;
  return bits ^ (bits >> 16);
}
