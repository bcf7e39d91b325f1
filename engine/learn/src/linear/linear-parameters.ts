import type { ParameterTable, ParameterValues } from "../parameters.ts";

const factor = { type: "continuous", minimum: 0, maximum: 1e6 } as const;
const positive = { type: "continuous", minimum: 0, exclusiveMinimum: true, maximum: 1e9 } as const;
const share = { type: "continuous", minimum: 0, maximum: 1 } as const;
const decayRate = { type: "continuous", minimum: 0, maximum: 0.999999 } as const;
const count = { type: "integer", minimum: 1, maximum: 2_000_000_000 } as const;
const automatic = { type: "categorical", values: ["auto", "true", "false"], default: "auto" } as const;

/** SageMaker's "Linear Learner Hyperparameters", spelled out. Numbers without a default are chosen by the data. */
export const linearParameters = {
  predictorType: {
    type: "categorical",
    values: ["binary_classifier", "multiclass_classifier", "regressor"],
    default: "binary_classifier",
  },
  /** Of a multiclass_classifier; absent: one more than the greatest label. */
  classes: { type: "integer", minimum: 2, maximum: 1_000_000 },
  /** auto: logistic, softmax or squared. */
  loss: {
    type: "categorical",
    values: [
      "auto",
      "logistic",
      "hinge",
      "softmax",
      "squared",
      "absolute",
      "eps-insensitive-squared",
      "eps-insensitive-absolute",
      "quantile",
      "huber",
    ],
    default: "auto",
  },
  /** Of the hinge loss. */
  margin: { ...positive, default: 1 },
  /** In units of the label. */
  insensitivity: { ...positive, default: 0.01 },
  quantile: { type: "continuous", minimum: 0, exclusiveMinimum: true, maximum: 0.999999, default: 0.5 },
  /** In units of the label. */
  huberDelta: { ...positive, default: 1 },
  epochs: { type: "integer", minimum: 1, maximum: 1_000_000, default: 15 },
  miniBatchSize: { ...count, default: 1000 },
  /** auto: adam. */
  optimizer: { type: "categorical", values: ["auto", "adam", "rmsprop", "sgd"], default: "auto" },
  /** Absent: 12 / mini-batches of all epochs, at most 0.3, for adam and rmsprop; 0.03 for sgd. */
  learningRate: positive,
  /** Absent: 0 for adam and rmsprop, 0.9 for sgd. Adam has its own. */
  momentum: decayRate,
  /** Absent: 0.9. */
  beta1: decayRate,
  /** Absent: 0.999 for adam, 0.9 for rmsprop. */
  beta2: decayRate,
  /** L2 strength on the mean loss of standardised features. Absent: 1 / rows, a prior of variance 1 on each weight. */
  weightDecay: factor,
  /** Absent: 0. */
  l1: factor,
  biasLearningRateFactor: { ...positive, default: 1 },
  biasWeightDecayFactor: { ...factor, default: 0 },
  useBias: { type: "boolean", default: true },
  /** Absent: 8 when there is validation data to choose by, else 1. */
  models: { type: "integer", minimum: 1, maximum: 1000 },
  useSchedule: { type: "boolean", default: true },
  /** Mini-batches after which the learning rate falls. Absent: those of an epoch. */
  scheduleStep: count,
  /** Absent: what leads to a hundredth after all epochs. */
  scheduleFactor: { type: "continuous", minimum: 0, exclusiveMinimum: true, maximum: 1 },
  /** Absent: 0.00001. */
  scheduleMinimum: positive,
  /** auto: true. */
  normalizeData: automatic,
  /** auto: for regression. */
  normalizeLabel: automatic,
  /** auto: with a bias, and dense rows only, since sparse ones would fill up. */
  unbiasData: automatic,
  /** auto: for regression with a bias. */
  unbiasLabel: automatic,
  /** Rows from which means and deviations are estimated. */
  scalerRows: { ...count, default: 10_000 },
  /** How much rows of label 1 count beside those of label 0. */
  positiveWeight: { ...positive, default: 1 },
  /** Every class counts the same in sum; then positiveWeight does not matter. */
  balanceClasses: { type: "boolean", default: false },
  initMethod: { type: "categorical", values: ["uniform", "normal"], default: "uniform" },
  initScale: { ...positive, default: 0.07 },
  initSigma: { ...positive, default: 0.01 },
  initBias: { type: "continuous", minimum: -1e6, maximum: 1e6, default: 0 },
  /** Epochs without improvement of the judged loss before training ends. */
  patience: { ...count, default: 3 },
  /** An improvement by a smaller part is none. */
  tolerance: { ...positive, default: 0.001 },
  /** By which one of the models, and the threshold of a binary_classifier, are chosen on validation data. */
  selectionCriterion: {
    type: "categorical",
    values: [
      "accuracy",
      "f_beta",
      "precision_at_target_recall",
      "recall_at_target_precision",
      "loss_function",
      "cross_entropy_loss",
    ],
    default: "accuracy",
  },
  fBeta: { ...positive, default: 1 },
  targetPrecision: { ...share, default: 0.8 },
  targetRecall: { ...share, default: 0.8 },
  /** Rows of the validation data by which is chosen. The first ones. Absent: all. */
  calibrationRows: count,
  /** Of L-BFGS on all rows, after the epochs, for losses that have a curvature; 0: none. */
  refinementIterations: { type: "integer", minimum: 0, maximum: 100_000, default: 300 },
} as const satisfies ParameterTable;

export type LinearParameters = ParameterValues<typeof linearParameters>;
