import { DataError } from "../../algorithm.ts";
import type { Table } from "../../table/table.ts";
import type { Gradients, Objective } from "./objective.ts";

/** A loss that looks at one row at a time. */
export interface PointwiseLoss {
  readonly name: string;
  readonly defaultMetric: string;
  readonly modelParameters?: Readonly<Record<string, string>>;
  readonly defaultMaxDeltaStep?: number;
  /** What labels must be, for the message: `0 or 1`. */
  readonly labels: string;
  isLabel(label: number): boolean;
  /** First derivative of the loss by the margin. */
  first(margin: number, label: number): number;
  /** Second derivative. */
  second(margin: number, label: number): number;
  /** From margin to prediction; default: the same. */
  toPrediction?(margin: number): number;
  toMargin?(prediction: number): number;
  /** Default: one Newton step from the margin 0 with all rows, as XGBoost's `InitEstimation`. */
  baseScore?(table: Table): number;
  readonly leafValue?: Objective["leafValue"];
  readonly kernel?: Objective["kernel"];
  readonly positiveWeight?: number;
}

/** An objective from a loss that looks at one row at a time. */
export function pointwise(loss: PointwiseLoss): Objective {
  const { name, defaultMetric, modelParameters = {}, toPrediction, toMargin = (score) => score } = loss;
  const { positiveWeight = 1, defaultMaxDeltaStep, leafValue, kernel } = loss;
  const objective: Objective = {
    name,
    outputs: 1,
    defaultMetric,
    modelParameters,
    defaultMaxDeltaStep,
    positiveWeight,
    leafValue,
    kernel,
    toMargin,
    check(table) {
      const { labels, describe, isLabel } = {
        labels: labelsOf(table, name),
        describe: loss.labels,
        isLabel: loss.isLabel,
      };
      const wrong = labels.findIndex((label) => !isLabel(label));
      if (wrong >= 0) {
        throw new DataError(`${name} needs labels that are ${describe}; that of row ${wrong + 1} is ${labels[wrong]}.`);
      }
    },
    baseScores: (table) => [loss.baseScore?.(table) ?? newtonScore(objective, table)],
    gradients(margins, table, { first, second }) {
      const labels = labelsOf(table, name);
      const { weights } = table;
      for (let row = 0; row < labels.length; row += 1) {
        const label = labels[row];
        const weight = (weights === undefined ? 1 : weights[row]) * (label === 1 ? positiveWeight : 1);
        first[row] = loss.first(margins[row], label) * weight;
        second[row] = loss.second(margins[row], label) * weight;
      }
    },
    transform: (margins) => (toPrediction === undefined ? margins : margins.map(toPrediction)),
  };
  return objective;
}

/** Labels of a table; throws DataError when it has none. */
export function labelsOf({ labels }: Table, objective: string): Float32Array {
  if (labels === undefined) throw new DataError(`${objective} needs labels; the table has none.`);
  return labels;
}

/** −Σ first ÷ Σ second at the margin 0, as a prediction: where XGBoost starts when nothing is said. */
export function newtonScore(objective: Objective, table: Table): number {
  const { rows } = table.features;
  const out: Gradients = { first: new Float32Array(rows), second: new Float32Array(rows) };
  objective.gradients(new Float32Array(rows), table, out, 0);
  const first = out.first.reduce((total, value) => total + value, 0);
  const second = out.second.reduce((total, value) => total + value, 0);
  const [score = 0] = objective.transform(Float32Array.of(-first / Math.max(second, 1e-6)));
  return score;
}

/** The mean label, rows counted by their weights. */
export function meanLabel({ labels = new Float32Array(0), weights }: Table): number {
  let [sum, total] = [0, 0];
  for (let row = 0; row < labels.length; row += 1) {
    const weight = weights === undefined ? 1 : weights[row];
    sum += weight * labels[row];
    total += weight;
  }
  return total === 0 ? 0 : sum / total;
}
