import { ParameterError } from "../../parameters.ts";
import type { FailureDistribution } from "../objectives/failure-distributions.ts";
import { precisionRecallArea, rocArea } from "./area-metrics.ts";
import { determination, labelMetric, labelMetrics, multiclassError, multiclassLogLoss } from "./class-metrics.ts";
import { elementwiseMetrics } from "./elementwise-metrics.ts";
import type { EvaluationMetric } from "./metric.ts";
import { averagePrecision, discountedGain, precisionAt, type RankingOptions } from "./ranking-metrics.ts";
import { acceleratedFailureLikelihood, coxLikelihood, intervalAccuracy } from "./survival-metrics.ts";

/** What some metrics take over from the objective. */
export interface MetricSettings {
  /** XGBoost's name: `binary:logitraw` has margins instead of probabilities. */
  readonly objective: string;
  /** Of `mphe`; default 1. */
  readonly huberSlope?: number;
  /** Of `ndcg`; default true. */
  readonly exponentialGain?: boolean;
  /** Of `aft-nloglik`; default normal. */
  readonly aftLossDistribution?: FailureDistribution;
  /** Of `aft-nloglik`; default 1. */
  readonly aftLossDistributionScale?: number;
}

type CreateMetric = (settings: MetricSettings) => EvaluationMetric;

const plainMetrics: ReadonlyMap<string, CreateMetric> = new Map<string, CreateMetric>([
  ["rmse", elementwiseMetrics.rmse],
  ["rmsle", elementwiseMetrics.rmsle],
  ["mse", elementwiseMetrics.mse],
  ["mae", elementwiseMetrics.mae],
  ["mape", elementwiseMetrics.mape],
  ["mphe", ({ huberSlope = 1 }) => elementwiseMetrics.mphe(huberSlope)],
  ["logloss", elementwiseMetrics.logloss],
  ["error", () => elementwiseMetrics.error("error", 0.5)],
  ["merror", multiclassError],
  ["mlogloss", multiclassLogLoss],
  ["auc", rocArea],
  ["aucpr", precisionRecallArea],
  ["poisson-nloglik", elementwiseMetrics.poisson],
  ["gamma-nloglik", elementwiseMetrics.gamma],
  ["gamma-deviance", elementwiseMetrics.gammaDeviance],
  ["cox-nloglik", coxLikelihood],
  [
    "aft-nloglik",
    ({ aftLossDistribution = "normal", aftLossDistributionScale = 1 }) =>
      acceleratedFailureLikelihood(aftLossDistribution, aftLossDistributionScale),
  ],
  ["interval-regression-accuracy", intervalAccuracy],
  ["r2", determination],
  ...Object.keys(labelMetrics).map((name): [string, CreateMetric] => [
    name,
    ({ objective }) => labelMetric(name, objective === "binary:logitraw" ? 0 : 0.5),
  ]),
]);

const rankingMetrics: Readonly<
  Record<string, (options: RankingOptions, settings: MetricSettings) => EvaluationMetric>
> = {
  pre: precisionAt,
  map: averagePrecision,
  ndcg: (options, { exponentialGain = true }) => discountedGain(options, exponentialGain),
};

/** Every name without `@`. */
export const metricNames: readonly string[] = [
  ...plainMetrics.keys(),
  ...Object.keys(rankingMetrics),
  "tweedie-nloglik",
];

/**
 * The metric of an eval_metric: a name of `metricNames`, `error@0.7` (threshold), `ndcg@10` (places), `map@5-` (groups without relevant rows score 0 instead of 1),
 * `tweedie-nloglik@1.3` (variance power). Throws ParameterError for anything else.
 */
export function findMetric(name: string, settings: MetricSettings): EvaluationMetric {
  const plain = plainMetrics.get(name);
  if (plain !== undefined) return plain(settings);
  const [kind = "", argument = ""] = name.split("@");
  if (kind === "error")
    return elementwiseMetrics.error(
      name,
      readNumber(name, argument, [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]),
    );
  if (kind === "tweedie-nloglik") return elementwiseMetrics.tweedie(name, readNumber(name, argument, [1, 2]));
  const base = kind.replace(/-$/, "");
  const ranking = Object.hasOwn(rankingMetrics, base) ? rankingMetrics[base] : undefined;
  const isPenalising = name.endsWith("-");
  const top = argument.replace(/-$/, "");
  if (ranking === undefined || !(name.includes("@") ? /^[1-9]\d{0,8}$/.test(top) : top === "")) {
    throw new ParameterError(
      "evalMetric",
      `There is no metric ${JSON.stringify(name)}. Known are: ${metricNames.join(", ")}; with an argument error@t, pre@n, ndcg@n, map@n and tweedie-nloglik@rho.`,
    );
  }
  return ranking({ name, top: top === "" ? undefined : Number(top), withoutRelevant: isPenalising ? 0 : 1 }, settings);
}

function readNumber(name: string, argument: string, [least, most]: readonly [number, number]): number {
  const number = Number(argument);
  if (argument.trim() === "" || !(number >= least && number < most)) {
    throw new ParameterError(
      "evalMetric",
      `The metric ${JSON.stringify(name)} needs a number${Number.isFinite(least) ? ` from ${least} to below ${most}` : ""} behind the @.`,
    );
  }
  return number;
}
