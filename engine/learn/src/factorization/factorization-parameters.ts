import type { ParameterTable, ParameterValues } from "../parameters.ts";

const rate = { type: "continuous", minimum: 0, maximum: 512 } as const;
const initMethod = { type: "categorical", values: ["normal", "uniform", "constant"], default: "normal" } as const;
const value = { type: "continuous", minimum: -1e6, maximum: 1e6, default: 0 } as const;

/** SageMaker's "Factorization Machines Hyperparameters", spelled out, with its defaults. */
export const factorizationParameters = {
  predictorType: { type: "categorical", values: ["binary_classifier", "regressor"], default: "binary_classifier" },
  factors: { type: "integer", minimum: 1, maximum: 10_000, default: 64 },
  epochs: { type: "integer", minimum: 1, maximum: 1_000_000, default: 1 },
  miniBatchSize: { type: "integer", minimum: 1, maximum: 2_000_000_000, default: 1000 },
  biasLearningRate: { ...rate, default: 0.1 },
  biasWeightDecay: { ...rate, default: 0.01 },
  biasInitMethod: initMethod,
  biasInitScale: { ...rate, default: 0.01 },
  biasInitSigma: { ...rate, default: 0.01 },
  biasInitValue: value,
  linearLearningRate: { ...rate, default: 0.001 },
  linearWeightDecay: { ...rate, default: 0.001 },
  linearInitMethod: initMethod,
  linearInitScale: { ...rate, default: 0.01 },
  linearInitSigma: { ...rate, default: 0.01 },
  linearInitValue: value,
  factorsLearningRate: { ...rate, default: 0.0001 },
  factorsWeightDecay: { ...rate, default: 0.00001 },
  factorsInitMethod: initMethod,
  factorsInitScale: { ...rate, default: 0.001 },
  factorsInitSigma: { ...rate, default: 0.001 },
  factorsInitValue: value,
  /** Each derivative is kept between its negative and it; absent: it may be anything. */
  clipGradient: { ...rate, exclusiveMinimum: true },
  /** Keeps Adam from dividing by 0. */
  epsilon: { ...rate, exclusiveMinimum: true, maximum: 1, default: 1e-8 },
  /** The sum of a mini-batch's derivatives is multiplied by it; absent: by 1 / rows. */
  rescaleGradient: { ...rate, exclusiveMinimum: true },
} as const satisfies ParameterTable;

export type FactorizationParameters = ParameterValues<typeof factorizationParameters>;
