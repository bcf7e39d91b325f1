import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { FitContext } from "../../algorithm.ts";
import { DataError } from "../../algorithm.ts";
import {
  createTrainingThread,
  isTargetReached,
  type LearnedMatrices,
  setTokenTarget,
  type TrainingRun,
  tokensDone,
} from "./fasttext-thread.ts";

export interface TrainingPlan {
  readonly epochs: number;
  readonly learningRate: number;
  readonly learningRateUpdateRate: number;
  /** Puts into the matrices what is known before, after they were filled with random numbers. */
  readonly prepare?: () => void;
  /** Whether the matrices are to be filled with random numbers first. Default true. */
  readonly initialise?: boolean;
  readonly earlyStopping?: EarlyStopping;
}

/** Judge each epoch, keep the best weights and stop when they do not get better any more. */
export interface EarlyStopping {
  readonly minEpochs: number;
  readonly patience: number;
  /** The accuracy on validation data. */
  judge(): number;
  /** Copies the weights; the function returned puts the copy back. */
  takeSnapshot(): () => void;
}

/** Trains the matrices in place, on `context.threads` threads. */
export async function train(
  matrices: LearnedMatrices,
  corpus: { readonly segments: readonly Int32Array[]; readonly tokens: number },
  plan: TrainingPlan,
  context: FitContext,
): Promise<void> {
  const { initialise = true } = plan;
  const totalTokens = plan.epochs * corpus.tokens;
  const run: TrainingRun = {
    matrices,
    segments: corpus.segments,
    schedule: { learningRate: plan.learningRate, totalTokens, updateRate: plan.learningRateUpdateRate },
    seed: context.seed,
    initialise,
    threads: context.threads,
  };
  const first = createTrainingThread(run, 0);
  await using others = startWorkers(run);
  if (initialise) first.initialise();
  await others.initialised;
  plan.prepare?.();

  const stopped = (): boolean => context.signal?.aborted === true || context.stop?.aborted === true;
  /** Learns until `target` tokens are done, looking up after every segment. */
  const learnUntil = async (target: number): Promise<void> => {
    setTokenTarget(matrices, target);
    const ended = others.learn();
    ended.catch(() => setTokenTarget(matrices, 0));
    while (!isTargetReached(matrices)) {
      first.advance();
      reportProgress();
      await setImmediate();
      if (stopped()) setTokenTarget(matrices, 0);
    }
    await ended;
    context.signal?.throwIfAborted();
    if (!Number.isFinite(first.kernel.loss().sum)) {
      throw new DataError(`The training diverged: a learning rate of ${plan.learningRate} is too high for this data.`);
    }
  };
  const reportProgress = (epoch?: { number: number; validationAccuracy: number; improved: boolean }): void => {
    const processed = Math.min(totalTokens, tokensDone(matrices));
    const fraction = processed / totalTokens;
    const { sum, count } = first.kernel.loss();
    const learningRate = plan.learningRate * (1 - fraction);
    context.onProgress?.({ fraction, learningRate, processed, loss: sum / Math.max(1, count), epoch });
  };

  if (plan.earlyStopping === undefined) {
    await learnUntil(totalTokens);
    return;
  }
  const { minEpochs, patience } = plan.earlyStopping;
  let best = { accuracy: -1, epoch: 0, restore: () => {} };
  for (let epoch = 1; epoch <= plan.epochs; epoch++) {
    await learnUntil(epoch * corpus.tokens);
    if (context.stop?.aborted) return;
    const accuracy = plan.earlyStopping.judge();
    const improved = accuracy > best.accuracy;
    if (improved) best = { accuracy, epoch, restore: plan.earlyStopping.takeSnapshot() };
    reportProgress({ number: epoch, validationAccuracy: accuracy, improved });
    if (epoch >= minEpochs && epoch - best.epoch >= patience) break;
  }
  best.restore();
}

interface Workers extends AsyncDisposable {
  readonly initialised: Promise<unknown>;
  /** Lets each worker learn towards the target; resolves when all have reached it. */
  learn(): Promise<unknown>;
}

function startWorkers(run: TrainingRun): Workers {
  const workers = Array.from(
    { length: run.threads - 1 },
    (_, index) =>
      new Worker(new URL("./fasttext-worker.ts", import.meta.url), { workerData: { run, thread: index + 1 } }),
  );
  // `once` rejects when the worker fails, so a broken thread ends the training instead of hanging it.
  const nextMessages = (): Promise<unknown> => Promise.all(workers.map((worker) => once(worker, "message")));
  return {
    initialised: nextMessages(),
    learn() {
      const ended = nextMessages();
      for (const worker of workers) worker.postMessage("learn");
      return ended;
    },
    async [Symbol.asyncDispose]() {
      setTokenTarget(run.matrices, 0);
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
