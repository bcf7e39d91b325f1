import type { Random } from "../random.ts";

/** What a network predicts, and with it the loss and the last activation. */
export type NetworkTask = "regressor" | "binary_classifier" | "multiclass_classifier";

/** A column as the first layer sees it: a standardised number, or a category's vector. */
export type NetworkColumn =
  | { readonly kind: "number"; readonly mean: number; readonly deviation: number }
  /** Categories are numbered from 0; the vector behind the last is that of a category which is missing or was never seen. */
  | { readonly kind: "category"; readonly categories: number; readonly size: number };

/** A dense layer: inputs × outputs weights, row-major by input, and a bias per output. */
export interface DenseLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: Float32Array;
  readonly biases: Float32Array;
}

/** A multilayer perceptron over columns of numbers and of embedded categories, with ReLU between its layers. */
export interface Network {
  readonly task: NetworkTask;
  readonly columns: readonly NetworkColumn[];
  /** Of each category column, (categories + 1) × size, in the order of the columns. */
  readonly embeddings: readonly Float32Array[];
  readonly layers: readonly DenseLayer[];
}

/** How wide the first layer's input is: first the numbers, then the categories' vectors. */
export function inputWidth(columns: readonly NetworkColumn[]): number {
  return columns.reduce((width, column) => width + (column.kind === "number" ? 1 : column.size), 0);
}

export interface NetworkShape {
  readonly task: NetworkTask;
  readonly columns: readonly NetworkColumn[];
  /** Units of the hidden layers. */
  readonly hidden: readonly number[];
  /** Classes of a multi-class classifier, else 1. */
  readonly outputs: number;
}

/** Weights as He et al. ("Delving deep into rectifiers", 2015) draw them for ReLU, embeddings around 0 with a deviation of 0.05. */
export function initialNetwork({ task, columns, hidden, outputs }: NetworkShape, random: Random): Network {
  const sizes = [inputWidth(columns), ...hidden, outputs];
  const layers = sizes.slice(1).map((size, index) => {
    const inputs = sizes[index] ?? 0;
    const isLast = index === sizes.length - 2;
    const deviation = Math.sqrt((isLast ? 1 : 2) / Math.max(1, inputs));
    return {
      inputs,
      outputs: size,
      weights: Float32Array.from({ length: inputs * size }, () => deviation * random.normal()),
      biases: new Float32Array(size),
    };
  });
  const embeddings = columns.flatMap((column) => {
    if (column.kind === "number") return [];
    return [Float32Array.from({ length: (column.categories + 1) * column.size }, () => 0.05 * random.normal())];
  });
  return { task, columns, embeddings, layers };
}
