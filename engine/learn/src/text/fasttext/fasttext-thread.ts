import {
  createEmbeddingBag,
  type EmbeddingBagKernel,
  type EmbeddingBagMemory,
  type LearningSchedule,
} from "@rondo/kernels";

/** What each thread of a training run is given; all of it can be posted to a worker. */
export interface TrainingRun {
  readonly bag: EmbeddingBagMemory;
  readonly segments: readonly Int32Array[];
  readonly schedule: LearningSchedule;
  readonly seed: number;
  readonly threads: number;
}

/**
 * One of the threads that learn lines into the shared matrices without locks (Hogwild, Niu et al. 2011), as fastText
 * does.
 */
export interface TrainingThread {
  readonly kernel: EmbeddingBagKernel;
  /** Fills this thread's tenth of the input matrix; all threads do so before the first learns. */
  initialise(): void;
  /**
   * Learns up to one segment's worth of lines, going on where it stopped; returns at once when the target of tokens is
   * reached.
   */
  advance(): void;
}

export function createTrainingThread(run: TrainingRun, thread: number): TrainingThread {
  const { bag, segments, schedule, seed } = run;
  const kernel = createEmbeddingBag(bag, thread);
  const cursor = startOf(segments, thread / run.threads);
  let loaded = -1;
  kernel.schedule(schedule);
  return {
    kernel,
    // fasttext 0.9.2 cuts the matrix into ten blocks and fills as many of them as it has threads; the rest starts at
    // zero.
    initialise() {
      const { dim, words, buckets } = bag.shape;
      const elements = (words + buckets) * dim;
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

/** The first line at or behind this fraction of the corpus. */
function startOf(segments: readonly Int32Array[], fraction: number): { segment: number; offset: number } {
  const total = segments.reduce((sum, { length }) => sum + length, 0);
  let remaining = Math.floor(total * fraction);
  let segment = 0;
  while (remaining >= segments[segment].length) remaining -= segments[segment++].length;
  const values = segments[segment];
  let offset = 0;
  while (offset < remaining) offset += 4 + values[offset + 1] + values[offset + 2] + values[offset + 3];
  return offset < values.length
    ? { segment, offset: offset * 4 }
    : { segment: (segment + 1) % segments.length, offset: 0 };
}

/** Tokens that all threads have done. */
export function tokensDone({ memory, layout }: EmbeddingBagMemory): number {
  return Number(Atomics.load(new BigInt64Array(memory.buffer, layout.control, 2), 0));
}

/** Lets all threads go on until this many tokens are done; 0 stops them. */
export function setTokenTarget({ memory, layout }: EmbeddingBagMemory, tokens: number): void {
  Atomics.store(new BigInt64Array(memory.buffer, layout.control, 2), 1, BigInt(tokens));
}

/** Whether the threads' target is reached. */
export function isTargetReached({ memory, layout }: EmbeddingBagMemory): boolean {
  const control = new BigInt64Array(memory.buffer, layout.control, 2);
  return Atomics.load(control, 0) >= Atomics.load(control, 1);
}
