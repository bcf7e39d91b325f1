import type { EncodedModel } from "../algorithm.ts";
import type { ParameterTable, ParameterValues } from "../parameters.ts";
import type { Matrix } from "./matrix.ts";
import type { TableData } from "./table.ts";

/** An algorithm over tables: functions over plain data, like `Algorithm`, with a matrix in and an array out. */
export interface TableAlgorithm<Parameters extends ParameterTable, Model> {
  /** `gradient-boosting`: the name in benchmarks and messages. */
  readonly id: string;
  readonly parameters: Parameters;
  /** Throws ParameterError before anything else, DataError for data that cannot be learned from. */
  fit(parameters: Partial<ParameterValues<Parameters>>, data: TableData, context: TableFitContext): Promise<Model>;
  /** Throws DataError when the matrix has another number of columns than the model was trained with. */
  predict(model: Model, features: Matrix): RowPredictions;
  /** The model's file, in pieces. */
  encode(model: Model): Iterable<Uint8Array>;
  /** Throws FormatError for bytes that are no such model, or a kind of it that is not supported. */
  decode(file: EncodedModel): Promise<Model>;
}

/** `width` numbers for each row, row after row: a value, a score for each class, a distance and a cluster … */
export interface RowPredictions {
  readonly rows: number;
  readonly width: number;
  readonly values: Float32Array;
}

export interface TableFitContext {
  /** The same seed gives the same bytes, on any number of threads. */
  readonly seed: number;
  /** At most this many; an algorithm takes fewer where they do not pay off. */
  readonly threads: number;
  /** Aborted: give up within a second and throw the signal's reason. */
  readonly signal?: AbortSignal;
  /** Aborted: end within a second and return what has been learned so far. */
  readonly stop?: AbortSignal;
  readonly onProgress?: (progress: TableFitProgress) => void;
}

export interface TableFitProgress {
  /** From 0 to 1. */
  readonly fraction: number;
  /** Rounds or epochs that are done. */
  readonly iteration: number;
  /** Of this iteration, in the order in which the images print them: `{ dataset: "validation", metric: "rmse", value: 0.31 }`. */
  readonly metrics: readonly MetricValue[];
}

export interface MetricValue {
  readonly dataset: string;
  readonly metric: string;
  readonly value: number;
}
