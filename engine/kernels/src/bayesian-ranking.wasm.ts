import { type BayesianRanking, usersOfPairs } from "./bayesian-ranking.ts";
import { createMemoryPlacement } from "./memory-placement.ts";
import { startKernelThreads } from "./threads/kernel-threads.ts";

/** Factors in a kernel's memory; see `learnRankingScalar`. */
export interface RankingLearner {
  readonly itemFactors: Float32Array;
  readonly biases: Float32Array;
  /** Makes so many draws, going on where the last call ended; returns how many were in the right order before. */
  learn(draws: number): number;
}

/** Begins with the factors and biases given, which stay as they are. Throws RangeError where everything exceeds 4 GiB. */
export function openRankingLearner(ranking: BayesianRanking): RankingLearner {
  const { stride, items, userFactors, itemFactors, biases, starts, pairItems, learningRate, regularization } = ranking;
  const place = createMemoryPlacement();
  const globals = {
    stride,
    items,
    userFactors: place.copy(userFactors),
    itemFactors: place.copy(itemFactors),
    biases: place.copy(biases),
    pairs: pairItems.length,
    pairUsers: place.copy(usersOfPairs(starts)),
    starts: place.copy(starts),
    pairItems: place.copy(pairItems),
    learningRate,
    regularization,
    randomState: ranking.seed,
  };
  const memory = place.allocate();
  const { own } = startKernelThreads({ kernel: "bayesian-ranking", memory, threads: 1 });
  own.setGlobals(globals);
  return {
    itemFactors: new Float32Array(memory.buffer, globals.itemFactors, itemFactors.length),
    biases: new Float32Array(memory.buffer, globals.biases, biases.length),
    learn: (draws) => own.call("learn", [draws]),
  };
}
