import type { Table, TableData } from "../../table/table.ts";
import type { MetricValue } from "../../table/table-algorithm.ts";
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
  /** Judges every table by every metric; `trainMargins` are the kernel's, row after row. */
  judge(trainMargins: () => Float32Array): readonly MetricValue[];
}

export interface EvaluationOptions {
  readonly data: TableData;
  readonly objective: Objective;
  readonly metrics: readonly EvaluationMetric[];
  readonly baseMargins: readonly number[];
}

interface Judged {
  readonly name: string;
  readonly table: Table;
  /** Row after row; absent for the table that is trained on, whose margins are known. */
  readonly margins?: Float32Array;
}

export function createEvaluation({ data, objective, metrics, baseMargins }: EvaluationOptions): Evaluation {
  const { outputs } = objective;
  const judged = (data.evaluated ?? []).map(({ name, table }): Judged => {
    if (table === data.train) return { name, table };
    return { name, table, margins: startMargins(table.features.rows, baseMargins) };
  });
  return {
    add(trees, weight = 1) {
      for (const { table, margins } of judged) {
        if (margins === undefined) continue;
        for (const { tree, output } of trees) {
          addTree(tree, table.features, { margins, first: output, step: outputs }, weight);
        }
      }
    },
    judge(trainMargins) {
      return judged.flatMap(({ name, table, margins }) => {
        const { rows } = table.features;
        const copy = margins?.slice() ?? trainMargins();
        const values = (objective.transformForMetrics ?? objective.transform)(copy);
        const predictions = { rows, width: rows === 0 ? outputs : values.length / rows, values };
        return metrics.map((metric) => ({
          dataset: name,
          metric: metric.name,
          value: metric.evaluate(predictions, table),
        }));
      });
    },
  };
}

/** Every row starts with its outputs' base margins. */
export function startMargins(rows: number, baseMargins: readonly number[]): Float32Array {
  const margins = new Float32Array(rows * baseMargins.length);
  for (let start = 0; start < margins.length; start += baseMargins.length) margins.set(baseMargins, start);
  return margins;
}
