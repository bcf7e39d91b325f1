import { resolveParameters } from "../../parameters.ts";
import { gradientBoostingParameters } from "../gradient-boosting-parameters.ts";
import { createObjective, objectives } from "../objectives/find-objective.ts";
import type { TreeEnsemble } from "../tree-ensemble.ts";

/** From margins to predictions, as the model's objective says; an objective that we cannot train has none but the identity. */
export function transformMargins(
  { objective, outputs }: Pick<TreeEnsemble, "objective" | "outputs">,
  margins: Float32Array,
): Float32Array {
  if (!Object.hasOwn(objectives, objective)) return margins;
  const parameters = resolveParameters(gradientBoostingParameters, { objective, numClass: Math.max(outputs, 0) });
  return createObjective(parameters, 0).transform(margins);
}
