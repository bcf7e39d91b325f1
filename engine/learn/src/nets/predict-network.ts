import { completeRows } from "../table/complete-rows.ts";
import type { Matrix } from "../table/matrix.ts";
import type { RowPredictions } from "../table/table-algorithm.ts";
import { type DenseLayer, inputWidth, type Network, type NetworkColumn } from "./network.ts";

const ROWS_AT_ONCE = 256;

/** A value, the probability of the second class, or one probability per class, for each row; the same as the exported ONNX model says, up to rounding. */
export function predictNetwork(network: Network, features: Matrix): RowPredictions {
  const width = network.layers.at(-1)?.outputs ?? 1;
  const values = new Float32Array(features.rows * width);
  for (let from = 0; from < features.rows; from += ROWS_AT_ONCE) {
    const to = Math.min(from + ROWS_AT_ONCE, features.rows);
    let signal = firstLayerInput(network, features, from, to);
    for (const [index, layer] of network.layers.entries()) {
      signal = applyLayer(layer, signal, to - from);
      if (index < network.layers.length - 1) rectify(signal);
    }
    activate(network, signal, width);
    values.set(signal, from * width);
  }
  return { rows: features.rows, width, values };
}

/** First the standardised numbers, 0 for missing ones, then the vectors of the categories; row after row. */
export function firstLayerInput(
  { columns, embeddings }: Network,
  features: Matrix,
  from: number,
  to: number,
): Float32Array {
  const width = inputWidth(columns);
  const { values } = completeRows(features, from, to);
  const input = new Float32Array((to - from) * width);
  let place = 0;
  const eachRow = (write: (at: number, value: number) => void, index: number): void => {
    for (let row = 0; row < to - from; row += 1) write(row * width + place, values[row * columns.length + index] ?? 0);
  };
  for (const [index, column] of columns.entries()) {
    if (column.kind !== "number") continue;
    eachRow((at, value) => {
      input[at] = standardise(value, column);
    }, index);
    place += 1;
  }
  let embedding = 0;
  for (const [index, column] of columns.entries()) {
    if (column.kind !== "category") continue;
    const vectors = embeddings[embedding] ?? new Float32Array();
    eachRow((at, value) => {
      const start = categoryOf(value, column.categories) * column.size;
      input.set(vectors.subarray(start, start + column.size), at);
    }, index);
    place += column.size;
    embedding += 1;
  }
  return input;
}

/** 0, the mean, stands for a missing number. */
export function standardise(
  value: number,
  { mean, deviation }: Extract<NetworkColumn, { readonly kind: "number" }>,
): number {
  return Number.isNaN(value) ? 0 : (value - mean) / deviation;
}

/** The row of the embedding; missing and unknown categories share the last. */
export function categoryOf(value: number, categories: number): number {
  return Number.isInteger(value) && value >= 0 && value < categories ? value : categories;
}

function applyLayer(
  { inputs, outputs, weights, biases }: DenseLayer,
  signal: Float32Array,
  rows: number,
): Float32Array {
  const result = new Float32Array(rows * outputs);
  for (let row = 0; row < rows; row += 1) {
    const target = result.subarray(row * outputs, (row + 1) * outputs);
    target.set(biases);
    for (let input = 0; input < inputs; input += 1) {
      const value = signal[row * inputs + input] ?? 0;
      if (value === 0) continue;
      const start = input * outputs;
      for (let output = 0; output < outputs; output += 1) {
        target[output] = (target[output] ?? 0) + value * (weights[start + output] ?? 0);
      }
    }
  }
  return result;
}

function rectify(signal: Float32Array): void {
  for (let index = 0; index < signal.length; index += 1) if ((signal[index] ?? 0) < 0) signal[index] = 0;
}

function activate({ task }: Network, signal: Float32Array, width: number): void {
  if (task === "binary_classifier") {
    for (const [index, value] of signal.entries()) signal[index] = 1 / (1 + Math.exp(-value));
  } else if (task === "multiclass_classifier") {
    for (let start = 0; start < signal.length; start += width) softmax(signal.subarray(start, start + width));
  }
}

function softmax(scores: Float32Array): void {
  let maximum = Number.NEGATIVE_INFINITY;
  for (const score of scores) maximum = Math.max(maximum, score);
  let sum = 0;
  for (const [index, score] of scores.entries()) sum += scores[index] = Math.exp(score - maximum);
  for (const [index, score] of scores.entries()) scores[index] = score / sum;
}
