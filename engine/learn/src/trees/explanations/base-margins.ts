import type { Booster } from "../formats/read-xgboost-model.ts";
import { logit } from "../objectives/logistic.ts";

const LOG = ["count:poisson", "reg:gamma", "reg:tweedie", "survival:aft", "survival:cox"];
// Not `binary:logitraw`: XGBoost 3 takes its base score as a margin.
const LOGIT = ["reg:logistic", "binary:logistic"];

/** Where the margins of a model's outputs start. */
export function baseMargins({
  objective,
  baseScores,
  outputs,
}: Pick<Booster, "objective" | "baseScores" | "outputs">): readonly number[] {
  const link = LOG.includes(objective) ? Math.log : LOGIT.includes(objective) ? logit : (score: number) => score;
  return Array.from({ length: outputs }, (_, output) => link(baseScores[output] ?? baseScores[0]));
}

/** The base score that stands for a margin: the way back. */
export function toBaseScore(objective: string, margin: number): number {
  if (LOG.includes(objective)) return Math.exp(margin);
  return LOGIT.includes(objective) ? 1 / (1 + Math.exp(-margin)) : margin;
}
