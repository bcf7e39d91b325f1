import {
  createMemoryLayout,
  type KernelThreads,
  type LinearModelsLayout,
  type LinearRowsLayout,
  linearLosses,
  linearOptimizers,
  modelGlobals,
  rowGlobals,
  startKernelThreads,
  takeLinearModels,
} from "@rondo/kernels";
import { createRandom, type Random } from "@rondo/statistics";
import type { TableFitContext } from "../table/table-algorithm.ts";
import type { LinearParameters } from "./linear-parameters.ts";
import type { LinearPlan } from "./linear-plan.ts";
import { allocateForData, copyRows, takeRows } from "./linear-rows.ts";
import { shuffle } from "./random-draws.ts";
import { estimateStandardization, type Standardization } from "./standardization.ts";
import type { SupervisedRows } from "./supervised-rows.ts";

/** Blocks of rows that threads add up apart from each other; a number that does not depend on the threads. */
export const BLOCKS_AT_ONCE = 8;
/** Multiplications and additions of one call: some 20 to 50 ms of one thread. */
const WORK_OF_A_CALL = 5e7;
const LANES = 4;

/** The kernel with its threads and the data in its memory. */
export interface LinearWorkspace extends Disposable {
  readonly memory: WebAssembly.Memory;
  readonly team: KernelThreads;
  readonly random: Random;
  readonly train: LinearRowsLayout;
  readonly validation: LinearRowsLayout | undefined;
  readonly models: LinearModelsLayout;
  readonly standardization: Standardization;
  /** Which columns are not always 0; weights of others stay 0. */
  readonly used: Uint8Array;
  /** Rows that one call may take for so many groups of models, so that abort works within a second. */
  rowsOfACall(groups: number): number;
  /** Which rows the kernel works on from now on. */
  select(rows: LinearRowsLayout): void;
}

export interface LinearWorkspaceOptions {
  readonly parameters: LinearParameters;
  readonly plan: LinearPlan;
  readonly train: SupervisedRows;
  readonly validation: SupervisedRows | undefined;
  readonly context: TableFitContext;
}

/** Copies the data, standardised and the training rows shuffled once; throws DataError when they do not fit into 4 GiB, and the signal's reason. */
export async function openLinearWorkspace(options: LinearWorkspaceOptions): Promise<LinearWorkspace> {
  const { parameters, plan, context, validation } = options;
  const { features } = options.train;
  const random = createRandom(context.seed);
  const order = shuffle(features.rows, random);
  const sample = order.subarray(0, parameters.scalerRows);
  const standardization = estimateStandardization(features, { ...plan, sample });
  const groups = Math.ceil(plan.models.length / modelsOfAGroup(plan));
  const threads = Math.max(1, Math.min(context.threads, Math.max(groups, BLOCKS_AT_ONCE)));
  const layout = createMemoryLayout();
  const train = takeRows(layout, features);
  const judged = validation && takeRows(layout, validation.features);
  const models = takeLinearModels(layout, {
    columns: features.columns,
    outputs: plan.loss === "softmax" ? plan.outputs : LANES,
    groups,
    partials: BLOCKS_AT_ONCE,
    batches: plan.batches,
    threads,
    sparse: features.kind === "sparse",
  });
  const memory = allocateForData(layout);
  const shared = { standardization, label: plan.label };
  const used = await copyRows(memory, train, { ...shared, rows: options.train, order }, context.signal);
  if (judged !== undefined && validation !== undefined) {
    await copyRows(memory, judged, { ...shared, rows: validation }, context.signal);
  }
  const team = startKernelThreads({ kernel: "linear-models", memory, threads });
  team.setGlobals({ ...rowGlobals(train), ...modelGlobals(models), ...optimizerGlobals(parameters, plan) });
  const entriesOfARow = Math.max(1, (train.entries ?? train.rows * train.columns) / train.rows);
  return {
    memory,
    team,
    random,
    train,
    validation: judged,
    models,
    standardization,
    used,
    rowsOfACall: (count) => Math.max(LANES, Math.floor(WORK_OF_A_CALL / (entriesOfARow * models.lanes * 2 * count))),
    select: (rows) => team.setGlobals(rowGlobals(rows)),
    [Symbol.dispose]: () => team[Symbol.dispose](),
  };
}

/** Softmax needs all classes of a model side by side; other models have one output each. */
export function modelsOfAGroup({ loss }: LinearPlan): number {
  return loss === "softmax" ? 1 : LANES;
}

function optimizerGlobals(parameters: LinearParameters, plan: LinearPlan): Record<string, number> {
  const { momentum, beta1, beta2, scheduleStep, scheduleFactor, minimumRate, batchRows, lossParameter } = plan;
  return {
    loss: linearLosses.indexOf(plan.loss),
    optimizer: linearOptimizers.indexOf(plan.optimizer),
    useBias: parameters.useBias ? 1 : 0,
    biasRateFactor: parameters.biasLearningRateFactor,
    biasDecayFactor: parameters.biasWeightDecayFactor,
    momentum,
    beta1,
    beta2,
    scheduleStep,
    scheduleFactor,
    minimumRate,
    batchRows,
    lossParameter,
  };
}
