import type { BoostingKernel, EvaluatedMargins } from "@rondo/kernels";
import type { Table, TableData } from "../../table/table.ts";
import type { MetricValue, RowPredictions } from "../../table/table-algorithm.ts";
import type { EvaluationMetric } from "../metrics/metric.ts";
import type { Objective } from "../objectives/objective.ts";
import { addTree } from "../prediction/add-tree.ts";
import type { RegressionTree } from "../tree-ensemble.ts";

/** A tree with the output that it adds to. */
export interface GrownTree {
  readonly tree: RegressionTree;
  readonly output: number;
}

/** The evaluated tables' margins as trees are added, and what they say. */
export interface Evaluation {
  /** Adds trees, each `weight` times. */
  add(trees: readonly GrownTree[], weight?: number): void;
  /** Judges every table by every metric. */
  judge(): Promise<readonly MetricValue[]>;
}

export interface EvaluationOptions {
  readonly data: TableData;
  readonly objective: Objective;
  readonly metrics: readonly EvaluationMetric[];
  readonly kernel: BoostingKernel;
}

interface Judged {
  readonly name: string;
  readonly table: Table;
  /** Its place among the kernel's sums of losses. */
  readonly place: number;
  /** In the kernel's memory, output after output. */
  readonly margins: Float32Array;
  readonly rowStride: number;
  readonly totalWeight: number;
}

/** The evaluated tables that are not the one to train on, whose margins are known; in the kernel's memory they come in this order. */
export function tablesToEvaluate({ train, evaluated = [] }: TableData): readonly Table[] {
  return [...new Set(evaluated.map(({ table }) => table))].filter((table) => table !== train);
}

/** `kernel` knows the tables of `tablesToEvaluate`, and their margins are those to begin with. */
export function createEvaluation({ data, objective, metrics, kernel }: EvaluationOptions): Evaluation {
  const tables = tablesToEvaluate(data);
  const judged = (data.evaluated ?? []).map(({ name, table }): Judged => {
    const place = tables.indexOf(table) + 1;
    const { margins, rowStride } = place === 0 ? kernel : kernel.evaluated[place - 1];
    return { name, table, place, margins, rowStride, totalWeight: totalWeight(table) };
  });
  const byKernel = new Map(metrics.map((metric) => [metric, kernelFigure(objective, metric)]));
  const isSummed = [...byKernel.values()].some((figure) => figure !== undefined);
  return {
    add(trees, weight = 1) {
      for (const [index, { features }] of tables.entries()) {
        const { margins, rowStride } = kernel.evaluated[index];
        for (const { tree, output } of trees) {
          addTree(tree, features, { margins, first: output * rowStride, step: 1 }, weight);
        }
      }
    },
    async judge() {
      const sums = isSummed && objective.kernel !== undefined ? await kernel.sumLosses(objective.kernel) : [];
      return judged.flatMap((one) => {
        const predictions = lazily(() => predict(one, objective));
        return metrics.map((metric) => {
          const figure = byKernel.get(metric);
          const value =
            figure === undefined
              ? metric.evaluate(predictions(), one.table)
              : figure(sums[one.place] / (one.totalWeight || 1));
          return { dataset: one.name, metric: metric.name, value };
        });
      });
    },
  };
}

/** What the kernel's mean loss is of a metric; undefined where it has no such loss. */
function kernelFigure(
  { kernel, name: objective }: Objective,
  { name }: EvaluationMetric,
): ((mean: number) => number) | undefined {
  if (kernel === "squared-error" && name === "rmse") return Math.sqrt;
  if (kernel === "squared-error" && name === "mse") return (mean) => mean;
  // Predictions of binary:logitraw are margins, and its log-loss is that of margins.
  if (kernel === "logistic" && name === "logloss" && objective !== "binary:logitraw") return (mean) => mean;
  return kernel === "softmax" && name === "mlogloss" ? (mean) => mean : undefined;
}

function totalWeight({ weights, features }: Table): number {
  return weights?.reduce((total, weight) => total + weight, 0) ?? features.rows;
}

function predict({ table, margins, rowStride }: Judged, { outputs, ...objective }: Objective): RowPredictions {
  const { rows } = table.features;
  const values = (objective.transformForMetrics ?? objective.transform)(
    marginsByRow({ margins, rowStride }, outputs, rows),
  );
  return { rows, width: rows === 0 ? outputs : values.length / rows, values };
}

function lazily<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** A copy, row after row. */
function marginsByRow({ margins, rowStride }: EvaluatedMargins, outputs: number, rows: number): Float32Array {
  if (outputs === 1) return margins.slice(0, rows);
  const result = new Float32Array(rows * outputs);
  for (let output = 0; output < outputs; output += 1) {
    for (let row = 0; row < rows; row += 1) result[row * outputs + output] = margins[output * rowStride + row];
  }
  return result;
}

/** Every row starts with its outputs' base margins. */
export function startMargins(rows: number, baseMargins: readonly number[]): Float32Array {
  const margins = new Float32Array(rows * baseMargins.length);
  for (let start = 0; start < margins.length; start += baseMargins.length) margins.set(baseMargins, start);
  return margins;
}
