import { resolveParameters } from "../../parameters.ts";
import { gradientBoostingParameters } from "../gradient-boosting-parameters.ts";
import { createObjective, objectives } from "../objectives/find-objective.ts";
import type { TreeEnsemble } from "../tree-ensemble.ts";

/** Of trees or a linear booster. */
type Learned = Pick<TreeEnsemble, "objective" | "outputs">;

/** From margins to predictions; may write into the array that it is given. */
export type TransformMargins = (margins: Float32Array) => Float32Array;

/** As the model's objective says; an objective that we cannot train has none but the identity. */
export function findTransform({ objective, outputs }: Learned): TransformMargins {
  if (!Object.hasOwn(objectives, objective)) return (margins) => margins;
  const { transform } = createObjective(
    resolveParameters(gradientBoostingParameters, { objective, numClass: outputs }),
    0,
  );
  return transform;
}

/** The same for one array. */
export function transformMargins(model: Learned, margins: Float32Array): Float32Array {
  return findTransform(model)(margins);
}
