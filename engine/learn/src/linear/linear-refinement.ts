import { setImmediate } from "node:timers/promises";
import { linearGroup, linearPartial } from "@rondo/kernels";
import type { TableFitContext } from "../table/table-algorithm.ts";
import { createLbfgs, type Minimization } from "./lbfgs.ts";
import type { LinearParameters } from "./linear-parameters.ts";
import type { LinearPlan } from "./linear-plan.ts";
import type { TrainedModel } from "./linear-training.ts";
import { BLOCKS_AT_ONCE, type LinearWorkspace, modelsOfAGroup } from "./linear-workspace.ts";

/** Of the mean loss by a standardised weight; scikit-learn stops there, too. */
const GRADIENT_TOLERANCE = 1e-4;
const SMALLEST_BLOCK = 256;

const curved: readonly LinearPlan["loss"][] = ["logistic", "softmax", "squared", "eps-insensitive-squared", "huber"];

/** Whether a model has a minimum that full gradients lead to. */
export function canRefine(
  { refinementIterations }: LinearParameters,
  { loss }: LinearPlan,
  { l1 }: TrainedModel,
): boolean {
  return refinementIterations > 0 && l1 === 0 && curved.includes(loss);
}

export interface RefinementOptions {
  readonly parameters: LinearParameters;
  readonly plan: LinearPlan;
  readonly context: TableFitContext;
}

/**
 * Takes models (at most as many as a group of the kernel holds) to the minimum of their regularised mean loss over all
 * rows. They share each pass over the rows. Stopped, they are the best that was seen.
 */
export async function refineModels(
  workspace: LinearWorkspace,
  models: readonly TrainedModel[],
  { parameters, plan, context }: RefinementOptions,
): Promise<readonly TrainedModel[]> {
  const iterations = parameters.refinementIterations;
  const searches = models.slice(0, modelsOfAGroup(plan)).map(({ weights, weightDecay }) => ({
    weightDecay,
    search: createLbfgs({ start: weights, iterations, tolerance: GRADIENT_TOLERANCE }),
  }));
  workspace.select(workspace.train);
  const pass = createPass(workspace, plan, context);
  while (searches.some(({ search }) => !search.finished)) {
    const sums = await pass(searches.map(({ search }) => search));
    if (sums === undefined) break;
    for (const [index, { search, weightDecay }] of searches.entries()) {
      regularise(search, sums[index], { weightDecay, outputs: plan.outputs, parameters });
      search.tell(sums[index].loss, sums[index].gradient);
    }
  }
  return searches.map(({ search, weightDecay }) => ({ weights: search.best, weightDecay, l1: 0, loss: undefined }));
}

interface PassResult {
  loss: number;
  readonly gradient: Float64Array;
}

/** Adds the L2 terms to a mean loss and its gradient. */
function regularise(
  { point }: Minimization,
  result: PassResult,
  options: { readonly weightDecay: number; readonly outputs: number; readonly parameters: LinearParameters },
): void {
  const { weightDecay, outputs, parameters } = options;
  const firstBias = point.length - outputs;
  for (let index = 0; index < point.length; index += 1) {
    const decay = index < firstBias ? weightDecay : weightDecay * parameters.biasWeightDecayFactor;
    result.loss += 0.5 * decay * point[index] ** 2;
    result.gradient[index] += decay * point[index];
    if (index >= firstBias && !parameters.useBias) result.gradient[index] = 0;
  }
}

type Pass = (searches: readonly Minimization[]) => Promise<readonly PassResult[] | undefined>;

/** One pass over all rows: blocks of rows on all threads, their sums added in the blocks' order. */
function createPass(workspace: LinearWorkspace, plan: LinearPlan, context: TableFitContext): Pass {
  const { team, memory, models, train } = workspace;
  const { weights } = linearGroup(models, memory, 0);
  const blockRows = Math.max(
    SMALLEST_BLOCK,
    Math.min(Math.ceil(train.rows / BLOCKS_AT_ONCE), Math.floor(workspace.rowsOfACall(1) / BLOCKS_AT_ONCE)),
  );
  const blocks = Math.ceil(train.rows / blockRows);
  const { outputs } = plan;
  team.setGlobals({ batchRows: blockRows });
  return async (searches) => {
    // Alone, a model of dense rows leaves no lanes empty when they are columns.
    const isAlone = searches.length === 1 && outputs === 1 && train.rowStarts === 0;
    const placeOf = (lane: number, index: number): number =>
      isAlone ? index : Math.floor(index / outputs) * models.lanes + lane + (index % outputs);
    weights.fill(0);
    for (const [lane, { point }] of searches.entries()) {
      for (let index = 0; index < point.length; index += 1) weights[placeOf(lane, index)] = point[index];
    }
    const results = searches.map(({ point }) => ({ loss: 0, gradient: new Float64Array(point.length) }));
    for (let from = 0; from < blocks; from += BLOCKS_AT_ONCE) {
      context.signal?.throwIfAborted();
      if (context.stop?.aborted === true) return undefined;
      const to = Math.min(blocks, from + BLOCKS_AT_ONCE);
      const share = (thread: number): readonly number[] => [thread, team.count, from, to];
      await team.call(isAlone ? "differentiateOne" : "differentiate", share);
      for (let block = 0; block < to - from; block += 1) {
        const { lossSums, gradient } = linearPartial(models, memory, block);
        for (const [lane, result] of results.entries()) {
          result.loss += lossSums[lane] / train.rows;
          for (let index = 0; index < result.gradient.length; index += 1) {
            result.gradient[index] += gradient[placeOf(lane, index)] / train.rows;
          }
        }
      }
      await setImmediate();
    }
    return results;
  };
}
