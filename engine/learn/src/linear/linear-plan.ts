import { DataError } from "../algorithm.ts";
import { ParameterError } from "../parameters.ts";
import type { Table } from "../table/table.ts";
import { type CloseModel, closeModels } from "./close-models.ts";
import type { LinearModel } from "./linear-model.ts";
import type { LinearParameters } from "./linear-parameters.ts";
import { labelMoments } from "./standardization.ts";

/** What the parameters come to for given data: every `auto` decided. */
export interface LinearPlan {
  readonly loss: LinearModel["loss"];
  /** The hinge's margin, the insensitivity, the quantile or Huber's delta; in units of the scaled label. */
  readonly lossParameter: number;
  /** Classes of a multiclass_classifier, otherwise 1. */
  readonly outputs: number;
  readonly models: readonly CloseModel[];
  readonly optimizer: "adam" | "rmsprop" | "sgd";
  readonly momentum: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly batchRows: number;
  readonly batches: number;
  /** Mini-batches; 0: the learning rate stays. */
  readonly scheduleStep: number;
  readonly scheduleFactor: number;
  readonly minimumRate: number;
  readonly normalize: boolean;
  readonly unbias: boolean;
  readonly label: { readonly shift: number; readonly scale: number };
}

const lossesOf = {
  binary_classifier: ["logistic", "hinge"],
  multiclass_classifier: ["softmax"],
  regressor: ["squared", "absolute", "eps-insensitive-squared", "eps-insensitive-absolute", "quantile", "huber"],
} as const satisfies Record<LinearParameters["predictorType"], readonly LinearModel["loss"][]>;

/** Adam moves a weight by about its rate in each step: so far that weights of standardised features are reached in time. */
const DISTANCE = 12;
const GREATEST_RATE = 0.3;
const SGD_RATE = 0.03;
const MODELS_TO_CHOOSE_FROM = 8;
const LAST_RATE = 0.01;

/** The loss that the predictor type has, or the one that was chosen for it; throws ParameterError when it cannot have that. */
export function resolveLoss({ predictorType, loss }: LinearParameters): LinearModel["loss"] {
  const possible: readonly LinearModel["loss"][] = lossesOf[predictorType];
  if (loss === "auto") return possible[0];
  if (possible.includes(loss)) return loss;
  const message = `Parameter loss is ${loss}; a ${predictorType} has one of auto, ${possible.join(", ")}.`;
  throw new ParameterError("loss", message);
}

/** The number of classes that labels may be of, undefined for a regressor; labels themselves are checked elsewhere. */
export function resolveClasses({ predictorType, classes }: LinearParameters, { labels }: Table): number | undefined {
  if (predictorType === "regressor") return undefined;
  if (predictorType === "binary_classifier") return 2;
  if (classes !== undefined) return classes;
  const greatest = labels?.reduce((most, label) => Math.max(most, label), 0) ?? 0;
  if (!(greatest < 1_000_000)) throw new DataError(`The label ${greatest} is too large for the number of a class.`);
  return Math.max(2, Math.floor(greatest) + 1);
}

/** Decides every `auto` by the training data. */
export function planLinear(parameters: LinearParameters, train: Table, canChoose: boolean): LinearPlan {
  const { predictorType, useBias } = parameters;
  const loss = resolveLoss(parameters);
  const { rows } = train.features;
  const isRegressor = predictorType === "regressor";
  const decide = (value: "auto" | "true" | "false", otherwise: boolean): boolean =>
    value === "auto" ? otherwise : value === "true";
  const moments = labelMoments(train.labels ?? new Float32Array(0));
  const label = {
    shift: isRegressor && decide(parameters.unbiasLabel, useBias) ? moments.mean : 0,
    scale: isRegressor && decide(parameters.normalizeLabel, true) ? moments.deviation : 1,
  };
  const optimizer = parameters.optimizer === "auto" ? "adam" : parameters.optimizer;
  const batchRows = Math.min(parameters.miniBatchSize, rows);
  const batches = Math.ceil(rows / batchRows);
  const chosen = {
    learningRate: parameters.learningRate ?? usualRate(optimizer, batches * parameters.epochs),
    weightDecay: parameters.weightDecay ?? 1 / rows,
    l1: parameters.l1 ?? 0,
  };
  return {
    loss,
    lossParameter: lossParameter(parameters, loss, label.scale),
    outputs: loss === "softmax" ? (resolveClasses(parameters, train) ?? 1) : 1,
    models: closeModels(chosen, parameters.models ?? (canChoose ? MODELS_TO_CHOOSE_FROM : 1)),
    optimizer,
    momentum: parameters.momentum ?? (optimizer === "sgd" ? 0.9 : 0),
    beta1: parameters.beta1 ?? 0.9,
    beta2: parameters.beta2 ?? (optimizer === "adam" ? 0.999 : 0.9),
    batchRows,
    batches,
    scheduleStep: parameters.useSchedule ? (parameters.scheduleStep ?? batches) : 0,
    scheduleFactor: parameters.scheduleFactor ?? LAST_RATE ** (1 / parameters.epochs),
    minimumRate: parameters.scheduleMinimum ?? 1e-5,
    normalize: decide(parameters.normalizeData, true),
    unbias: decide(parameters.unbiasData, useBias) && train.features.kind === "dense",
    label,
  };
}

function usualRate(optimizer: LinearPlan["optimizer"], steps: number): number {
  return optimizer === "sgd" ? SGD_RATE : Math.min(GREATEST_RATE, DISTANCE / steps);
}

function lossParameter(parameters: LinearParameters, loss: LinearModel["loss"], labelScale: number): number {
  if (loss === "hinge") return parameters.margin;
  if (loss === "quantile") return parameters.quantile;
  if (loss === "huber") return parameters.huberDelta / labelScale;
  return parameters.insensitivity / labelScale;
}

/** By what a loss of scaled labels is multiplied to be one of labels as they are, and as it is reported. */
export function lossScale({ loss, label }: LinearPlan): number {
  return reportedLoss(loss, loss === "huber" || isSquare(loss) ? label.scale ** 2 : label.scale);
}

function isSquare(loss: LinearModel["loss"]): boolean {
  return loss === "squared" || loss === "eps-insensitive-squared";
}

/** Squares are halved for learning, but reported whole: a mean squared error is one. */
export function reportedLoss(loss: LinearModel["loss"], value: number): number {
  return isSquare(loss) ? 2 * value : value;
}

/** Row weights times those of the classes, with a mean of 1. */
export function classWeightedRows(
  parameters: LinearParameters,
  { labels, weights }: { readonly labels: Float32Array; readonly weights: Float32Array },
): Float32Array {
  const { predictorType, balanceClasses, positiveWeight } = parameters;
  const sums = new Map<number, number>();
  let total = 0;
  for (const [row, label] of labels.entries()) {
    if (balanceClasses) sums.set(label, (sums.get(label) ?? 0) + weights[row]);
  }
  const classWeight = (label: number): number => {
    if (predictorType === "regressor") return 1;
    if (balanceClasses) return 1 / (sums.get(label) || 1);
    return predictorType === "binary_classifier" && label === 1 ? positiveWeight : 1;
  };
  const weighted = Float64Array.from(weights, (weight, row) => weight * classWeight(labels[row]));
  for (const weight of weighted) total += weight;
  return Float32Array.from(weighted, (weight) => (weight * labels.length) / total);
}
