/**
 * Which loss the classifier on top is trained with: one label per line, each label on its own, or one label per line by
 * the decisions on its way through a binary tree.
 */
export type EmbeddingBagLoss = "softmax" | "one-versus-all" | "hierarchical-softmax";

/** The decisions that lead to each label, from its leaf up to the root. */
export interface LabelPaths {
  /** Where the steps of a label start; one entry more than labels. */
  readonly starts: Int32Array;
  /** Twice the output row that decides, plus 1 where the label lies on the side of the positive decision. */
  readonly steps: Int32Array;
}

export interface EmbeddingBagShape {
  /** Length of an embedding. */
  readonly dim: number;
  /** Rows that lines name directly; the rows of the n-gram buckets follow them. */
  readonly words: number;
  readonly buckets: number;
  /** Of a pruned model: for each bucket, 1 + its row behind those of the words, or 0 when it was left out. */
  readonly bucketRows?: Int32Array;
  readonly labels: number;
  /** Longest word n-gram. */
  readonly wordNgrams: number;
  readonly loss: EmbeddingBagLoss;
  /** Of hierarchical softmax only. */
  readonly paths?: LabelPaths;
}

/** What one thread works with besides the matrices. */
export interface ThreadCapacity {
  /** Bytes of the longest run of records handed over in one call. */
  readonly windowBytes: number;
  /** Rows of the longest line, word n-grams included. */
  readonly features: number;
}

/** Byte addresses in the shared memory. */
export interface ThreadArea {
  readonly window: number;
  readonly features: number;
  readonly hidden: number;
  readonly gradient: number;
  readonly scores: number;
  readonly decisions: number;
}

export interface EmbeddingBagLayout {
  /**
   * Floats per row: `dim` rounded up to whole cache lines, so that no row shares one with another thread's. The padding
   * stays zero.
   */
  readonly stride: number;
  /** Two int64: tokens done by all threads, and the number at which they stop. */
  readonly control: number;
  readonly sigmoidTable: number;
  readonly pathStarts: number;
  readonly pathSteps: number;
  /** 0 when each bucket has its row. */
  readonly bucketRows: number;
  readonly threads: readonly ThreadArea[];
  readonly output: number;
  readonly input: number;
  readonly byteLength: number;
}

export interface EmbeddingBagMemory {
  readonly shape: EmbeddingBagShape;
  readonly layout: EmbeddingBagLayout;
  /** Shared between threads. Pages that nobody wrote cost nothing. */
  readonly memory: { readonly buffer: SharedArrayBuffer };
}

const CACHE_LINE = 64;
const PAGE = 65_536;
/** WebAssembly's 32-bit addresses. */
const MAXIMUM_BYTES = 4 * 1024 ** 3 - PAGE;
/** Compiled kernels keep their constants below this address. */
const FIRST_ADDRESS = PAGE;
const SIGMOID_STEPS = 512;
const SIGMOID_LIMIT = 8;

/** Lays out the memory; throws RangeError with the sizes when it exceeds the 4 GiB that WebAssembly can address. */
export function layoutEmbeddingBag(
  shape: EmbeddingBagShape,
  capacities: readonly ThreadCapacity[],
): EmbeddingBagLayout {
  let next = FIRST_ADDRESS;
  const take = (bytes: number): number => {
    const address = next;
    next = Math.ceil((address + bytes) / CACHE_LINE) * CACHE_LINE;
    return address;
  };
  const stride = Math.ceil(shape.dim / 16) * 16;
  const control = take(16);
  const sigmoidTable = take((SIGMOID_STEPS + 1) * 4);
  const pathStarts = take((shape.paths?.starts.length ?? 0) * 4);
  const pathSteps = take((shape.paths?.steps.length ?? 0) * 4);
  const bucketRows = shape.bucketRows === undefined ? 0 : take(shape.buckets * 4);
  const threads = capacities.map((capacity) => ({
    window: take(capacity.windowBytes),
    features: take(capacity.features * 4),
    hidden: take(stride * 4),
    gradient: take(stride * 4),
    scores: take(shape.labels * 4),
    decisions: take(shape.labels * 4),
  }));
  const output = take(shape.labels * stride * 4);
  const input = take(inputRows(shape) * stride * 4);
  if (next > MAXIMUM_BYTES) {
    const size = `${shape.words} words and ${shape.buckets} buckets with ${shape.dim} dimensions and ${shape.labels} labels`;
    const mebibytes = Math.ceil(next / 1024 ** 2);
    throw new RangeError(`a model of ${size} needs ${mebibytes} MiB, more than the 4095 MiB that can be addressed`);
  }
  return {
    stride,
    control,
    sigmoidTable,
    pathStarts,
    pathSteps,
    bucketRows,
    threads,
    output,
    input,
    byteLength: Math.ceil(next / PAGE) * PAGE,
  };
}

/** Allocates the memory for as many threads as there are capacities, zero but for its tables. */
export function allocateEmbeddingBag(
  shape: EmbeddingBagShape,
  capacities: readonly ThreadCapacity[],
): EmbeddingBagMemory {
  const layout = layoutEmbeddingBag(shape, capacities);
  const pages = layout.byteLength / PAGE;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const table = new Float32Array(memory.buffer, layout.sigmoidTable, SIGMOID_STEPS + 1);
  for (let step = 0; step <= SIGMOID_STEPS; step++) {
    const x = Math.fround((step * 2 * SIGMOID_LIMIT) / SIGMOID_STEPS - SIGMOID_LIMIT);
    table[step] = 1 / (1 + Math.fround(Math.exp(-x)));
  }
  new Int32Array(memory.buffer).set(shape.paths?.starts ?? [], layout.pathStarts / 4);
  new Int32Array(memory.buffer).set(shape.paths?.steps ?? [], layout.pathSteps / 4);
  const places = new Int32Array(memory.buffer, layout.bucketRows, shape.bucketRows?.length ?? 0);
  // What stays zero costs no memory.
  for (const [bucket, place] of shape.bucketRows?.entries() ?? []) if (place > 0) places[bucket] = place;
  return { shape, layout, memory };
}

/** Rows of the input matrix: those of the words, and of the buckets that have one. */
export function inputRows({ words, buckets, bucketRows }: EmbeddingBagShape): number {
  return words + (bucketRows === undefined ? buckets : bucketRows.reduce((most, place) => Math.max(most, place), 0));
}
