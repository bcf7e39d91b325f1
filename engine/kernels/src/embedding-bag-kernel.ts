/**
 * One thread's view of a bag of embeddings under a linear classifier: what fastText's supervised mode computes (Joulin
 * et al. 2016).
 *
 * Lines are records of int32: `[tokens, labels, rows, hashes]`, then that many label numbers, row numbers and word
 * hashes. Tokens are what the line counts for in the schedule of the learning rate; the rows and the buckets of the
 * hashes' n-grams are averaged.
 */
export interface EmbeddingBagKernel {
  /** Draws the elements `from` … `to` of the input matrix (counted without padding) uniformly from (−bound, bound). */
  initialise(from: number, to: number, bound: number): void;
  /** Starts this thread's sequence of random numbers (minstd_rand). */
  seed(value: number): void;
  /** Sets what `train` follows: the rate falls linearly from `learningRate` to 0 at `totalTokens`. */
  schedule(schedule: LearningSchedule): void;
  /**
   * Learns the records in the window's first `bytes` bytes, from `offset`, until the tokens done reach the target;
   * returns where it stopped.
   */
  train(offset: number, bytes: number): number;
  /**
   * Probabilities of the record at the window's start are then in `scores`; returns the number of features, 0 when
   * nothing is known of it.
   */
  score(): number;
  /** Of the records in the window's first `bytes` bytes: how many carry the label with the highest probability. */
  countCorrect(bytes: number): number;
  /** Sum of the losses of the lines learned so far, and their number. */
  loss(): { readonly sum: number; readonly count: number };
  readonly window: Int32Array;
  readonly scores: Float32Array;
}

export interface LearningSchedule {
  readonly learningRate: number;
  /** Tokens of all epochs. */
  readonly totalTokens: number;
  /** Tokens after which a thread reports what it has done. */
  readonly updateRate: number;
}
