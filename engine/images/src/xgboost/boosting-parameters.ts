import { type GradientBoostingParameters, type LinearBoostingParameters, linearBoostingParameters } from "@rondo/learn";
import { ClientError } from "../client-error.ts";
import type { HyperparameterValues } from "../hyperparameters.ts";

/** As many as a column can have. */
const MOST_BINS = 256;

/**
 * The parameters of `gradientBoosting` that XGBoost's hyperparameters ask for. Throws ClientError for what there is not: process_type update, classes without
 * num_class. `note` is told what is done otherwise than asked.
 */
export function boostingParameters(
  values: HyperparameterValues,
  note: (line: string) => void,
): Partial<GradientBoostingParameters> {
  const number = (name: string): number => Number(values[name]);
  const text = (name: string): string => String(values[name]);
  refuse(values);
  if (number("max_bin") > MOST_BINS)
    note(`max_bin is ${number("max_bin")}; ${MOST_BINS} bins are used, the most there are.`);
  return {
    objective:
      text("objective") === "reg:linear"
        ? "reg:squarederror"
        : (text("objective") as GradientBoostingParameters["objective"]),
    booster: text("booster") as GradientBoostingParameters["booster"],
    numRound: number("num_round"),
    learningRate: number("eta"),
    gamma: number("gamma"),
    maxDepth: number("max_depth"),
    maxLeaves: number("max_leaves"),
    growPolicy: text("grow_policy") as GradientBoostingParameters["growPolicy"],
    minChildWeight: number("min_child_weight"),
    maxDeltaStep: number("max_delta_step"),
    subsample: number("subsample"),
    colsampleBytree: number("colsample_bytree"),
    colsampleBylevel: number("colsample_bylevel"),
    colsampleBynode: number("colsample_bynode"),
    lambda: number("lambda"),
    alpha: number("alpha"),
    maxBin: Math.min(MOST_BINS, number("max_bin")),
    scalePosWeight: number("scale_pos_weight"),
    numParallelTree: number("num_parallel_tree"),
    rateDrop: number("rate_drop"),
    skipDrop: number("skip_drop"),
    oneDrop: number("one_drop") === 1,
    sampleType: text("sample_type") as GradientBoostingParameters["sampleType"],
    normalizeType: text("normalize_type") as GradientBoostingParameters["normalizeType"],
    tweedieVariancePower: number("tweedie_variance_power"),
    huberSlope: number("huber_slope"),
    aftLossDistribution: text("aft_loss_distribution") as GradientBoostingParameters["aftLossDistribution"],
    aftLossDistributionScale: number("aft_loss_distribution_scale"),
    lambdarankPairMethod: text("lambdarank_pair_method") as GradientBoostingParameters["lambdarankPairMethod"],
    lambdarankUnbiased: text("lambdarank_unbiased") === "true",
    lambdarankBiasNorm: number("lambdarank_bias_norm"),
    ndcgExpGain: text("ndcg_exp_gain") === "true",
    ...givenParameters(values),
  };
}

/**
 * Those of them that `linearBoosting` has. Where eta and lambda are not among the hyperparameters as `given`, XGBoost's defaults of gblinear hold: AWS's table has those of trees.
 */
export function linearParameters(
  parameters: Partial<GradientBoostingParameters>,
  given: Readonly<Record<string, string>>,
): Partial<LinearBoostingParameters> {
  const unset = [...("eta" in given ? [] : ["learningRate"]), ...("lambda" in given ? [] : ["lambda"])];
  const known = Object.entries(parameters).filter(
    ([name]) => name in linearBoostingParameters && !unset.includes(name),
  );
  return Object.fromEntries(known);
}

/** What has no default of AWS's is the algorithm's own where it is not given. */
function givenParameters(values: HyperparameterValues): Partial<GradientBoostingParameters> {
  const given = <Value>(name: string, use: (value: string | number) => Value): Partial<Value> => {
    const value = values[name];
    return value === undefined ? {} : use(value);
  };
  return {
    ...given("num_class", (value) => ({ numClass: Number(value) })),
    ...given("base_score", (value) => ({ baseScore: Number(value), boostFromAverage: false })),
    ...given("eval_metric", (value) => ({ evalMetric: String(value) })),
    ...given("early_stopping_rounds", (value) => ({ earlyStoppingRounds: Number(value) })),
    ...given("monotone_constraints", (value) => ({ monotoneConstraints: String(value) })),
    ...given("interaction_constraints", (value) => ({ interactionConstraints: String(value) })),
    ...given("lambdarank_num_pair_per_sample", (value) => ({ lambdarankNumPairPerSample: Number(value) })),
  };
}

function refuse(values: HyperparameterValues): void {
  const objective = String(values["objective"]);
  if (values["process_type"] === "update") {
    throw new ClientError(
      "process_type update cannot be run here: there is no model to update. Take process_type default.",
    );
  }
  if (objective.startsWith("multi:") && values["num_class"] === undefined) {
    throw new ClientError(`The objective ${objective} requires the hyperparameter num_class.`);
  }
  if (!objective.startsWith("multi:") && values["num_class"] !== undefined) {
    throw new ClientError(`num_class is only for multi:softmax and multi:softprob; the objective is ${objective}.`);
  }
}
