import { DataError } from "../../algorithm.ts";
import type { Table } from "../../table/table.ts";
import type { Gradients, Objective } from "./objective.ts";
import { labelsOf } from "./pointwise.ts";

/** A class without rows. */
const LEAST_SHARE = 1e-6;

/** `multi:softprob` predicts a probability for each class, `multi:softmax` the number of the most probable one. */
export function softmax(name: "multi:softprob" | "multi:softmax", classes: number): Objective {
  const probabilities = (margins: Float32Array): Float32Array => toProbabilities(margins, classes);
  return {
    name,
    outputs: classes,
    defaultMetric: "mlogloss",
    modelParameters: { num_class: String(classes) },
    check(table) {
      const labels = labelsOf(table, name);
      const wrong = labels.findIndex((label) => !(Number.isInteger(label) && label >= 0 && label < classes));
      if (wrong >= 0) {
        throw new DataError(
          `${name} with numClass ${classes} needs labels from 0 to ${classes - 1}; that of row ${wrong + 1} is ${labels[wrong]}.`,
        );
      }
    },
    baseScores: (table) => classMargins(table, classes),
    toMargin: (score) => score,
    gradients: (margins, table, out) => derive(margins, { table, classes, out }),
    transform: (margins) => (name === "multi:softprob" ? probabilities(margins) : mostProbable(margins, classes)),
    transformForMetrics: probabilities,
    kernel: "softmax",
  };
}

/** Logarithms of the classes' shares, less their mean. */
function classMargins(table: Table, classes: number): readonly number[] {
  const labels = labelsOf(table, "multi:softprob");
  const shares = new Float64Array(classes);
  for (let row = 0; row < labels.length; row += 1)
    shares[labels[row]] += table.weights === undefined ? 1 : table.weights[row];
  const total = shares.reduce((sum, share) => sum + share, 0);
  const logarithms = [...shares].map((share) => Math.log(Math.max(total === 0 ? 1 : share / total, LEAST_SHARE)));
  const mean = logarithms.reduce((sum, value) => sum + value, 0) / classes;
  return logarithms.map((value) => value - mean);
}

interface Derivation {
  readonly table: Table;
  readonly classes: number;
  readonly out: Gradients;
}

function derive(margins: Float32Array, { table, classes, out }: Derivation): void {
  const labels = labelsOf(table, "multi:softprob");
  const rows = labels.length;
  const powers = new Float64Array(classes);
  for (let row = 0; row < rows; row += 1) {
    let [largest, sum] = [Number.NEGATIVE_INFINITY, 0];
    for (let output = 0; output < classes; output += 1) largest = Math.max(largest, margins[output * rows + row]);
    for (let output = 0; output < classes; output += 1) {
      powers[output] = Math.exp(margins[output * rows + row] - largest);
      sum += powers[output];
    }
    const weight = table.weights === undefined ? 1 : table.weights[row];
    for (let output = 0; output < classes; output += 1) {
      const probability = powers[output] / sum;
      out.first[output * rows + row] = (probability - Number(labels[row] === output)) * weight;
      out.second[output * rows + row] = Math.max(2 * probability * (1 - probability), 1e-16) * weight;
    }
  }
}

function toProbabilities(margins: Float32Array, classes: number): Float32Array {
  for (let start = 0; start < margins.length; start += classes) {
    let [largest, sum] = [Number.NEGATIVE_INFINITY, 0];
    for (let at = start; at < start + classes; at += 1) largest = Math.max(largest, margins[at]);
    for (let at = start; at < start + classes; at += 1) {
      margins[at] = Math.exp(margins[at] - largest);
      sum += margins[at];
    }
    for (let at = start; at < start + classes; at += 1) margins[at] /= sum;
  }
  return margins;
}

function mostProbable(margins: Float32Array, classes: number): Float32Array {
  return Float32Array.from({ length: margins.length / classes }, (_, row) => {
    const own = margins.subarray(row * classes, (row + 1) * classes);
    return own.indexOf(Math.max(...own));
  });
}
