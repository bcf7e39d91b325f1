import { setImmediate } from "node:timers/promises";
import {
  createMemoryLayout,
  type FactorizationLayout,
  factorizationGlobals,
  startKernelThreads,
  takeFactorization,
  writeFactorizationRates,
} from "@rondo/kernels";
import { createRandom, type Random } from "@rondo/statistics";
import { allocateForData, copyRows, takeRows } from "../linear/linear-rows.ts";
import { shuffle, standardNormal } from "../linear/random-draws.ts";
import { supervisedRows } from "../linear/supervised-rows.ts";
import { resolveParameters } from "../parameters.ts";
import type { Matrix, SparseMatrix } from "../table/matrix.ts";
import type { TableData } from "../table/table.ts";
import type { TableAlgorithm, TableFitContext } from "../table/table-algorithm.ts";
import {
  decodeFactorization,
  encodeFactorization,
  type FactorizationModel,
  predictFactorization,
} from "./factorization-model.ts";
import { type FactorizationParameters, factorizationParameters } from "./factorization-parameters.ts";

/** Multiplications and additions of one call: some 20 to 50 ms. */
const WORK_OF_A_CALL = 2e7;

/**
 * Factorization machines of second degree (Rendle, "Factorization Machines", ICDM 2010) for two classes (logistic loss)
 * or numbers (squared loss): weights for columns and, by the products of their factors, for pairs of columns, also of
 * pairs that never appeared together. Mini-batches and Adam as SageMaker's algorithm has them; a column is moved only by
 * batches in which it appears. One thread, on which the result therefore does not depend.
 */
export const factorizationMachines: TableAlgorithm<typeof factorizationParameters, FactorizationModel> = {
  id: "factorization-machines",
  parameters: factorizationParameters,
  fit: fitFactorization,
  predict: predictFactorization,
  encode: encodeFactorization,
  decode: decodeFactorization,
};

async function fitFactorization(
  given: Partial<FactorizationParameters>,
  { train }: TableData,
  context: TableFitContext,
): Promise<FactorizationModel> {
  const parameters = resolveParameters(factorizationParameters, given);
  context.signal?.throwIfAborted();
  const { predictorType, epochs } = parameters;
  const classes = predictorType === "binary_classifier" ? 2 : undefined;
  const table = supervisedRows(train, { name: "training", classes });
  const features = withoutZeros(table.features);
  const random = createRandom(context.seed);
  const batchRows = Math.min(parameters.miniBatchSize, features.rows);
  const batches = Math.ceil(features.rows / batchRows);
  const layout = createMemoryLayout();
  const rows = takeRows(layout, features);
  const machine = takeFactorization(layout, { columns: features.columns, factors: parameters.factors, batches });
  const memory = allocateForData(layout);
  const source = {
    rows: { ...table, features, weights: meanOfOne(table.weights) },
    order: shuffle(features.rows, random),
    standardization: { shifts: new Float64Array(features.columns), scales: new Float64Array(features.columns).fill(1) },
    label: { shift: 0, scale: 1 },
  };
  const used = await copyRows(memory, rows, source, context.signal);
  initialise(memory, machine, { parameters, random, used });
  using team = startKernelThreads({ kernel: "factorization-machine", memory, threads: 1 });
  team.setGlobals({ ...factorizationGlobals(rows, machine), ...settings(parameters), batchRows });
  const order = new Uint32Array(memory.buffer, machine.batchOrder, batches);
  const workOfABatch = (features.values.length / batches) * machine.stride * 4 + 1;
  const batchesOfACall = Math.max(1, Math.floor(WORK_OF_A_CALL / workOfABatch));
  const isStopped = (): boolean => context.stop?.aborted === true;
  for (let epoch = 0; epoch < epochs && !isStopped(); epoch += 1) {
    order.set(shuffle(batches, random));
    team.setGlobals({ lossSum: 0, rowsSeen: 0 });
    for (let from = 0; from < batches && !isStopped(); from += batchesOfACall) {
      context.signal?.throwIfAborted();
      team.setGlobals({ stepsDone: epoch * batches + from });
      await team.call("train", () => [from, Math.min(batches, from + batchesOfACall)]);
      await setImmediate();
    }
    const meanLoss = team.own.call("meanLoss", []);
    context.onProgress?.({
      fraction: (epoch + 1) / epochs,
      iteration: epoch + 1,
      metrics: [{ dataset: "train", metric: predictorType === "regressor" ? "mse" : "cross_entropy", value: meanLoss }],
    });
  }
  context.signal?.throwIfAborted();
  return readModel(memory, machine, parameters);
}

function settings({ predictorType, epsilon, rescaleGradient, clipGradient }: FactorizationParameters) {
  return {
    logistic: predictorType === "binary_classifier" ? 1 : 0,
    epsilon,
    rescale: rescaleGradient ?? 0,
    clip: clipGradient ?? Number.POSITIVE_INFINITY,
  };
}

/** The same rows with nothing written but what is not 0. */
function withoutZeros(features: Matrix): SparseMatrix {
  if (features.kind === "sparse") return features;
  const { rows, columns, values } = features;
  const entries = values.reduce((count, value) => count + Number(value !== 0), 0);
  const sparse = {
    rowStarts: new Float64Array(rows + 1),
    columnIndexes: new Uint32Array(entries),
    values: new Float32Array(entries),
  };
  let written = 0;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const value = values[row * columns + column];
      if (value === 0) continue;
      sparse.columnIndexes[written] = column;
      sparse.values[written] = value;
      written += 1;
    }
    sparse.rowStarts[row + 1] = written;
  }
  return { kind: "sparse", rows, columns, ...sparse, absent: "zero" };
}

function meanOfOne(weights: Float32Array): Float32Array {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => (weight * weights.length) / sum);
}

interface Beginning {
  readonly parameters: FactorizationParameters;
  readonly random: Random;
  readonly used: Uint8Array;
}

/** Draws the parameters; columns that never appear in training keep 0, so that they say nothing later. */
function initialise(
  memory: WebAssembly.Memory,
  machine: FactorizationLayout,
  { parameters, random, used }: Beginning,
): void {
  const { columns, stride, factors } = machine;
  const view = new Float32Array(memory.buffer, machine.parameters, (columns + 1) * stride);
  const part = (name: "bias" | "linear" | "factors") => ({
    learningRate: parameters[`${name}LearningRate`],
    weightDecay: parameters[`${name}WeightDecay`],
  });
  writeFactorizationRates(memory, machine, { bias: part("bias"), linear: part("linear"), factors: part("factors") });
  const draw = (name: "bias" | "linear" | "factors"): number => {
    switch (parameters[`${name}InitMethod`]) {
      case "normal":
        return standardNormal(random) * parameters[`${name}InitSigma`];
      case "uniform":
        return (2 * random() - 1) * parameters[`${name}InitScale`];
      case "constant":
        return parameters[`${name}InitValue`];
    }
  };
  for (let column = 0; column < columns; column += 1) {
    if (used[column] === 0) continue;
    for (let factor = 0; factor < factors; factor += 1) view[column * stride + factor] = draw("factors");
    view[column * stride + stride - 4] = draw("linear");
  }
  view[columns * stride + stride - 4] = draw("bias");
}

function readModel(
  memory: WebAssembly.Memory,
  { columns, stride, factors: width, parameters: address }: FactorizationLayout,
  { predictorType }: FactorizationParameters,
): FactorizationModel {
  const view = new Float32Array(memory.buffer, address, (columns + 1) * stride);
  const linear = new Float32Array(columns);
  const factors = new Float32Array(columns * width);
  for (let column = 0; column < columns; column += 1) {
    factors.set(view.subarray(column * stride, column * stride + width), column * width);
    linear[column] = view[column * stride + stride - 4];
  }
  return { predictorType, columns, width, bias: view[columns * stride + stride - 4], linear, factors };
}
