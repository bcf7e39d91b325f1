import type { LearningKernel } from "./learning-kernel.ts";

/**
 * One thread's view of a bag of embeddings under a linear classifier: what fastText's supervised mode computes (Joulin
 * et al. 2016).
 *
 * Lines are records of int32: `[tokens, labels, rows, hashes]`, then that many label numbers, row numbers and word
 * hashes. Tokens are what the line counts for in the schedule of the learning rate; the rows and the buckets of the
 * hashes' n-grams are averaged.
 */
export interface EmbeddingBagKernel extends LearningKernel {
  /**
   * Probabilities of the record at the window's start are then in `scores`; returns the number of features, 0 when
   * nothing is known of it.
   */
  score(): number;
  /** Of the records in the window's first `bytes` bytes: how many carry the label with the highest probability. */
  countCorrect(bytes: number): number;
  readonly scores: Float32Array;
}
