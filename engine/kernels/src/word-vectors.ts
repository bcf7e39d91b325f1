import type { LearningKernel } from "./learning-kernel.ts";
import { ScalarLearning } from "./scalar-learning.ts";
import { GUIDE_STEP, type WordVectorMemory } from "./word-vectors-layout.ts";

const { fround } = Math;
const HEADER = 2;
const LANES = 16;

/**
 * The scalar reference of the word vectors: the same operations in the same order as `word-vectors.as.ts`, each rounded
 * to float32, so that both give the same bytes. For tests, and to read.
 */
export function createScalarWordVectors(vectors: WordVectorMemory, thread = 0): LearningKernel {
  return new ScalarWordVectors(vectors, thread);
}

class ScalarWordVectors extends ScalarLearning {
  override readonly window: Int32Array;
  readonly #vectors: WordVectorMemory;
  readonly #integers: Int32Array;
  readonly #hidden: Float32Array;
  readonly #gradient: Float32Array;

  constructor(vectors: WordVectorMemory, thread: number) {
    super(vectors);
    const { layout, shape, memory } = vectors;
    const area = layout.threads[thread];
    this.#vectors = vectors;
    this.#integers = new Int32Array(memory.buffer);
    this.#hidden = new Float32Array(shape.dim);
    this.#gradient = new Float32Array(shape.dim);
    this.window = new Int32Array(memory.buffer, area.window, (area.line - area.window) / 4);
  }

  protected override recordLength(record: number): number {
    return HEADER + this.window[record + 1];
  }

  #outputRow(word: number): number {
    return this.#vectors.layout.output / 4 + word * this.#vectors.layout.stride;
  }

  protected override learn(record: number, rate: number): void {
    const { mode, window } = this.#vectors.shape;
    const line = this.#subsample(record);
    for (const [center, word] of line.entries()) {
      const reach = this.random.below(window) + 1;
      const before = line.slice(Math.max(0, center - reach), center);
      const context = [...before, ...line.slice(center + 1, center + reach + 1)];
      if (mode === "cbow") this.#learnCbow(word, context, rate);
      else if (mode === "skipgram") this.#learnSkipgram(word, context, rate);
      else this.#learnBatches(word, context, rate);
    }
  }

  #subsample(record: number): number[] {
    const start = record + HEADER;
    const shares = this.#vectors.layout.keptShares / 4;
    const words = Array.from(this.window.subarray(start, start + this.window[record + 1]));
    return words.filter((word) => fround(this.random.unit()) <= this.floats[shares + word]);
  }

  /** The input rows that a word stands for. */
  #rowsOf(word: number): number[] {
    const { subwordStarts, subwordRows } = this.#vectors.layout;
    if (subwordStarts === 0) return [this.inputRow(word)];
    const [from, to] = this.#integers.subarray(subwordStarts / 4 + word, subwordStarts / 4 + word + 2);
    const rows = this.#integers.subarray(subwordRows / 4 + from, subwordRows / 4 + to);
    return Array.from(rows, (row) => this.inputRow(row));
  }

  #learnSkipgram(center: number, context: readonly number[], rate: number): void {
    const { subwordStarts, subwordSpreads } = this.#vectors.layout;
    const rows = this.#rowsOf(center);
    const spread = subwordStarts === 0 ? 1 : this.floats[subwordSpreads / 4 + center];
    const total = new Float32Array(this.#hidden.length);
    this.#average(rows);
    for (const word of context) {
      this.#learnTargets(word, rate);
      for (const [column, change] of this.#gradient.entries()) {
        total[column] += change;
        this.#hidden[column] += fround(change * spread);
      }
    }
    this.#scatter(total, rows);
  }

  #learnCbow(center: number, context: readonly number[], rate: number): void {
    const rows = context.flatMap((word) => this.#rowsOf(word));
    if (rows.length === 0) return;
    this.#average(rows);
    this.#learnTargets(center, rate);
    this.#scatter(this.#gradient, rows);
  }

  #learnBatches(center: number, context: readonly number[], rate: number): void {
    const { batchSize } = this.#vectors.shape;
    const rows = context.flatMap((word) => this.#rowsOf(word));
    for (let from = 0; from < rows.length; from += batchSize) {
      this.#learnBatch(rows.slice(from, from + batchSize), this.#drawTargets(center), rate);
    }
  }

  #learnBatch(rows: readonly number[], targets: readonly number[], rate: number): void {
    const { dim } = this.#vectors.shape;
    const before = rows.map((row) => this.floats.slice(row, row + dim));
    const factors = before.map((vector) =>
      targets.map((target, index) => this.#decide(this.#dot(vector, target), index === 0, rate)),
    );
    for (const [index, row] of rows.entries()) {
      for (const [next, target] of targets.entries()) {
        this.#addTimes(row, factors[index][next], this.floats.subarray(target, target + dim));
      }
    }
    for (const [next, target] of targets.entries()) {
      for (const [index, vector] of before.entries()) this.#addTimes(target, factors[index][next], vector);
    }
  }

  /** row += factor · vector */
  #addTimes(row: number, factor: number, vector: Float32Array): void {
    for (const [column, value] of vector.entries()) this.floats[row + column] += fround(factor * value);
  }

  #learnTargets(target: number, rate: number): void {
    this.#gradient.fill(0);
    for (const [index, row] of this.#drawTargets(target).entries()) {
      const factor = this.#decide(this.#dot(this.#hidden, row), index === 0, rate);
      for (const [column, value] of this.#hidden.entries()) {
        const weight = this.floats[row + column];
        this.#gradient[column] += fround(factor * weight);
        this.floats[row + column] = weight + fround(factor * value);
      }
    }
  }

  /** The output rows of the target and its negatives. */
  #drawTargets(target: number): number[] {
    const negatives = Array.from({ length: this.#vectors.shape.negatives }, () => this.#drawNegative(target));
    this.lossCount++;
    return [target, ...negatives].map((word) => this.#outputRow(word));
  }

  #drawNegative(target: number): number {
    const { negativeSlots, negativeGuide, negativeStarts } = this.#vectors.layout;
    for (;;) {
      const slot = this.random.below(negativeSlots);
      let word = this.#integers[negativeGuide / 4 + Math.floor(slot / GUIDE_STEP)];
      while (this.#integers[negativeStarts / 4 + word + 1] <= slot) word++;
      if (word !== target) return word;
    }
  }

  #decide(score: number, positive: boolean, rate: number): number {
    const { sigmoidTable, lossTable } = this.#vectors.layout;
    const step = (x: number): number => (x < -8 ? 0 : x > 8 ? 512 : Math.trunc(fround(fround(x + 8) * 32)));
    const sigmoid = score < -8 ? 0 : score > 8 ? 1 : this.floats[sigmoidTable / 4 + step(score)];
    this.lossSum += this.floats[lossTable / 4 + step(positive ? score : -score)];
    return fround(rate * fround((positive ? 1 : 0) - sigmoid));
  }

  #average(rows: readonly number[]): void {
    const factor = fround(1 / rows.length);
    for (const column of this.#hidden.keys()) {
      let sum = 0;
      for (const row of rows) sum = fround(sum + this.floats[row + column]);
      this.#hidden[column] = sum * factor;
    }
  }

  #scatter(change: Float32Array, rows: readonly number[]): void {
    for (const row of rows) {
      for (const [column, value] of change.entries()) this.floats[row + column] += value;
    }
  }

  /** In lanes: whole blocks of 16 columns in a lane each, the columns behind them in the first four. */
  #dot(vector: Float32Array, row: number): number {
    const lanes = new Float32Array(LANES);
    const blocks = Math.floor((Math.ceil(vector.length / 4) * 4) / LANES) * LANES;
    for (const [column, value] of vector.entries()) {
      lanes[column % (column < blocks ? LANES : 4)] += fround(value * this.floats[row + column]);
    }
    const sum = (lane: number): number =>
      fround(fround(lanes[lane] + lanes[lane + 4]) + fround(lanes[lane + 8] + lanes[lane + 12]));
    return fround(fround(sum(0) + sum(1)) + fround(sum(2) + sum(3)));
  }
}
