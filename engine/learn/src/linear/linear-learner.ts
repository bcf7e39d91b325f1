import { resolveParameters } from "../parameters.ts";
import type { TableData } from "../table/table.ts";
import type { TableAlgorithm, TableFitContext } from "../table/table-algorithm.ts";
import { decodeLinear, encodeLinear, type LinearModel, predictLinear } from "./linear-model.ts";
import { type LinearParameters, linearParameters } from "./linear-parameters.ts";
import { classWeightedRows, type LinearPlan, planLinear, resolveClasses, resolveLoss } from "./linear-plan.ts";
import { canRefine, refineModels } from "./linear-refinement.ts";
import { type TrainedModel, trainModels } from "./linear-training.ts";
import { type LinearWorkspace, modelsOfAGroup, openLinearWorkspace } from "./linear-workspace.ts";
import { selectModel, usualThreshold } from "./model-selection.ts";
import { supervisedRows } from "./supervised-rows.ts";

/**
 * Linear classification and regression as SageMaker's Linear Learner does it ("How linear learner works"): standardised
 * features, many models side by side trained by mini-batches, the best one and its threshold chosen on validation data
 * (the last of `evaluated`). Beyond that, models with a smooth loss are taken to the minimum by L-BFGS on all rows,
 * which is why they are as good as those of solvers of second order (`refinementIterations`: 0 leaves it out).
 */
export const linearLearner: TableAlgorithm<typeof linearParameters, LinearModel> = {
  id: "linear-learner",
  parameters: linearParameters,
  fit: fitLinear,
  predict: predictLinear,
  encode: encodeLinear,
  decode: decodeLinear,
};

async function fitLinear(
  given: Partial<LinearParameters>,
  { train, evaluated }: TableData,
  context: TableFitContext,
): Promise<LinearModel> {
  const parameters = resolveParameters(linearParameters, given);
  resolveLoss(parameters);
  context.signal?.throwIfAborted();
  const judged = evaluated?.at(-1);
  const classes = resolveClasses(parameters, train);
  const rows = supervisedRows(train, { name: "training", classes });
  const { columns } = train.features;
  const validation = judged && supervisedRows(judged.table, { name: judged.name, classes, columns });
  const plan = planLinear(parameters, train, validation !== undefined);
  using workspace = await openLinearWorkspace({
    plan,
    parameters,
    context,
    train: { ...rows, weights: classWeightedRows(parameters, rows) },
    validation: validation && { ...validation, weights: classWeightedRows(parameters, validation) },
  });
  const options = { parameters, plan, context };
  const trained = await trainModels(workspace, options);
  const refined = await refineModels(workspace, modelsToRefine(trained, parameters, plan), options);
  // The minimum is what the parameters ask for; where it was found, the way there is no candidate.
  const candidates = (refined.length > 0 ? refined : trained).map((model) => fold(model, workspace, parameters, plan));
  if (validation === undefined) return candidates[0];
  return selectModel(candidates, { rows: validation, parameters, signal: context.signal });
}

/** As many as share a pass over the rows, each with another regularisation, those with the lowest loss first. */
function modelsToRefine(
  trained: readonly TrainedModel[],
  parameters: LinearParameters,
  plan: LinearPlan,
): readonly TrainedModel[] {
  const refinable = trained
    .filter((model) => canRefine(parameters, plan, model))
    .toSorted((one, other) => (one.loss ?? 0) - (other.loss ?? 0));
  const different = refinable.filter(
    (model, index) => refinable.findIndex(({ weightDecay }) => weightDecay === model.weightDecay) === index,
  );
  return different.slice(0, modelsOfAGroup(plan));
}

/** Weights of features and labels as they are, from those of standardised ones. */
function fold(
  { weights }: TrainedModel,
  { standardization: { shifts, scales } }: LinearWorkspace,
  { predictorType }: LinearParameters,
  { loss, outputs, label }: LinearPlan,
): LinearModel {
  const columns = scales.length;
  const folded = new Float64Array(columns * outputs);
  const biases = weights.slice(columns * outputs);
  for (let column = 0; column < columns; column += 1) {
    for (let output = 0; output < outputs; output += 1) {
      const weight = weights[column * outputs + output] / scales[column];
      folded[column * outputs + output] = weight * label.scale;
      biases[output] -= weight * shifts[column];
    }
  }
  for (let output = 0; output < outputs; output += 1) biases[output] = biases[output] * label.scale + label.shift;
  return { predictorType, loss, columns, outputs, weights: folded, biases, threshold: usualThreshold(loss) };
}
