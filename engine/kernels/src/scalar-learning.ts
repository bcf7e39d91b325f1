import type { LearningKernel, LearningSchedule } from "./learning-kernel.ts";
import { MinstdRand } from "./minstd-rand.ts";

const { fround } = Math;

/** Where the matrix that is initialised lies in the shared memory, and what its threads have done. */
interface LearnedMemory {
  readonly shape: { readonly dim: number };
  readonly layout: { readonly input: number; readonly stride: number; readonly control: number };
  readonly memory: { readonly buffer: SharedArrayBuffer };
}

/** What the scalar references of the learning kernels have in common: the initial numbers, and the way through the records. */
export abstract class ScalarLearning implements LearningKernel {
  abstract readonly window: Int32Array;
  protected readonly floats: Float32Array;
  protected readonly random = new MinstdRand();
  protected lossSum = 0;
  protected lossCount = 0;
  readonly #learned: LearnedMemory;
  readonly #control: BigInt64Array;
  #schedule: LearningSchedule = { learningRate: 0, totalTokens: 1, updateRate: 0 };
  #pendingTokens = 0;

  constructor(learned: LearnedMemory) {
    this.#learned = learned;
    this.floats = new Float32Array(learned.memory.buffer);
    this.#control = new BigInt64Array(learned.memory.buffer, learned.layout.control, 2);
  }

  initialise(from: number, to: number, bound: number): void {
    const { dim } = this.#learned.shape;
    for (let index = from; index < to; index++) {
      const value = this.random.unit() * (bound + bound) - bound;
      this.floats[this.inputRow(Math.floor(index / dim)) + (index % dim)] = value;
    }
  }

  seed(value: number): void {
    this.random.seed(value);
  }

  schedule(schedule: LearningSchedule): void {
    this.#schedule = { ...schedule, learningRate: fround(schedule.learningRate) };
  }

  train(offset: number, bytes: number): number {
    const { learningRate, totalTokens, updateRate } = this.#schedule;
    let record = offset / 4;
    while (record < bytes / 4) {
      const done = Atomics.load(this.#control, 0);
      if (done >= Atomics.load(this.#control, 1)) break;
      this.learn(record, fround(learningRate * fround(1 - fround(Number(done) / totalTokens))));
      this.#pendingTokens += this.window[record];
      if (this.#pendingTokens > updateRate) {
        Atomics.add(this.#control, 0, BigInt(this.#pendingTokens));
        this.#pendingTokens = 0;
      }
      record += this.recordLength(record);
    }
    return record * 4;
  }

  loss(): { readonly sum: number; readonly count: number } {
    return { sum: this.lossSum, count: this.lossCount };
  }

  /** Index of the first number of a row of the input matrix. */
  protected inputRow(row: number): number {
    return this.#learned.layout.input / 4 + row * this.#learned.layout.stride;
  }

  /** Learns the record at an index of the window. */
  protected abstract learn(record: number, rate: number): void;

  protected abstract recordLength(record: number): number;
}
