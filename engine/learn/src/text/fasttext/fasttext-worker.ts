import { parentPort, workerData } from "node:worker_threads";
import { createTrainingThread, isTargetReached, type TrainingRun } from "./fasttext-thread.ts";

/**
 * The program of a further training thread: initialises its part, then learns whenever it is told that there is a new
 * target.
 */
const { run, thread } = workerData as { run: TrainingRun; thread: number };
const training = createTrainingThread(run, thread);
training.initialise();
parentPort?.on("message", () => {
  while (!isTargetReached(run.bag)) training.advance();
  parentPort?.postMessage(training.kernel.loss());
});
parentPort?.postMessage("initialised");
