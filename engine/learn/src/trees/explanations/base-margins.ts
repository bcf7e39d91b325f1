import type { Booster } from "../formats/read-xgboost-model.ts";

const LOG = ["count:poisson", "reg:gamma", "reg:tweedie", "survival:aft", "survival:cox"];
// Not `binary:logitraw`: XGBoost 3 takes its base score as a margin.
const LOGIT = ["reg:logistic", "binary:logistic"];

/** Where the margins of a model's outputs start. */
export function baseMargins({ objective, baseScores, outputs }: Booster): readonly number[] {
  const link = LOG.includes(objective) ? Math.log : LOGIT.includes(objective) ? logit : (score: number) => score;
  return Array.from({ length: outputs }, (_, output) => link(baseScores[output] ?? baseScores[0]));
}

function logit(probability: number): number {
  return -Math.log(1 / probability - 1);
}
