import type { Table } from "../../table/table.ts";

/**
 * A loss that boosting lowers, by its first and second derivatives with respect to the margin: the sum of the trees before any transformation. Arrays of
 * margins and derivatives hold all rows of output 0, then all rows of output 1 …
 */
export interface Objective {
  /** XGBoost's name: `binary:logistic`. */
  readonly name: string;
  /** Margins of a row: the classes of a multi-class objective, else 1. */
  readonly outputs: number;
  /** What evaluated tables are judged by when nothing else is asked for: `logloss`. */
  readonly defaultMetric: string;
  /** What a model needs to be used again, by XGBoost's names and in its spelling: `{ tweedie_variance_power: "1.5" }`. */
  readonly modelParameters: Readonly<Record<string, string>>;
  /** A limit of leaf values that holds when maxDeltaStep is 0: 0.7 of `count:poisson`. */
  readonly defaultMaxDeltaStep?: number;
  /** Throws DataError for a table that has not what this loss needs: labels of the right range, groups, bounds. */
  check(table: Table): void;
  /** Where boosting starts, in the space of predictions as XGBoost's base_score: one number for all outputs, or one each. */
  baseScores(table: Table): readonly number[];
  /** The margin that stands for a base score: the logit of a probability. */
  toMargin(baseScore: number): number;
  /** Writes the derivatives of every row and output; weights of rows are in. Called once a round, with its number from 0. */
  gradients(margins: Float32Array, table: Table, out: Gradients, round: number): void;
  /** Turns margins, row after row with `outputs` numbers each, into predictions, equally many for each row. May write into the array that it was given. */
  transform(margins: Float32Array): Float32Array;
  /** Turns them instead into what `evaluate` of a metric sees, where that is another thing: the probabilities of `multi:softmax`. */
  transformForMetrics?(margins: Float32Array): Float32Array;
  /** The kernel knows these derivatives; then `gradients` is not called. */
  readonly kernel?: "squared-error" | "logistic" | "softmax";
  /** What rows with these labels count beside their weight, where the kernel computes the derivatives: scalePosWeight. */
  readonly positiveWeight?: number;
  /** The value of a leaf from its rows' residuals (label − margin) instead of from the derivatives: their median. */
  readonly leafValue?: (residuals: Float32Array, weights: Float32Array | undefined) => number;
}

/** One derivative for each row and output. */
export interface Gradients {
  readonly first: Float32Array;
  /** Not negative. */
  readonly second: Float32Array;
}
