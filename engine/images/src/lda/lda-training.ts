import { setImmediate } from "node:timers/promises";
import {
  completionLogLikelihood,
  latentDirichlet,
  type Matrix,
  type TableFitProgress,
  type Topics,
  toDocumentWords,
} from "@rondo/learn";
import type { HyperparameterValues } from "../hyperparameters.ts";
import type { TrainingContext } from "../image.ts";
import { inUserTerms } from "../in-user-terms.ts";
import { FIRST_PARTY_MODEL_FILE, saveModel } from "../save-model.ts";
import { readTrainAndTest } from "../tabular/read-train-and-test.ts";
import { createTrainingLog } from "../tabular/training-log.ts";

/** Passes between two lines of the log. */
const LOGGED_PASSES = 10;
/** Documents whose mixtures are inferred in one go. */
const DOCUMENTS_PER_TURN = 16;

/** Trains and writes `model/model_algo-1`; on the channel test the log has the log-likelihood per word. */
export async function trainLda(values: HyperparameterValues, context: TrainingContext): Promise<void> {
  const columns = Number(values["feature_dim"]);
  const { train, test } = await readTrainAndTest(context, { columns, labels: { train: 0, test: 0 } });
  const log = createTrainingLog(context, "AWS/LDA");
  const { signal: stop, threads } = context;
  const parameters = {
    topics: Number(values["num_topics"]),
    concentration: Number(values["alpha0"]),
    restarts: Number(values["max_restarts"]),
    maximumIterations: Number(values["max_iterations"]),
    tolerance: Number(values["tol"]),
  };
  const onProgress = ({ fraction, iteration, metrics }: TableFitProgress): void => {
    if (iteration % LOGGED_PASSES !== 1) return;
    log.progress(fraction);
    for (const { value } of metrics)
      log.quality({ dataset: "train", metric: "pwll", kind: "score", value, epoch: iteration - 1 });
  };
  const model = await inUserTerms(() =>
    latentDirichlet.fit(parameters, { train }, { seed: 0, threads, stop, onProgress }),
  );
  await saveModel(context.directory, FIRST_PARTY_MODEL_FILE, latentDirichlet.encode(model));
  if (test === undefined || stop.aborted) return;
  const value = await inUserTerms(() => logLikelihoodPerWord(model, test.features, stop));
  if (value !== undefined) log.quality({ dataset: "test", metric: "pwll", kind: "score", value });
}

/** Undefined where it cannot be told: no document has two words, or there was no time. */
async function logLikelihoodPerWord(model: Topics, features: Matrix, signal: AbortSignal): Promise<number | undefined> {
  const documents = toDocumentWords(features);
  const total = { logLikelihood: 0, words: 0 };
  for (let start = 0; start < documents.documents && !signal.aborted; start += DOCUMENTS_PER_TURN) {
    const span = [start, Math.min(documents.documents, start + DOCUMENTS_PER_TURN)] as const;
    const { logLikelihood, words } = completionLogLikelihood(model, documents, span);
    total.logLikelihood += logLikelihood;
    total.words += words;
    await setImmediate();
  }
  return signal.aborted || total.words === 0 ? undefined : total.logLikelihood / total.words;
}
