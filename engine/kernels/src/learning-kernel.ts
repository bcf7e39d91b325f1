/** One thread's view of a model that several threads learn in shared memory, without locks (Hogwild, Niu et al. 2011). */
export interface LearningKernel {
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
  /** Sum of the losses of the examples learned so far, and their number. */
  loss(): { readonly sum: number; readonly count: number };
  readonly window: Int32Array;
}

export interface LearningSchedule {
  readonly learningRate: number;
  /** Tokens of all epochs. */
  readonly totalTokens: number;
  /** Tokens after which a thread reports what it has done. */
  readonly updateRate: number;
}
