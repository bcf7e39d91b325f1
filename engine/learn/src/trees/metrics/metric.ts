import type { Table } from "../../table/table.ts";
import type { RowPredictions } from "../../table/table-algorithm.ts";

/** A figure by which evaluated tables are judged after each round. */
export interface EvaluationMetric {
  /** As XGBoost's eval_metric: `rmse`, `error@0.7`, `ndcg@5`. */
  readonly name: string;
  /** Early stopping waits for it to rise. */
  readonly isBetterWhenHigher: boolean;
  /** `predictions` after the objective's transformation (`transformForMetrics` where it has one). Weights of rows count. */
  evaluate(predictions: RowPredictions, table: Table): number;
}
