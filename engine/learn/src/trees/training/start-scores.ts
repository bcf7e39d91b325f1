import { ParameterError } from "../../parameters.ts";
import type { Table } from "../../table/table.ts";
import { baseMargins } from "../explanations/base-margins.ts";
import type { GradientBoostingParameters } from "../gradient-boosting-parameters.ts";
import type { Objective } from "../objectives/objective.ts";

/**
 * The base scores from which boosting starts, as the model's file has them: what the labels say, or `baseScore`. Throws ParameterError for one that no
 * margin stands for, such as 2 where predictions are probabilities.
 */
export function startScores(
  { boostFromAverage, baseScore }: GradientBoostingParameters,
  objective: Objective,
  train: Table,
): readonly number[] {
  if (boostFromAverage) return objective.baseScores(train).map(Math.fround);
  const score = Math.fround(baseScore);
  const hasMargin = (one: number): boolean =>
    baseMargins({ objective: objective.name, baseScores: [one], outputs: 1 }).every(Number.isFinite);
  if (hasMargin(score)) return [score];
  const range = hasMargin(2) ? "above 0" : "from 0 to 1";
  throw new ParameterError(
    "baseScore",
    `Parameter baseScore is ${baseScore}; of ${objective.name} it must be ${range}.`,
  );
}
