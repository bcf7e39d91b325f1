interface ParameterBlock {
  readonly block: string;
  /** What XGBoost takes where nothing is said; it refuses a file without the block. */
  readonly defaults: Readonly<Record<string, string>>;
}

const REGRESSION_LOSS: ParameterBlock = { block: "reg_loss_param", defaults: { scale_pos_weight: "1" } };
const LAMBDA_RANK: ParameterBlock = {
  block: "lambdarank_param",
  defaults: {
    lambdarank_bias_norm: "1",
    lambdarank_normalization: "1",
    lambdarank_num_pair_per_sample: "4294967295",
    lambdarank_pair_method: "topk",
    lambdarank_score_normalization: "1",
    lambdarank_unbiased: "0",
    ndcg_exp_gain: "1",
  },
};
/** XGBoost 1.x refuses a ranking model without it, and needs none of it to predict. */
export const LAMBDA_RANK_BEFORE_2 = "lambda_rank_param";
const SOFTMAX: ParameterBlock = { block: "softmax_multiclass_param", defaults: { num_class: "0" } };

/** By objective: where XGBoost's model files keep its parameters (`objective` of the "Learner" in its model.schema). */
const parameterBlocks: ReadonlyMap<string, ParameterBlock> = new Map([
  ["reg:squarederror", REGRESSION_LOSS],
  ["reg:linear", REGRESSION_LOSS],
  ["reg:squaredlogerror", REGRESSION_LOSS],
  ["reg:logistic", REGRESSION_LOSS],
  ["binary:logistic", REGRESSION_LOSS],
  ["binary:logitraw", REGRESSION_LOSS],
  ["reg:pseudohubererror", { block: "pseudo_huber_param", defaults: { huber_slope: "1" } }],
  ["reg:quantileerror", { block: "quantile_loss_param", defaults: { quantile_alpha: "[5E-1]" } }],
  ["count:poisson", { block: "poisson_regression_param", defaults: { max_delta_step: "0.7" } }],
  ["reg:tweedie", { block: "tweedie_regression_param", defaults: { tweedie_variance_power: "1.5" } }],
  ["rank:pairwise", LAMBDA_RANK],
  ["rank:ndcg", LAMBDA_RANK],
  ["rank:map", LAMBDA_RANK],
  ["multi:softmax", SOFTMAX],
  ["multi:softprob", SOFTMAX],
  [
    "survival:aft",
    { block: "aft_loss_param", defaults: { aft_loss_distribution: "normal", aft_loss_distribution_scale: "1" } },
  ],
]);

/** The `objective` of a model file. Parameters that the objective's block does not have are left out. */
export function objectiveMembers(
  objective: string,
  parameters: Readonly<Record<string, string>>,
): Readonly<Record<string, string | Readonly<Record<string, string>>>> {
  const found = parameterBlocks.get(objective);
  if (found === undefined) return { name: objective };
  const values = Object.entries(found.defaults).map(([name, value]) => [name, parameters[name] ?? value] as const);
  const members = { name: objective, [found.block]: Object.fromEntries(values) };
  if (found !== LAMBDA_RANK) return members;
  return { ...members, [LAMBDA_RANK_BEFORE_2]: { fix_list_weight: "0", num_pairsample: "1" } };
}
