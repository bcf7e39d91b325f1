import type { EmbeddingBagKernel } from "./embedding-bag-kernel.ts";
import type { EmbeddingBagMemory } from "./embedding-bag-layout.ts";
import { ScalarLearning } from "./scalar-learning.ts";

const { fround } = Math;
const HEADER = 4;
const LANES = 16;
const NGRAM_FACTOR = 116_049_371n;

/**
 * The scalar reference of the embedding bag: the same operations in the same order as `embedding-bag.as.ts`, each
 * rounded to float32, so that both give the same bytes. For tests, and to read.
 */
export function createScalarEmbeddingBag(bag: EmbeddingBagMemory, thread = 0): EmbeddingBagKernel {
  return new ScalarEmbeddingBag(bag, thread);
}

class ScalarEmbeddingBag extends ScalarLearning implements EmbeddingBagKernel {
  override readonly window: Int32Array;
  readonly scores: Float32Array;
  readonly #bag: EmbeddingBagMemory;
  readonly #hidden: Float32Array;
  readonly #gradient: Float32Array;
  readonly #sigmoidTable: Float32Array;
  readonly #oneVersusAll: boolean;
  readonly #hierarchical: boolean;

  constructor(bag: EmbeddingBagMemory, thread: number) {
    super(bag);
    const { shape, layout, memory } = bag;
    const area = layout.threads[thread];
    this.#bag = bag;
    this.window = new Int32Array(memory.buffer, area.window, (area.features - area.window) / 4);
    this.scores = new Float32Array(memory.buffer, area.scores, shape.labels);
    this.#hidden = new Float32Array(memory.buffer, area.hidden, layout.stride);
    this.#gradient = new Float32Array(memory.buffer, area.gradient, layout.stride);
    this.#sigmoidTable = new Float32Array(memory.buffer, layout.sigmoidTable, 513);
    this.#oneVersusAll = shape.loss === "one-versus-all";
    this.#hierarchical = shape.loss === "hierarchical-softmax";
  }

  score(): number {
    return this.#scoreAt(0);
  }

  countCorrect(bytes: number): number {
    let correct = 0;
    for (let record = 0; record < bytes / 4; record += this.recordLength(record)) {
      if (this.window[record + 1] === 0 || this.#scoreAt(record) === 0) continue;
      if (this.#labelsOf(record).includes(this.scores.indexOf(Math.max(...this.scores)))) correct++;
    }
    return correct;
  }

  #outputRow(label: number): number {
    return this.#bag.layout.output / 4 + label * this.#bag.layout.stride;
  }

  protected override recordLength(record: number): number {
    return HEADER + this.window[record + 1] + this.window[record + 2] + this.window[record + 3];
  }

  #labelsOf(record: number): Int32Array {
    return this.window.subarray(record + HEADER, record + HEADER + this.window[record + 1]);
  }

  /** Where the rows of a line start among the floats. */
  #gather(record: number): number[] {
    const { words, buckets, bucketRows, wordNgrams } = this.#bag.shape;
    const rowStart = record + HEADER + this.window[record + 1];
    const hashStart = rowStart + this.window[record + 2];
    const rows = Array.from(this.window.subarray(rowStart, hashStart), (row) => this.inputRow(row >>> 0));
    const hashes = this.window.subarray(hashStart, hashStart + this.window[record + 3]);
    for (let first = 0; first < hashes.length; first++) {
      let hash = BigInt.asUintN(64, BigInt(hashes[first]));
      for (let index = first + 1; index < Math.min(first + wordNgrams, hashes.length); index++) {
        hash = BigInt.asUintN(64, hash * NGRAM_FACTOR + BigInt(hashes[index]));
        const bucket = Number(hash % BigInt(buckets));
        const place = bucketRows === undefined ? bucket + 1 : bucketRows[bucket];
        if (place > 0) rows.push(this.inputRow(words + place - 1));
      }
    }
    return rows;
  }

  #average(rows: readonly number[]): void {
    const factor = fround(1 / rows.length);
    for (let column = 0; column < this.#hidden.length; column++) {
      let sum = 0;
      for (const row of rows) sum = fround(sum + this.floats[row + column]);
      this.#hidden[column] = sum * factor;
    }
  }

  #scatter(rows: readonly number[]): void {
    const factor = fround(1 / rows.length);
    for (const row of rows) {
      for (const [column, slope] of this.#gradient.entries()) this.floats[row + column] += fround(slope * factor);
    }
  }

  /** Sixteen partial sums, added up in the order of the vector kernel. */
  #dotHidden(row: number): number {
    const sums = new Float32Array(LANES);
    for (const [column, value] of this.#hidden.entries()) {
      sums[column % LANES] += fround(value * this.floats[row + column]);
    }
    const [a, b, c, d] = [0, 1, 2, 3].map((lane) =>
      fround(fround(sums[lane] + sums[lane + 4]) + fround(sums[lane + 8] + sums[lane + 12])),
    );
    return fround(fround(a + b) + fround(c + d));
  }

  #pull(row: number, alpha: number): void {
    for (let column = 0; column < this.#hidden.length; column++) {
      const weight = this.floats[row + column];
      this.#gradient[column] += fround(alpha * weight);
      this.floats[row + column] = weight + fround(alpha * this.#hidden[column]);
    }
  }

  #sigmoid(x: number): number {
    if (x < -8) return 0;
    if (x > 8) return 1;
    return this.#sigmoidTable[Math.trunc(fround(fround(x + 8) * 32))];
  }

  /** The steps of a label's path: the row that decides and the side on which the label lies. */
  #pathOf(label: number): { readonly row: number; readonly target: number }[] {
    const { starts, steps } = this.#bag.shape.paths ?? { starts: [], steps: [] };
    const path = Array.from(steps.slice(starts[label], starts[label + 1]));
    return path.map((step) => ({ row: this.#outputRow(step >> 1), target: step & 1 }));
  }

  #descend(): void {
    for (let label = 0; label < this.scores.length; label++) {
      let product = 1;
      for (const { row, target } of this.#pathOf(label)) {
        const decision = logistic(this.#dotHidden(row));
        product = fround(product * fround((target === 1 ? decision : fround(1 - decision)) + fround(1e-5)));
      }
      this.scores[label] = product;
    }
  }

  #learnPath(label: number, rate: number): void {
    for (const { row, target } of this.#pathOf(label)) {
      const decision = this.#sigmoid(this.#dotHidden(row));
      this.lossSum -= Math.log(1 - Math.abs(target - decision) + 1e-5);
      this.#pull(row, fround(rate * fround(target - decision)));
    }
  }

  #classify(): void {
    const { scores } = this;
    if (this.#hierarchical) return this.#descend();
    for (let label = 0; label < scores.length; label++) {
      const score = this.#dotHidden(this.#outputRow(label));
      scores[label] = this.#oneVersusAll ? this.#sigmoid(score) : score;
    }
    if (this.#oneVersusAll) return;
    const maximum = Math.max(...scores);
    let sum = 0;
    for (let label = 0; label < scores.length; label++) {
      scores[label] = exponential(fround(scores[label] - maximum));
      sum = fround(sum + scores[label]);
    }
    for (let label = 0; label < scores.length; label++) scores[label] /= sum;
  }

  #chooseLabel(record: number): number {
    const labels = this.#labelsOf(record);
    return labels[this.random.below(labels.length)];
  }

  protected override learn(record: number, rate: number): void {
    const labels = this.#labelsOf(record);
    const rows = this.#gather(record);
    if (labels.length === 0 || rows.length === 0) return;
    this.#average(rows);
    this.#gradient.fill(0);
    const targets = this.#oneVersusAll ? labels : [this.#chooseLabel(record)];
    if (this.#hierarchical) this.#learnPath(targets[0], rate);
    else this.#learnScores(targets, rate);
    this.lossCount++;
    this.#scatter(rows);
  }

  #learnScores(targets: ArrayLike<number> & { includes(label: number): boolean }, rate: number): void {
    this.#classify();
    for (const [label, score] of this.scores.entries()) {
      const hit = targets.includes(label);
      if (hit) this.lossSum -= Math.log(score + 1e-5);
      this.#pull(this.#outputRow(label), fround(rate * fround((hit ? 1 : 0) - score)));
    }
  }

  #scoreAt(record: number): number {
    const rows = this.#gather(record);
    if (rows.length === 0) return 0;
    this.#average(rows);
    this.#classify();
    return rows.length;
  }
}

function logistic(x: number): number {
  const power = exponential(x > 0 ? -x : x);
  return x > 0 ? fround(1 / fround(1 + power)) : fround(power / fround(1 + power));
}

/** Cephes' expf, rounded step by step. */
function exponential(x: number): number {
  if (x < -87) return 0;
  const whole = Math.floor(fround(fround(x * fround(Math.LOG2E)) + 0.5));
  const rest = fround(fround(x - fround(whole * 0.693359375)) + fround(whole * fround(2.1219444e-4)));
  let y = fround(1.98756915e-4);
  for (const term of [1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1]) {
    y = fround(fround(y * rest) + fround(term));
  }
  return fround(fround(fround(fround(y * fround(rest * rest)) + rest) + 1) * 2 ** whole);
}
