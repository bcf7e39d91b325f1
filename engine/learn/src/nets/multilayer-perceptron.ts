import { DataError } from "../algorithm.ts";
import { ParameterError, type ParameterTable, type ParameterValues, resolveParameters } from "../parameters.ts";
import { createRandom, shuffledIndexes } from "../random.ts";
import { readWhole } from "../read-whole.ts";
import { requireColumns } from "../table/complete-rows.ts";
import type { Table, TableData } from "../table/table.ts";
import type { MetricValue, TableAlgorithm, TableFitContext } from "../table/table-algorithm.ts";
import { decodeNetwork, encodeNetwork } from "./export-network.ts";
import { initialNetwork, type Network, type NetworkTask } from "./network.ts";
import { describeColumns, describeTargets, prepareRows, type TargetScale } from "./network-data.ts";
import { networkMetrics } from "./network-metrics.ts";
import { predictNetwork } from "./predict-network.ts";
import { openTrainingSession } from "./training-session.ts";

export const multilayerPerceptronParameters = {
  predictorType: {
    type: "categorical",
    values: ["regressor", "binary_classifier", "multiclass_classifier"],
    default: "binary_classifier",
  },
  /** Units of the hidden layers, separated by commas. */
  hiddenLayers: { type: "text", default: "128,64" },
  epochs: { type: "integer", minimum: 1, maximum: 1_000_000, default: 30 },
  batchSize: { type: "integer", minimum: 1, maximum: 65_536, default: 128 },
  learningRate: { type: "continuous", minimum: 0, exclusiveMinimum: true, maximum: 10, default: 0.001 },
  weightDecay: { type: "continuous", minimum: 0, maximum: 1, default: 0.01 },
  dropout: { type: "continuous", minimum: 0, maximum: 0.95, default: 0.1 },
  /** Epochs without a lower loss of the last evaluated table until training ends with the best weights. */
  patience: { type: "integer", minimum: 1, maximum: 1_000_000, default: 5 },
} as const satisfies ParameterTable;

type Parameters = ParameterValues<typeof multilayerPerceptronParameters>;

const MAX_UNITS = 16_384;
const MAX_LAYERS = 16;

/**
 * A dense net over tables: embedded categories, standardised numbers, ReLU, dropout (Srivastava et al. 2014), Adam with decoupled weight decay, early stopping. Trained by
 * ONNX graphs that do forward, backward and update in one; the model file is a plain ONNX model. The bytes depend on the seed and the processor's vector
 * instructions, not on the number of threads.
 */
export const multilayerPerceptron: TableAlgorithm<typeof multilayerPerceptronParameters, Network> = {
  id: "multilayer-perceptron",
  parameters: multilayerPerceptronParameters,
  async fit(given, data, context) {
    const parameters = resolveParameters(multilayerPerceptronParameters, given);
    const hidden = parseLayers(parameters.hiddenLayers);
    return await fitNetwork({ ...parameters, hidden }, data, context);
  },
  predict(model, features) {
    requireColumns(features, model.columns.length);
    return predictNetwork(model, features);
  },
  encode: (model) => [encodeNetwork(model)],
  decode: async (file) => decodeNetwork(await readWhole(file)),
};

function parseLayers(text: string): number[] {
  const layers = text.split(",").map((units) => Number(units.trim()));
  if (
    layers.length <= MAX_LAYERS &&
    layers.every((units) => Number.isInteger(units) && units > 0 && units <= MAX_UNITS)
  ) {
    return layers;
  }
  throw new ParameterError(
    "hiddenLayers",
    `Parameter hiddenLayers must be up to ${MAX_LAYERS} numbers of units from 1 to ${MAX_UNITS}, separated by commas, not ${JSON.stringify(text)}.`,
  );
}

async function fitNetwork(
  parameters: Parameters & { readonly hidden: readonly number[] },
  { train, evaluated = [] }: TableData,
  context: TableFitContext,
): Promise<Network> {
  const { epochs, batchSize, patience, hidden } = parameters;
  const task: NetworkTask = parameters.predictorType;
  const scale = describeTargets(train, task);
  for (const { name, table } of evaluated) requireSame(name, table, { train, task });
  const columns = await describeColumns(train, context.signal);
  const batchOf = prepareRows(train, columns, scale);
  const shape = { task, columns, hidden, outputs: scale.outputs };
  const random = createRandom(context.seed);
  const settings = { ...parameters, threads: context.threads, uniform: random.uniform };
  await using session = await openTrainingSession(
    shape,
    initialNetwork(shape, createRandom(context.seed, 1)),
    settings,
  );
  let best: { readonly loss: number; readonly epoch: number; readonly network: Network } | undefined;
  const isStopped = (): boolean => {
    context.signal?.throwIfAborted();
    return context.stop?.aborted === true;
  };
  for (let epoch = 1; epoch <= epochs && !isStopped(); epoch += 1) {
    const order = shuffledIndexes(train.features.rows, createRandom(context.seed, 1 + epoch));
    let loss = 0;
    for (let start = 0; start < order.length && !isStopped(); start += batchSize) {
      const rows = order.subarray(start, start + batchSize);
      loss += (await session.learn(batchOf(rows))) * rows.length;
    }
    if (!Number.isFinite(loss)) {
      throw new DataError(
        `The training diverged: a learning rate of ${parameters.learningRate} is too high for this data.`,
      );
    }
    const network = inLabelUnits(session.network(), scale);
    const judged: Judged[] = [];
    for (const { name, table } of evaluated) {
      judged.push({ name, ...(await networkMetrics(network, table, { scale, signal: context.signal })) });
    }
    report(context, { epoch, epochs, loss: loss / order.length }, judged);
    const last = judged.at(-1);
    if (last === undefined) best = { loss: 0, epoch, network };
    else if (best === undefined || last.loss < best.loss) best = { loss: last.loss, epoch, network };
    else if (epoch - best.epoch >= patience) break;
  }
  return best?.network ?? inLabelUnits(session.network(), scale);
}

interface Judged {
  readonly name: string;
  readonly loss: number;
  readonly metrics: readonly (readonly [name: string, value: number])[];
}

function report(
  { onProgress }: TableFitContext,
  { epoch, epochs, loss }: { readonly epoch: number; readonly epochs: number; readonly loss: number },
  judged: readonly Judged[],
): void {
  const metrics: MetricValue[] = [{ dataset: "train", metric: "loss", value: loss }];
  for (const { name, loss: value, metrics: others } of judged) {
    metrics.push({ dataset: name, metric: "loss", value });
    for (const [metric, figure] of others) metrics.push({ dataset: name, metric, value: figure });
  }
  onProgress?.({ fraction: epoch / epochs, iteration: epoch, metrics });
}

function requireSame(
  name: string,
  table: Table,
  { train, task }: { readonly train: Table; readonly task: NetworkTask },
): void {
  requireColumns(table.features, train.features.columns);
  try {
    describeTargets(table, task);
  } catch (error) {
    throw error instanceof DataError ? new DataError(`The ${name} data: ${error.message}`, { cause: error }) : error;
  }
}

/** A regressor has learned standardised labels: its last layer takes the scale over. */
function inLabelUnits(network: Network, { task, mean, deviation }: TargetScale): Network {
  if (task !== "regressor") return network;
  const layers = network.layers.map((layer, index) => {
    if (index < network.layers.length - 1) return layer;
    return {
      ...layer,
      weights: layer.weights.map((weight) => weight * deviation),
      biases: layer.biases.map((bias) => bias * deviation + mean),
    };
  });
  return { ...network, layers };
}
