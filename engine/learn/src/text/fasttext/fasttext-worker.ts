import { parentPort, workerData } from "node:worker_threads";
import { createTrainingThread, isTargetReached, type TrainingRun } from "./fasttext-thread.ts";

/**
 * The program of a further training thread: initialises its part where it is to, then learns whenever it is told that there is a new
 * target.
 */
const { run, thread } = workerData as { run: TrainingRun; thread: number };
const training = createTrainingThread(run, thread);
if (run.initialise) training.initialise();
parentPort?.on("message", () => {
  while (!isTargetReached(run.matrices)) training.advance();
  parentPort?.postMessage(training.kernel.loss());
});
parentPort?.postMessage("initialised");
