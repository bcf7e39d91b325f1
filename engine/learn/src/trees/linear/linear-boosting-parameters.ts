import type { ParameterTable, ParameterValues } from "../../parameters.ts";
import { gradientBoostingParameters } from "../gradient-boosting-parameters.ts";

const { booster: _booster, learningRate, lambda, alpha, ...others } = gradientBoostingParameters;

/** Those of boosting that concern no tree, with the defaults that XGBoost has for `gblinear`. */
export const linearBoostingParameters = {
  objective: others.objective,
  numRound: others.numRound,
  numClass: others.numClass,
  learningRate: { ...learningRate, default: 0.5 },
  /** L2 regularisation of the weights, by the rows' total weight. */
  lambda: { ...lambda, default: 0 },
  /** L1 regularisation of the weights, by the rows' total weight. */
  alpha: { ...alpha, default: 0 },
  scalePosWeight: others.scalePosWeight,
  boostFromAverage: others.boostFromAverage,
  baseScore: others.baseScore,
  earlyStoppingRounds: others.earlyStoppingRounds,
  evalMetric: others.evalMetric,
  tweedieVariancePower: others.tweedieVariancePower,
  huberSlope: others.huberSlope,
  lambdarankPairMethod: others.lambdarankPairMethod,
  lambdarankNumPairPerSample: others.lambdarankNumPairPerSample,
  lambdarankUnbiased: others.lambdarankUnbiased,
  lambdarankBiasNorm: others.lambdarankBiasNorm,
  ndcgExpGain: others.ndcgExpGain,
  aftLossDistribution: others.aftLossDistribution,
  aftLossDistributionScale: others.aftLossDistributionScale,
} as const satisfies ParameterTable;

export type LinearBoostingParameters = ParameterValues<typeof linearBoostingParameters>;
