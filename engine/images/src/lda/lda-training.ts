import { completionLogLikelihood, latentDirichlet, type TableFitProgress, toDocumentWords } from "@rondo/learn";
import type { HyperparameterValues } from "../hyperparameters.ts";
import type { TrainingContext } from "../image.ts";
import { inUserTerms } from "../in-user-terms.ts";
import { FIRST_PARTY_MODEL_FILE, saveModel } from "../save-model.ts";
import { readTrainAndTest } from "../tabular/read-train-and-test.ts";
import { createTrainingLog } from "../tabular/training-log.ts";

/** Passes between two lines of the log. */
const LOGGED_PASSES = 10;

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
  const value = await inUserTerms(() => completionLogLikelihood(model, toDocumentWords(test.features)));
  log.quality({ dataset: "test", metric: "pwll", kind: "score", value });
}
