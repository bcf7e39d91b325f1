import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { FitContext } from "../../algorithm.ts";
import { DataError } from "../../algorithm.ts";
import type { Corpus } from "./fasttext-corpus.ts";
import { evaluate, type FastTextModel } from "./fasttext-model.ts";
import {
  createTrainingThread,
  isTargetReached,
  setTokenTarget,
  type TrainingRun,
  tokensDone,
} from "./fasttext-thread.ts";
import { takeSnapshot } from "./matrix-snapshot.ts";

export interface TrainingPlan {
  readonly epochs: number;
  readonly learningRate: number;
  readonly learningRateUpdateRate: number;
  /** Present: judge each epoch on this corpus, keep the best weights and stop when they do not get better any more. */
  readonly earlyStopping?: { readonly validation: Corpus; readonly minEpochs: number; readonly patience: number };
}

/** Trains the model in place, on `context.threads` threads. */
export async function train(
  model: FastTextModel,
  corpus: Corpus,
  plan: TrainingPlan,
  context: FitContext,
): Promise<void> {
  const { bag } = model;
  const totalTokens = plan.epochs * corpus.tokens;
  const run: TrainingRun = {
    bag,
    segments: corpus.segments,
    schedule: { learningRate: plan.learningRate, totalTokens, updateRate: plan.learningRateUpdateRate },
    seed: context.seed,
    threads: context.threads,
  };
  const first = createTrainingThread(run, 0);
  await using others = startWorkers(run);
  first.initialise();
  await others.initialised;

  const stopped = (): boolean => context.signal?.aborted === true || context.stop?.aborted === true;
  /** Learns until `target` tokens are done, looking up after every segment. */
  const learnUntil = async (target: number): Promise<void> => {
    setTokenTarget(bag, target);
    const ended = others.learn();
    ended.catch(() => setTokenTarget(bag, 0));
    while (!isTargetReached(bag)) {
      first.advance();
      reportProgress();
      await setImmediate();
      if (stopped()) setTokenTarget(bag, 0);
    }
    await ended;
    context.signal?.throwIfAborted();
    if (!Number.isFinite(first.kernel.loss().sum)) {
      throw new DataError(`The training diverged: a learning rate of ${plan.learningRate} is too high for this data.`);
    }
  };
  const reportProgress = (epoch?: { number: number; validationAccuracy: number; improved: boolean }): void => {
    const processed = Math.min(totalTokens, tokensDone(bag));
    const fraction = processed / totalTokens;
    const { sum, count } = first.kernel.loss();
    const learningRate = plan.learningRate * (1 - fraction);
    context.onProgress?.({ fraction, learningRate, processed, loss: sum / Math.max(1, count), epoch });
  };

  if (plan.earlyStopping === undefined) {
    await learnUntil(totalTokens);
    return;
  }
  const { validation, minEpochs, patience } = plan.earlyStopping;
  let best = { accuracy: -1, epoch: 0, restore: () => {} };
  for (let epoch = 1; epoch <= plan.epochs; epoch++) {
    await learnUntil(epoch * corpus.tokens);
    if (context.stop?.aborted) return;
    const { accuracy } = evaluate(model, validation);
    const improved = accuracy > best.accuracy;
    if (improved) best = { accuracy, epoch, restore: takeSnapshot(bag) };
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
      setTokenTarget(run.bag, 0);
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
