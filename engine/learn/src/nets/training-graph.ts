import { inputWidth, type Network, type NetworkShape } from "./network.ts";
import { createOnnxGraph, type OnnxGraph } from "./onnx-graph.ts";

/** Adam's decay rates and the term that keeps it from dividing by 0 (Kingma and Ba 2015, section 2). */
export const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** A tensor that is learned, and where it stands in the network. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  values(network: Network): Float32Array;
}

/** The learned tensors: `weights_i` and `biases_i` of each layer, `embedding_k` of each category column. */
export function parametersOf({ columns, hidden, outputs }: NetworkShape): Parameter[] {
  const sizes = [inputWidth(columns), ...hidden, outputs];
  const layers = sizes.slice(1).flatMap((size, index): Parameter[] => [
    {
      name: `weights_${index}`,
      shape: [sizes[index] ?? 0, size],
      values: ({ layers: all }) => all[index]?.weights ?? new Float32Array(),
    },
    { name: `biases_${index}`, shape: [size], values: ({ layers: all }) => all[index]?.biases ?? new Float32Array() },
  ]);
  const categories = columns.flatMap((column) => (column.kind === "category" ? [column] : []));
  const embeddings = categories.map((column, index) => ({
    name: `embedding_${index}`,
    shape: [column.categories + 1, column.size],
    values: ({ embeddings: all }: Network) => all[index] ?? new Float32Array(),
  }));
  return [...layers, ...embeddings];
}

/**
 * One step of training as an ONNX graph: forward, backward and Adam's update (Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1; weight
 * decay decoupled as in Loshchilov and Hutter, ICLR 2019).
 *
 * Inputs: `numbers` [n, numbers], `category_k` [n], `targets` [n, outputs], `row_weights` [n, 1] that add up to 1, `mask_l` [n, units] when there is dropout (0, or 1 ÷ the share that
 * is kept), `rate` [1] (the learning rate with both bias corrections), `decay` [1] (1 − learning rate × weight decay), and of each parameter p: `p`, `p_first`,
 * `p_second`. Outputs: `loss`, and the same three with `_next`.
 */
export function trainingGraph(shape: NetworkShape, withDropout: boolean): Buffer {
  const graph = createOnnxGraph("training-step");
  const batch = declareInputs(graph, shape, withDropout);
  const forward = writeForward(graph, shape, batch);
  const gradients = writeBackward(graph, shape, { ...batch, ...forward });
  writeUpdates(graph, shape, gradients);
  return graph.encode();
}

interface Batch {
  readonly numbers: string | undefined;
  /** [n, categories + 1], a one in each row. */
  readonly oneHots: readonly string[];
  readonly targets: string;
  readonly rowWeights: string;
  readonly masks: readonly string[];
}

function declareInputs(graph: OnnxGraph, { columns, hidden, outputs }: NetworkShape, withDropout: boolean): Batch {
  const categories = columns.flatMap((column) => (column.kind === "category" ? [column] : []));
  const count = columns.length - categories.length;
  const offOn = graph.weights("off_on", [2], Float32Array.of(0, 1));
  return {
    numbers: count === 0 ? undefined : graph.input("numbers", ["n", count]),
    oneHots: categories.map((column, index) => {
      const rows = graph.node("Cast", [graph.input(`category_${index}`, ["n"])], { to: 7 });
      return graph.node("OneHot", [rows, graph.integers(`depth_${index}`, [column.categories + 1]), offOn]);
    }),
    targets: graph.input("targets", ["n", outputs]),
    rowWeights: graph.input("row_weights", ["n", 1]),
    masks: withDropout ? hidden.map((units, index) => graph.input(`mask_${index}`, ["n", units])) : [],
  };
}

interface Forward {
  /** What goes into each layer. */
  readonly signals: readonly string[];
  /** Of the hidden layers, after ReLU and before dropout. */
  readonly rectified: readonly string[];
  readonly prediction: string;
}

function writeForward(
  graph: OnnxGraph,
  shape: NetworkShape,
  { numbers, oneHots, targets, rowWeights, masks }: Batch,
): Forward {
  for (const { name, shape: size } of parametersOf(shape)) graph.input(name, size);
  const vectors = oneHots.map((oneHot, index) => graph.node("MatMul", [oneHot, `embedding_${index}`]));
  let signal = graph.node("Concat", [...(numbers === undefined ? [] : [numbers]), ...vectors], { axis: 1 });
  const signals: string[] = [];
  const rectified: string[] = [];
  for (let layer = 0; layer <= shape.hidden.length; layer += 1) {
    signals.push(signal);
    signal = graph.node("Gemm", [signal, `weights_${layer}`, `biases_${layer}`]);
    if (layer === shape.hidden.length) break;
    signal = graph.node("Relu", [signal]);
    rectified.push(signal);
    if (masks[layer] !== undefined) signal = graph.node("Mul", [signal, masks[layer]]);
  }
  const { prediction, losses } = writeLoss(graph, shape, signal, targets);
  const both = graph.integers("both", [0, 1]);
  graph.node("ReduceSum", [graph.node("Mul", [losses, rowWeights]), both], { keepdims: 0 }, "loss");
  graph.output("loss", []);
  return { signals, rectified, prediction };
}

/** Squared error halved, or the negative log-likelihood: their derivative by the last layer's output is prediction − target. */
function writeLoss(graph: OnnxGraph, { task }: NetworkShape, signal: string, targets: string) {
  if (task === "regressor") {
    const error = graph.node("Sub", [signal, targets]);
    const half = graph.weights("half", [1], Float32Array.of(0.5));
    return { prediction: signal, losses: graph.node("Mul", [graph.node("Mul", [error, error]), half]) };
  }
  if (task === "binary_classifier") {
    // softplus(z) − y z, which neither overflows nor takes the logarithm of 0.
    const losses = graph.node("Sub", [graph.node("Softplus", [signal]), graph.node("Mul", [signal, targets])]);
    return { prediction: graph.node("Sigmoid", [signal]), losses };
  }
  const logarithms = graph.node("LogSoftmax", [signal], { axis: 1 });
  const losses = graph.node("Neg", [graph.node("Mul", [logarithms, targets])]);
  return { prediction: graph.node("Softmax", [signal], { axis: 1 }), losses };
}

/** The gradient of each parameter, by name. */
function writeBackward(graph: OnnxGraph, shape: NetworkShape, parts: Batch & Forward): Map<string, string> {
  const { signals, rectified, prediction, targets, rowWeights, masks, oneHots } = parts;
  const gradients = new Map<string, string>();
  const rows = graph.integers("rows", [0]);
  let slope = graph.node("Mul", [graph.node("Sub", [prediction, targets]), rowWeights]);
  for (let layer = shape.hidden.length; layer >= 0; layer -= 1) {
    gradients.set(`weights_${layer}`, graph.node("Gemm", [signals[layer] ?? "", slope], { transA: 1 }));
    gradients.set(`biases_${layer}`, graph.node("ReduceSum", [slope, rows], { keepdims: 0 }));
    slope = graph.node("Gemm", [slope, `weights_${layer}`], { transB: 1 });
    const below = rectified[layer - 1];
    if (below !== undefined) slope = graph.node("Mul", [slope, graph.node("Sign", [below])]);
    const mask = masks[layer - 1];
    if (mask !== undefined) slope = graph.node("Mul", [slope, mask]);
  }
  const categories = shape.columns.flatMap((column) => (column.kind === "category" ? [column] : []));
  let start = shape.columns.length - categories.length;
  const axis = graph.integers("columns", [1]);
  for (const [index, { size }] of categories.entries()) {
    const ends = [graph.integers(`from_${index}`, [start]), graph.integers(`to_${index}`, [start + size])];
    const part = graph.node("Slice", [slope, ...ends, axis]);
    gradients.set(`embedding_${index}`, graph.node("Gemm", [oneHots[index] ?? "", part], { transA: 1 }));
    start += size;
  }
  return gradients;
}

function writeUpdates(graph: OnnxGraph, shape: NetworkShape, gradients: ReadonlyMap<string, string>): void {
  const scalar = (name: string, value: number): string => graph.weights(name, [1], Float32Array.of(value));
  const [beta1, beta2] = [scalar("beta_1", ADAM.beta1), scalar("beta_2", ADAM.beta2)];
  const [rest1, rest2] = [scalar("rest_1", 1 - ADAM.beta1), scalar("rest_2", 1 - ADAM.beta2)];
  const epsilon = scalar("epsilon", ADAM.epsilon);
  const [rate, decay] = [graph.input("rate", [1]), graph.input("decay", [1])];
  for (const { name, shape: size } of parametersOf(shape)) {
    const gradient = gradients.get(name) ?? "";
    const moment = (which: string, beta: string, rest: string, value: string): string => {
      const before = graph.input(`${name}_${which}`, size);
      const kept = graph.node("Mul", [before, beta]);
      const next = graph.node("Add", [kept, graph.node("Mul", [value, rest])], {}, `${name}_${which}_next`);
      graph.output(next, size);
      return next;
    };
    const first = moment("first", beta1, rest1, gradient);
    const second = moment("second", beta2, rest2, graph.node("Mul", [gradient, gradient]));
    const divisor = graph.node("Add", [graph.node("Sqrt", [second]), epsilon]);
    const step = graph.node("Mul", [graph.node("Div", [first, divisor]), rate]);
    const before = name.startsWith("weights") ? graph.node("Mul", [name, decay]) : name;
    graph.output(graph.node("Sub", [before, step], {}, `${name}_next`), size);
  }
}
