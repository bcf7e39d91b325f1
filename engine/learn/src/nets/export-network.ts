import { FormatError } from "../algorithm.ts";
import { inputWidth, type Network, type NetworkColumn, type NetworkTask } from "./network.ts";
import { createOnnxGraph, type OnnxGraph } from "./onnx-graph.ts";
import { readOnnx } from "./onnx-tensors.ts";

const TASKS: readonly NetworkTask[] = ["regressor", "binary_classifier", "multiclass_classifier"];

/**
 * The network as a plain ONNX model: `features` [n, columns], raw as they come (NaN where a value is missing), to `predictions` [n, outputs]. Standardisation, embeddings
 * and the last activation are part of it.
 */
export function encodeNetwork(network: Network): Buffer {
  const { task, columns, layers } = network;
  const graph = createOnnxGraph("multilayer-perceptron");
  graph.input("features", ["n", columns.length]);
  let signal = writeInput(graph, network);
  for (const [index, layer] of layers.entries()) {
    const weights = graph.weights(`weights_${index}`, [layer.inputs, layer.outputs], layer.weights);
    const biases = graph.weights(`biases_${index}`, [layer.outputs], layer.biases);
    signal = graph.node("Add", [graph.node("MatMul", [signal, weights]), biases]);
    if (index < layers.length - 1) signal = graph.node("Relu", [signal]);
  }
  const [operator, attributes] =
    task === "regressor" ? ["Identity", {}] : task === "binary_classifier" ? ["Sigmoid", {}] : ["Softmax", { axis: 1 }];
  graph.node(operator, [signal], attributes, "predictions");
  graph.output("predictions", ["n", layers.at(-1)?.outputs ?? 1]);
  const sizes = layers.map(({ inputs, outputs }) => [inputs, outputs]);
  const settings = { task, columns, layers: sizes };
  return graph.encode({ rondo_network: JSON.stringify(settings), rondo_end: "1" });
}

/** What `firstLayerInput` computes: first the numbers, then the vectors of the categories. */
function writeInput(graph: OnnxGraph, { columns, embeddings }: Network): string {
  const zero = graph.weights("zero", [1], Float32Array.of(0));
  const parts: string[] = [];
  const numbers = [...columns.entries()].flatMap(([index, column]) =>
    column.kind === "number" ? [{ index, column }] : [],
  );
  if (numbers.length > 0) {
    const chosen = graph.integers(
      "numbers",
      numbers.map(({ index }) => index),
    );
    const raw = graph.node("Gather", ["features", chosen], { axis: 1 });
    const row = (values: readonly number[]): Float32Array => Float32Array.from(values);
    const size = [numbers.length];
    const means = graph.weights("means", size, row(numbers.map(({ column }) => column.mean)));
    const deviations = graph.weights("deviations", size, row(numbers.map(({ column }) => column.deviation)));
    const scaled = graph.node("Div", [graph.node("Sub", [raw, means]), deviations]);
    parts.push(graph.node("Where", [graph.node("IsNaN", [raw]), zero, scaled]));
  }
  const categories = [...columns.entries()].flatMap(([index, column]) =>
    column.kind === "category" ? [{ index, column }] : [],
  );
  for (const [place, { index, column }] of categories.entries()) {
    const raw = graph.node("Gather", ["features", graph.integers(`column_${index}`, [index])], { axis: 1 });
    const unknown = graph.weights(`unknown_${index}`, [1], Float32Array.of(column.categories));
    const isNumber = graph.node("Equal", [raw, graph.node("Floor", [raw])]); // NaN is equal to nothing
    const isInside = graph.node("And", [
      graph.node("Not", [graph.node("Less", [raw, zero])]),
      graph.node("Less", [raw, unknown]),
    ]);
    const isKnown = graph.node("And", [isNumber, isInside]);
    const row = graph.node("Cast", [graph.node("Where", [isKnown, raw, unknown])], { to: 7 });
    const size = [column.categories + 1, column.size];
    const table = graph.weights(`embedding_${index}`, size, embeddings[place] ?? new Float32Array());
    // [n, 1, size] to [n, size]
    parts.push(graph.node("Squeeze", [graph.node("Gather", [table, row]), graph.integers(`squeezed_${index}`, [1])]));
  }
  return graph.node("Concat", parts, { axis: 1 });
}

/** Reads back what `encodeNetwork` wrote. Throws FormatError for anything else. */
export function decodeNetwork(bytes: Uint8Array): Network {
  const { weights, metadata } = readOnnx(bytes);
  const { rondo_network: text, rondo_end: end } = metadata;
  if (text === undefined || end !== "1")
    throw new FormatError("This is no ONNX model of a multilayer perceptron of ours.");
  const { task, columns, layers } = readSettings(text);
  const tensor = (name: string, length: number): Float32Array => {
    const values = weights.get(name);
    if (values?.length === length) return values;
    throw new FormatError(`The model's tensor ${name} has ${values?.length ?? "no"} values, not ${length}.`);
  };
  return {
    task,
    columns,
    layers: layers.map(([inputs, outputs], index) => ({
      inputs,
      outputs,
      weights: tensor(`weights_${index}`, inputs * outputs),
      biases: tensor(`biases_${index}`, outputs),
    })),
    embeddings: columns.flatMap((column, index) =>
      column.kind === "number" ? [] : [tensor(`embedding_${index}`, (column.categories + 1) * column.size)],
    ),
  };
}

interface Settings {
  readonly task: NetworkTask;
  readonly columns: readonly NetworkColumn[];
  readonly layers: readonly (readonly [number, number])[];
}

function readSettings(text: string): Settings {
  try {
    const settings = JSON.parse(text) as Settings;
    const isSize = (value: unknown): boolean =>
      Number.isSafeInteger(value) && Number(value) > 0 && Number(value) < 2 ** 24;
    const areColumns = settings.columns.every((column) =>
      column.kind === "number"
        ? Number.isFinite(column.mean) && column.deviation > 0
        : column.kind === "category" && isSize(column.categories) && isSize(column.size),
    );
    const areLayers =
      settings.layers.length > 0 && settings.layers.every((sizes) => sizes.length === 2 && sizes.every(isSize));
    const doFit = settings.layers.every(
      ([inputs], index) => inputs === (settings.layers[index - 1]?.[1] ?? inputWidth(settings.columns)),
    );
    if (TASKS.includes(settings.task) && areColumns && areLayers && doFit) return settings;
  } catch {
    // falls through to the refusal
  }
  throw new FormatError("The settings of the model are damaged.");
}
