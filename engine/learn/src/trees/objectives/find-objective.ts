import { ParameterError } from "../../parameters.ts";
import type { GradientBoostingParameters } from "../gradient-boosting-parameters.ts";
import { absoluteError } from "./absolute-error.ts";
import { acceleratedFailure } from "./accelerated-failure.ts";
import { cox } from "./cox.ts";
import type { FailureDistribution } from "./failure-distributions.ts";
import { gamma } from "./gamma.ts";
import { hinge } from "./hinge.ts";
import { lambdaRank } from "./lambda-rank.ts";
import { logistic } from "./logistic.ts";
import type { Objective } from "./objective.ts";
import { poisson } from "./poisson.ts";
import { pseudoHuber } from "./pseudo-huber.ts";
import { softmax } from "./softmax.ts";
import { squaredError } from "./squared-error.ts";
import { squaredLogError } from "./squared-log-error.ts";
import { tweedie } from "./tweedie.ts";

/** XGBoost's largest step of `count:poisson` where none is given. */
const POISSON_STEP = 0.7;

type Create = (parameters: GradientBoostingParameters, seed: number) => Objective;

/** By XGBoost's name. */
export const objectives = {
  "reg:squarederror": ({ scalePosWeight }) => squaredError(scalePosWeight),
  "reg:squaredlogerror": () => squaredLogError(),
  "reg:logistic": ({ scalePosWeight }) => logistic("reg:logistic", scalePosWeight),
  "reg:pseudohubererror": ({ huberSlope }) => pseudoHuber(huberSlope),
  "reg:absoluteerror": () => absoluteError(),
  "reg:gamma": () => gamma(),
  "reg:tweedie": ({ tweedieVariancePower }) => tweedie(tweedieVariancePower),
  "binary:logistic": ({ scalePosWeight }) => logistic("binary:logistic", scalePosWeight),
  "binary:logitraw": ({ scalePosWeight }) => logistic("binary:logitraw", scalePosWeight),
  "binary:hinge": () => hinge(),
  "count:poisson": ({ maxDeltaStep }) => poisson(maxDeltaStep || POISSON_STEP),
  "multi:softmax": ({ numClass }) => softmax("multi:softmax", classes(numClass)),
  "multi:softprob": ({ numClass }) => softmax("multi:softprob", classes(numClass)),
  "rank:pairwise": (parameters, seed) => ranking("rank:pairwise", parameters, seed),
  "rank:ndcg": (parameters, seed) => ranking("rank:ndcg", parameters, seed),
  "rank:map": (parameters, seed) => ranking("rank:map", parameters, seed),
  "survival:cox": () => cox(),
  "survival:aft": ({ aftLossDistribution, aftLossDistributionScale }) =>
    acceleratedFailure({
      distribution: aftLossDistribution as FailureDistribution,
      scale: aftLossDistributionScale,
    }),
} as const satisfies Readonly<Record<string, Create>>;

/** The objective that resolved parameters ask for. Throws ParameterError where numClass is missing. */
export function createObjective(parameters: GradientBoostingParameters, seed: number): Objective {
  const create: Create = objectives[parameters.objective as keyof typeof objectives];
  return create(parameters, seed);
}

function classes(numClass: number): number {
  if (numClass < 2) throw new ParameterError("numClass", `numClass must be at least 2 for classes, not ${numClass}.`);
  return numClass;
}

function ranking(
  name: "rank:pairwise" | "rank:ndcg" | "rank:map",
  parameters: GradientBoostingParameters,
  seed: number,
): Objective {
  const { lambdarankNumPairPerSample: pairs } = parameters;
  return lambdaRank({
    name,
    pairMethod: parameters.lambdarankPairMethod as "topk" | "mean",
    pairsPerSample: pairs === 0 ? undefined : pairs,
    exponentialGain: parameters.ndcgExpGain,
    unbiased: parameters.lambdarankUnbiased,
    biasNorm: parameters.lambdarankBiasNorm,
    seed,
  });
}
