import { setImmediate } from "node:timers/promises";
import { type LinearGroup, linearGroup } from "@rondo/kernels";
import type { MetricValue, TableFitContext } from "../table/table-algorithm.ts";
import type { LinearParameters } from "./linear-parameters.ts";
import { type LinearPlan, lossScale } from "./linear-plan.ts";
import { type LinearWorkspace, modelsOfAGroup } from "./linear-workspace.ts";
import { shuffle, standardNormal } from "./random-draws.ts";

/** One of the models that are trained side by side. */
export interface TrainedModel {
  readonly weightDecay: number;
  readonly l1: number;
  /** (columns + 1) × outputs, the bias last; of standardised features. */
  readonly weights: Float64Array;
  /** Mean loss of the epoch that was judged last; undefined when training was stopped before. */
  readonly loss: number | undefined;
}

export interface LinearTrainingOptions {
  readonly parameters: LinearParameters;
  readonly plan: LinearPlan;
  readonly context: TableFitContext;
}

/** Trains all models of the plan by mini-batches, one pass over each for all of them, until the loss no longer improves. */
export async function trainModels(
  workspace: LinearWorkspace,
  { parameters, plan, context }: LinearTrainingOptions,
): Promise<readonly TrainedModel[]> {
  const { memory, models } = workspace;
  const groups = Array.from({ length: models.groups }, (_, number) => linearGroup(models, memory, number));
  await openThreads(workspace);
  initialise(groups, workspace, parameters, plan);
  let losses: readonly number[] | undefined;
  let best = Number.POSITIVE_INFINITY;
  let patience = parameters.patience;
  for (let epoch = 0; epoch < parameters.epochs && patience > 0; epoch += 1) {
    const training = await trainEpoch(workspace, groups, plan, { epoch, context });
    if (training === undefined) break;
    const validation = await judge(workspace, groups, plan, context);
    losses = validation ?? training;
    const loss = Math.min(...losses);
    if (best - loss > parameters.tolerance * Math.abs(best) || best === Number.POSITIVE_INFINITY) {
      patience = parameters.patience;
      best = loss;
    } else {
      patience -= 1;
    }
    const metric = (dataset: string, values: readonly number[]): MetricValue => ({
      dataset,
      metric: "objective_loss",
      value: Math.min(...values) * lossScale(plan),
    });
    context.onProgress?.({
      fraction: (epoch + 1) / parameters.epochs,
      iteration: epoch + 1,
      metrics: [metric("train", training), ...(validation ? [metric("validation", validation)] : [])],
    });
  }
  return plan.models.map(({ weightDecay, l1 }, model) => ({
    weightDecay,
    l1,
    weights: readWeights(workspace, groups, plan, model),
    loss: losses?.[model],
  }));
}

/** Gives each thread its own memory. */
async function openThreads({ team, models }: LinearWorkspace): Promise<void> {
  await team.call("openThread", (thread) => {
    const { scratch, stamps, touched } = models.own[thread];
    return [scratch, stamps, touched];
  });
}

function initialise(
  groups: readonly LinearGroup[],
  { random, used, models: { lanes, columns } }: LinearWorkspace,
  parameters: LinearParameters,
  plan: LinearPlan,
): void {
  const { initMethod, initScale, initSigma } = parameters;
  const draw =
    initMethod === "uniform" ? () => (2 * random() - 1) * initScale : () => standardNormal(random) * initSigma;
  for (const [model, { learningRate, weightDecay, l1 }] of plan.models.entries()) {
    const { group, lane } = placeOf(plan, model);
    const { weights, learningRates, weightDecays, sparsities } = groups[group];
    for (let output = lane; output < lane + plan.outputs; output += 1) {
      learningRates[output] = learningRate;
      weightDecays[output] = weightDecay;
      sparsities[output] = l1;
      for (let column = 0; column < columns; column += 1) {
        const value = draw();
        weights[column * lanes + output] = used[column] === 1 ? value : 0;
      }
      weights[columns * lanes + output] = parameters.useBias ? parameters.initBias / plan.label.scale : 0;
    }
  }
}

/** Mean losses of the models over the epoch, or nothing when it was stopped. */
async function trainEpoch(
  workspace: LinearWorkspace,
  groups: readonly LinearGroup[],
  plan: LinearPlan,
  { epoch, context }: { readonly epoch: number; readonly context: TableFitContext },
): Promise<readonly number[] | undefined> {
  const { team, memory, models, train } = workspace;
  workspace.select(train);
  for (const { lossSums } of groups) lossSums.fill(0);
  new Uint32Array(memory.buffer, models.batchOrder, plan.batches).set(shuffle(plan.batches, workspace.random));
  const batchesOfACall = Math.max(1, Math.floor(workspace.rowsOfACall(models.groups) / plan.batchRows));
  for (let from = 0; from < plan.batches; from += batchesOfACall) {
    context.signal?.throwIfAborted();
    if (context.stop?.aborted === true) return undefined;
    const to = Math.min(plan.batches, from + batchesOfACall);
    team.setGlobals({ stepsDone: epoch * plan.batches + from });
    await team.call("train", (thread) => [thread, team.count, from, to]);
    await setImmediate();
  }
  return meanLosses(groups, plan, train.rows);
}

/** Mean losses of the models on the validation rows, if there are any. */
async function judge(
  workspace: LinearWorkspace,
  groups: readonly LinearGroup[],
  plan: LinearPlan,
  { signal }: TableFitContext,
): Promise<readonly number[] | undefined> {
  const { team, validation, models } = workspace;
  if (validation === undefined) return undefined;
  workspace.select(validation);
  for (const { lossSums } of groups) lossSums.fill(0);
  const step = workspace.rowsOfACall(models.groups);
  for (let from = 0; from < validation.rows; from += step) {
    signal?.throwIfAborted();
    const to = Math.min(validation.rows, from + step);
    await team.call("evaluate", (thread) => [thread, team.count, from, to]);
    await setImmediate();
  }
  return meanLosses(groups, plan, validation.rows);
}

function meanLosses(groups: readonly LinearGroup[], plan: LinearPlan, rows: number): readonly number[] {
  return plan.models.map((_, model) => {
    const { group, lane } = placeOf(plan, model);
    return groups[group].lossSums[lane] / rows;
  });
}

function placeOf(plan: LinearPlan, model: number): { readonly group: number; readonly lane: number } {
  const size = modelsOfAGroup(plan);
  return { group: Math.floor(model / size), lane: model % size };
}

function readWeights(
  { models: { lanes, columns } }: LinearWorkspace,
  groups: readonly LinearGroup[],
  plan: LinearPlan,
  model: number,
): Float64Array {
  const { group, lane } = placeOf(plan, model);
  const { outputs } = plan;
  return Float64Array.from(
    { length: (columns + 1) * outputs },
    (_, index) => groups[group].weights[Math.floor(index / outputs) * lanes + lane + (index % outputs)],
  );
}
