import {
  evaluateFactorization,
  type FactorizationParameters,
  factorizationMachines,
  type Table,
  type TableFitProgress,
} from "@rondo/learn";
import { ClientError } from "../client-error.ts";
import type { HyperparameterValues } from "../hyperparameters.ts";
import type { TrainingContext } from "../image.ts";
import { inUserTerms } from "../in-user-terms.ts";
import { FIRST_PARTY_MODEL_FILE, saveModel } from "../save-model.ts";
import { readTableChannel } from "../tabular/read-table-channel.ts";
import { createTrainingLog, logFinalQuality } from "../tabular/training-log.ts";

/** Trains and writes `model/model_algo-1`; the log has the lines of AWS's container for each channel given. */
export async function trainFactorizationMachines(
  values: HyperparameterValues,
  context: TrainingContext,
): Promise<void> {
  const columns = Number(values["feature_dim"]);
  const read = (channel: string): Promise<Table | undefined> =>
    readTableChannel(context.directory, channel, { columns, formats: ["recordio-protobuf"], signal: context.signal });
  const train = await read("train");
  if (train === undefined) throw new ClientError("The channel train is required.");
  const test = await read("test");
  const log = createTrainingLog(context, "factorization-machines");
  const parameters = toParameters(values);
  const metric = parameters.predictorType === "regressor" ? "mse" : "binary_classification_cross_entropy";
  const onProgress = ({ iteration, fraction, metrics }: TableFitProgress): void => {
    for (const { dataset, value } of metrics) log.quality({ dataset, metric, value, epoch: iteration - 1 });
    log.progress(fraction);
  };
  const { threads, signal: stop } = context;
  const fitting = { seed: 0, threads, stop, onProgress };
  const model = await inUserTerms(() => factorizationMachines.fit(parameters, { train }, fitting));
  await saveModel(context.directory, FIRST_PARTY_MODEL_FILE, factorizationMachines.encode(model));
  if (context.signal.aborted) return;
  const channels = [{ name: "train", table: train }, ...(test === undefined ? [] : [{ name: "test", table: test }])];
  for (const channel of channels) {
    logFinalQuality(context, log, {
      dataset: channel.name,
      metrics: await inUserTerms(() => evaluateFactorization(model, channel)),
    });
  }
}

function toParameters(values: HyperparameterValues): Partial<FactorizationParameters> {
  const number = (name: string): number | undefined => values[name] as number | undefined;
  const method = (part: string) => values[`${part}_init_method`] as FactorizationParameters["biasInitMethod"];
  return {
    predictorType: values["predictor_type"] as FactorizationParameters["predictorType"],
    factors: number("num_factors"),
    epochs: number("epochs"),
    miniBatchSize: number("mini_batch_size"),
    biasLearningRate: number("bias_lr"),
    biasWeightDecay: number("bias_wd"),
    biasInitMethod: method("bias"),
    biasInitScale: number("bias_init_scale"),
    biasInitSigma: number("bias_init_sigma"),
    biasInitValue: number("bias_init_value"),
    linearLearningRate: number("linear_lr"),
    linearWeightDecay: number("linear_wd"),
    linearInitMethod: method("linear"),
    linearInitScale: number("linear_init_scale"),
    linearInitSigma: number("linear_init_sigma"),
    linearInitValue: number("linear_init_value"),
    factorsLearningRate: number("factors_lr"),
    factorsWeightDecay: number("factors_wd"),
    factorsInitMethod: method("factors"),
    factorsInitScale: number("factors_init_scale"),
    factorsInitSigma: number("factors_init_sigma"),
    factorsInitValue: number("factors_init_value"),
    clipGradient: number("clip_gradient"),
    epsilon: number("eps"),
    rescaleGradient: number("rescale_grad"),
  };
}
