import type { Metric, predictors } from "./nearest-neighbours-parameters.ts";
import type { NeighbourIndex } from "./neighbour-index.ts";
import type { ColumnReduction } from "./reduce-columns.ts";

export interface NearestNeighboursModel {
  /** Neighbours of each row: as wanted, or as many as rows were kept. */
  readonly k: number;
  readonly predictor: (typeof predictors)[number];
  readonly metric: Metric;
  /** Of the rows to predict. */
  readonly columns: number;
  readonly reduction: ColumnReduction;
  readonly index: NeighbourIndex;
  /** Of the rows that were kept. */
  readonly labels: Float32Array;
}
