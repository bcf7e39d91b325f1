import { createMemoryLayout } from "./memory-layout.ts";

export interface WordVectorShape {
  /** Length of a vector. */
  readonly dim: number;
  /** Rows of the words; the rows of the buckets of character n-grams follow them. At least two. */
  readonly words: number;
  readonly buckets: number;
  /** What predicts what: the context its center (cbow), or the center each word of its context. */
  readonly mode: "cbow" | "skipgram" | "batch-skipgram";
  /** Words on either side, at most: each center draws how many. */
  readonly window: number;
  readonly negatives: number;
  /** Of batch-skipgram: contexts that share their negatives. */
  readonly batchSize: number;
}

/** What the words are like, in the order of their rows. */
export interface WordVectorTables {
  /** The share of a word's occurrences that is learned; frequent words are left out more often. */
  readonly keptShares: Float32Array;
  /** Slots of the table that negatives are drawn from: where those of each word start, and where the last ones end. */
  readonly negativeStarts: Int32Array;
  readonly subwords?: SubwordTable;
}

/** Each word's rows: its own and those of its character n-grams. */
export interface SubwordTable {
  /** One entry more than words. */
  readonly starts: Int32Array;
  readonly rows: Int32Array;
  /** By how much the mean of a word's rows moves when each of them moves by 1, counted as often as it is listed: 1 unless one is listed twice. */
  readonly spreads: Float32Array;
}

/** What one thread works with besides the matrices. */
export interface WordVectorCapacity {
  /** Bytes of the longest run of records handed over in one call. */
  readonly windowBytes: number;
  /** Words of the longest line. */
  readonly lineWords: number;
  /** Rows of the longest context. */
  readonly features: number;
}

/** Byte addresses in the shared memory. */
interface ThreadArea {
  readonly window: number;
  readonly line: number;
  readonly features: number;
  readonly targets: number;
  readonly factors: number;
  readonly copies: number;
  readonly batch: number;
  readonly hidden: number;
  readonly gradient: number;
  readonly total: number;
}

export interface WordVectorLayout {
  /** Floats per row: `dim` rounded up to whole cache lines. The padding stays zero. */
  readonly stride: number;
  /** Two int64: tokens done by all threads, and the number at which they stop. */
  readonly control: number;
  readonly sigmoidTable: number;
  readonly lossTable: number;
  readonly keptShares: number;
  readonly negativeStarts: number;
  /** The word of every 64th slot, from which the search for a slot's word starts. */
  readonly negativeGuide: number;
  readonly negativeSlots: number;
  /** 0 when there are no subwords. */
  readonly subwordStarts: number;
  readonly subwordRows: number;
  readonly subwordSpreads: number;
  readonly threads: readonly ThreadArea[];
  readonly output: number;
  readonly input: number;
}

export interface WordVectorMemory {
  readonly shape: WordVectorShape;
  readonly layout: WordVectorLayout;
  /** Shared between threads. Pages that nobody wrote cost nothing. */
  readonly memory: { readonly buffer: SharedArrayBuffer };
}

const SIGMOID_STEPS = 512;
const SIGMOID_LIMIT = 8;
/** Slots of the table of negatives per entry of the guide. */
export const GUIDE_STEP = 64;

/**
 * Allocates the memory for as many threads as there are capacities, zero but for its tables. Throws RangeError with the
 * sizes when it exceeds the 4 GiB that WebAssembly can address.
 */
export function allocateWordVectors(
  shape: WordVectorShape,
  tables: WordVectorTables,
  capacities: readonly WordVectorCapacity[],
): WordVectorMemory {
  const memoryLayout = createMemoryLayout();
  const take = (count: number): number => memoryLayout.take(count * 4);
  const { words, buckets, dim, negatives, batchSize } = shape;
  const { subwords, negativeStarts } = tables;
  const stride = Math.ceil(dim / 16) * 16;
  const targets = negatives + 1;
  const negativeSlots = negativeStarts[words];
  const layout: WordVectorLayout = {
    stride,
    control: take(4),
    sigmoidTable: take(SIGMOID_STEPS + 1),
    lossTable: take(SIGMOID_STEPS + 1),
    keptShares: take(words),
    negativeStarts: take(words + 1),
    negativeGuide: take(Math.ceil(negativeSlots / GUIDE_STEP)),
    negativeSlots,
    subwordStarts: subwords === undefined ? 0 : take(words + 1),
    subwordRows: take(subwords?.rows.length ?? 0),
    subwordSpreads: take(words),
    threads: capacities.map((capacity) => ({
      window: memoryLayout.take(capacity.windowBytes),
      line: take(capacity.lineWords),
      features: take(capacity.features),
      targets: take(targets),
      factors: take(targets * Math.max(1, batchSize)),
      copies: take(batchSize),
      batch: take(batchSize * stride),
      hidden: take(stride),
      gradient: take(stride),
      total: take(stride),
    })),
    output: take(words * stride),
    input: take((words + buckets) * stride),
  };
  const memory = memoryLayout.allocate() as unknown as WordVectorMemory["memory"];
  writeTables(memory.buffer, layout, tables);
  return { shape, layout, memory };
}

function writeTables(buffer: SharedArrayBuffer, layout: WordVectorLayout, tables: WordVectorTables): void {
  const integers = new Int32Array(buffer);
  const floats = new Float32Array(buffer);
  const { keptShares, negativeStarts, subwords } = tables;
  for (let step = 0; step <= SIGMOID_STEPS; step++) {
    const x = Math.fround((step * 2 * SIGMOID_LIMIT) / SIGMOID_STEPS - SIGMOID_LIMIT);
    const power = Math.fround(Math.exp(-x));
    floats[layout.sigmoidTable / 4 + step] = 1 / (1 + power);
    floats[layout.lossTable / 4 + step] = Math.log1p(power);
  }
  floats.set(keptShares, layout.keptShares / 4);
  integers.set(negativeStarts, layout.negativeStarts / 4);
  let word = 0;
  for (let slot = 0, entry = layout.negativeGuide / 4; slot < layout.negativeSlots; slot += GUIDE_STEP, entry++) {
    while (negativeStarts[word + 1] <= slot) word++;
    integers[entry] = word;
  }
  if (subwords === undefined) return;
  integers.set(subwords.starts, layout.subwordStarts / 4);
  integers.set(subwords.rows, layout.subwordRows / 4);
  floats.set(subwords.spreads, layout.subwordSpreads / 4);
}
