import {
  createEmbeddingBag,
  createWordVectors,
  type EmbeddingBagMemory,
  inputRows,
  type LearningKernel,
  type LearningSchedule,
  type WordVectorMemory,
} from "@rondo/kernels";

/** What is learned, in memory that all threads share. */
export type LearnedMatrices =
  | { readonly kind: "classifier"; readonly memory: EmbeddingBagMemory }
  | { readonly kind: "word vectors"; readonly memory: WordVectorMemory };

/** What each thread of a training run is given; all of it can be posted to a worker. */
export interface TrainingRun {
  readonly matrices: LearnedMatrices;
  readonly segments: readonly Int32Array[];
  readonly schedule: LearningSchedule;
  readonly seed: number;
  /** Whether the input matrix is to be filled with small random numbers first; false for one that was learned before. */
  readonly initialise: boolean;
  readonly threads: number;
}

/**
 * One of the threads that learn lines into the shared matrices without locks (Hogwild, Niu et al. 2011), as fastText
 * does.
 */
export interface TrainingThread {
  readonly kernel: LearningKernel;
  /** Fills this thread's tenth of the input matrix; all threads do so before the first learns. */
  initialise(): void;
  /**
   * Learns up to one segment's worth of lines, going on where it stopped; returns at once when the target of tokens is
   * reached.
   */
  advance(): void;
}

export function createTrainingThread(run: TrainingRun, thread: number): TrainingThread {
  const { matrices, segments, schedule, seed } = run;
  const kernel = createKernel(matrices, thread);
  const cursor = startOf(segments, thread / run.threads, recordLengths[matrices.kind]);
  let loaded = -1;
  kernel.schedule(schedule);
  kernel.seed(thread + seed);
  return {
    kernel,
    // fasttext 0.9.2 cuts the matrix into ten blocks and fills as many of them as it has threads; the rest starts at
    // zero.
    initialise() {
      const { dim } = matrices.memory.shape;
      const elements = rowsOf(matrices) * dim;
      const block = Math.floor(elements / 10);
      kernel.seed(thread + seed);
      kernel.initialise(block * thread, Math.min(elements, block * (thread + 1)), Math.fround(1 / dim));
      kernel.seed(thread + seed);
    },
    advance() {
      const segment = segments[cursor.segment];
      if (loaded !== cursor.segment) kernel.window.set(segment);
      loaded = cursor.segment;
      cursor.offset = kernel.train(cursor.offset, segment.byteLength);
      if (cursor.offset < segment.byteLength) return;
      cursor.segment = (cursor.segment + 1) % segments.length;
      cursor.offset = 0;
    },
  };
}

function createKernel(matrices: LearnedMatrices, thread: number): LearningKernel {
  return matrices.kind === "classifier"
    ? createEmbeddingBag(matrices.memory, thread)
    : createWordVectors(matrices.memory, thread);
}

function rowsOf({ kind, memory }: LearnedMatrices): number {
  return kind === "classifier" ? inputRows(memory.shape) : memory.shape.words + memory.shape.buckets;
}

type RecordLength = (values: Int32Array, offset: number) => number;

/** Length in int32 of the record at an offset, as the kernels read it. */
const recordLengths: Readonly<Record<LearnedMatrices["kind"], RecordLength>> = {
  classifier: (values, offset) => 4 + values[offset + 1] + values[offset + 2] + values[offset + 3],
  "word vectors": (values, offset) => 2 + values[offset + 1],
};

/** The first line at or behind this fraction of the corpus. */
function startOf(
  segments: readonly Int32Array[],
  fraction: number,
  recordLength: RecordLength,
): { segment: number; offset: number } {
  const total = segments.reduce((sum, { length }) => sum + length, 0);
  let remaining = Math.floor(total * fraction);
  let segment = 0;
  while (remaining >= segments[segment].length) remaining -= segments[segment++].length;
  const values = segments[segment];
  let offset = 0;
  while (offset < remaining) offset += recordLength(values, offset);
  return offset < values.length
    ? { segment, offset: offset * 4 }
    : { segment: (segment + 1) % segments.length, offset: 0 };
}

/** Tokens that all threads have done. */
export function tokensDone({ memory: { memory, layout } }: LearnedMatrices): number {
  return Number(Atomics.load(new BigInt64Array(memory.buffer, layout.control, 2), 0));
}

/** Lets all threads go on until this many tokens are done; 0 stops them. */
export function setTokenTarget({ memory: { memory, layout } }: LearnedMatrices, tokens: number): void {
  Atomics.store(new BigInt64Array(memory.buffer, layout.control, 2), 1, BigInt(tokens));
}

/** Whether the threads' target is reached. */
export function isTargetReached({ memory: { memory, layout } }: LearnedMatrices): boolean {
  const control = new BigInt64Array(memory.buffer, layout.control, 2);
  return Atomics.load(control, 0) >= Atomics.load(control, 1);
}
