import {
  evaluateLinear,
  type LinearModel,
  type LinearParameters,
  linearLearner,
  objectiveNames,
  type Table,
  type TableFitProgress,
} from "@rondo/learn";
import { ClientError } from "../client-error.ts";
import type { HyperparameterValues } from "../hyperparameters.ts";
import type { TrainingContext } from "../image.ts";
import { inUserTerms } from "../in-user-terms.ts";
import { FIRST_PARTY_MODEL_FILE, saveModel } from "../save-model.ts";
import { readTableChannel } from "../tabular/read-table-channel.ts";
import { createTrainingLog, logFinalQuality, type TrainingLog } from "../tabular/training-log.ts";

const losses: Readonly<Record<string, LinearParameters["loss"]>> = {
  auto: "auto",
  logistic: "logistic",
  hinge_loss: "hinge",
  softmax_loss: "softmax",
  squared_loss: "squared",
  absolute_loss: "absolute",
  eps_insensitive_squared_loss: "eps-insensitive-squared",
  eps_insensitive_absolute_loss: "eps-insensitive-absolute",
  quantile_loss: "quantile",
  huber_loss: "huber",
};

/** Trains and writes `model/model_algo-1`; the log has Linear Learner's lines for each channel given. */
export async function trainLinearLearner(values: HyperparameterValues, context: TrainingContext): Promise<void> {
  const parameters = toParameters(values);
  const { predictorType, classes } = parameters;
  if (predictorType === "multiclass_classifier" && classes === undefined) {
    throw new ClientError("Hyperparameter num_classes is required when predictor_type is multiclass_classifier.");
  }
  const channels = await readChannels(values, context);
  const log = createTrainingLog(context, "Linear Learner");
  const model = await fit(parameters, channels, { context, log });
  await saveModel(context.directory, FIRST_PARTY_MODEL_FILE, linearLearner.encode(model));
  if (context.signal.aborted) return;
  const options = { ...judgedBy(values), fBeta: number(values, "f_beta"), top: number(values, "accuracy_top_k") };
  for (const channel of channels) {
    const metrics = await inUserTerms(() => evaluateLinear(model, channel, options));
    logFinalQuality(context, log, { dataset: channel.name, metrics });
  }
}

interface Channel {
  readonly name: string;
  readonly table: Table;
}

async function readChannels(values: HyperparameterValues, context: TrainingContext): Promise<readonly Channel[]> {
  const { feature_dim: dimension } = values;
  const { directory, signal } = context;
  const columns = typeof dimension === "number" ? dimension : undefined;
  const channels: Channel[] = [];
  for (const name of ["train", "validation", "test"]) {
    const table = await readTableChannel(directory, name, { columns, formats: ["recordio-protobuf", "csv"], signal });
    if (table !== undefined) channels.push({ name, table });
    else if (name === "train") throw new ClientError("The channel train is required.");
  }
  return channels;
}

async function fit(
  parameters: Partial<LinearParameters>,
  [train, ...others]: readonly Channel[],
  { context, log }: { readonly context: TrainingContext; readonly log: TrainingLog },
): Promise<LinearModel> {
  if (train === undefined) throw new ClientError("The channel train is required.");
  const { signal, threads } = context;
  const evaluated = others.filter(({ name }) => name === "validation");
  const onProgress = ({ iteration, fraction, metrics }: TableFitProgress): void => {
    for (const { dataset, value } of metrics) {
      log.quality({ dataset, metric: objectiveName(parameters), value, epoch: iteration - 1 });
    }
    log.progress(fraction);
  };
  const data = { train: train.table, evaluated };
  return inUserTerms(() => linearLearner.fit(parameters, data, { seed: 0, threads, stop: signal, onProgress }));
}

function objectiveName({ loss, predictorType }: Partial<LinearParameters>): string {
  if (loss !== undefined && loss !== "auto") return objectiveNames[loss];
  if (predictorType === "regressor") return objectiveNames.squared;
  return predictorType === "multiclass_classifier" ? objectiveNames.softmax : objectiveNames.logistic;
}

function toParameters(values: HyperparameterValues): Partial<LinearParameters> {
  const choice = <Name extends keyof LinearParameters>(name: string): LinearParameters[Name] =>
    values[name] as LinearParameters[Name];
  const positiveWeight = values["positive_example_weight_mult"];
  const predictorType = choice<"predictorType">("predictor_type");
  const isBalanced =
    predictorType === "multiclass_classifier"
      ? values["balance_multiclass_weights"] === "true"
      : positiveWeight === "balanced";
  return {
    predictorType,
    ...judgedBy(values),
    classes: predictorType === "multiclass_classifier" ? automatic(values, "num_classes") : undefined,
    loss: losses[String(values["loss"])],
    epochs: number(values, "epochs"),
    miniBatchSize: number(values, "mini_batch_size"),
    optimizer: choice<"optimizer">("optimizer"),
    learningRate: automatic(values, "learning_rate"),
    momentum: automatic(values, "momentum"),
    beta1: automatic(values, "beta_1"),
    beta2: automatic(values, "beta_2"),
    weightDecay: automatic(values, "wd"),
    l1: automatic(values, "l1"),
    biasLearningRateFactor: automatic(values, "bias_lr_mult"),
    biasWeightDecayFactor: automatic(values, "bias_wd_mult"),
    useBias: values["use_bias"] === "true",
    models: automatic(values, "num_models"),
    useSchedule: values["use_lr_scheduler"] === "true",
    scheduleStep: automatic(values, "lr_scheduler_step"),
    scheduleFactor: automatic(values, "lr_scheduler_factor"),
    scheduleMinimum: automatic(values, "lr_scheduler_minimum_lr"),
    normalizeData: choice<"normalizeData">("normalize_data"),
    normalizeLabel: choice<"normalizeLabel">("normalize_label"),
    unbiasData: choice<"unbiasData">("unbias_data"),
    unbiasLabel: choice<"unbiasLabel">("unbias_label"),
    scalerRows: number(values, "num_point_for_scaler"),
    positiveWeight: typeof positiveWeight === "number" ? positiveWeight : undefined,
    balanceClasses: isBalanced,
    initMethod: choice<"initMethod">("init_method"),
    initScale: number(values, "init_scale"),
    initSigma: number(values, "init_sigma"),
    initBias: number(values, "init_bias"),
    patience: number(values, "early_stopping_patience"),
    tolerance: number(values, "early_stopping_tolerance"),
    selectionCriterion: choice<"selectionCriterion">("binary_classifier_model_selection_criteria"),
    fBeta: number(values, "f_beta"),
    targetPrecision: number(values, "target_precision"),
    targetRecall: number(values, "target_recall"),
    calibrationRows: automatic(values, "num_calibration_samples"),
  };
}

/** What the losses depend on. */
function judgedBy(values: HyperparameterValues) {
  return {
    margin: number(values, "margin"),
    insensitivity: number(values, "loss_insensitivity"),
    quantile: number(values, "quantile"),
    huberDelta: number(values, "huber_delta"),
  };
}

function number(values: HyperparameterValues, name: string): number {
  return Number(values[name]);
}

/** Undefined for auto, which the algorithm then decides. */
function automatic(values: HyperparameterValues, name: string): number | undefined {
  const value = values[name];
  return typeof value === "number" ? value : undefined;
}
