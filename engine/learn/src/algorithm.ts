import type { ParameterTable, ParameterValues } from "./parameters.ts";

/**
 * What every algorithm of this package is: functions over plain data. `fit` makes a new model and changes nothing that
 * it was given; a model is written and read in the ecosystem's format where there is one.
 */
export interface Algorithm<Table extends ParameterTable, Data, Model, Input, Prediction> {
  /** `fasttext`: the name in benchmarks and messages. */
  readonly id: string;
  readonly parameters: Table;
  /** Throws ParameterError before anything else, DataError for data that cannot be learned from. */
  fit(parameters: Partial<ParameterValues<Table>>, data: Data, context: FitContext): Promise<Model>;
  /** One prediction per input, in order. */
  predict(model: Model, inputs: readonly Input[]): Prediction[];
  /** The model's file, in pieces. */
  encode(model: Model): Iterable<Uint8Array>;
  /** Throws FormatError for bytes that are no such model, or a kind of it that is not supported. */
  decode(file: EncodedModel): Promise<Model>;
}

export interface FitContext {
  /** The same seed and one thread give the same bytes. */
  readonly seed: number;
  /** At most this many; an algorithm takes fewer where they do not pay off. */
  readonly threads: number;
  /** Aborted: give up within a second and throw the signal's reason. */
  readonly signal?: AbortSignal;
  /** Aborted: end within a second and return what has been learned so far. */
  readonly stop?: AbortSignal;
  readonly onProgress?: (progress: FitProgress) => void;
}

export interface FitProgress {
  /** From 0 to 1. */
  readonly fraction: number;
  readonly learningRate: number;
  /** Mean loss so far. */
  readonly loss: number;
  /** Work units done: words, rows. */
  readonly processed: number;
  /** Present at the end of an epoch that was evaluated. */
  readonly epoch?: { readonly number: number; readonly validationAccuracy: number; readonly improved: boolean };
}

/** An encoded model and how long it is, so that sizes inside it can be checked before anything is allocated. */
export interface EncodedModel {
  readonly chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  readonly byteLength: number;
}

/** Data that cannot be learned from: empty, without labels. The message is for the person who brought it. */
export class DataError extends Error {
  override readonly name = "DataError";
}

/** Bytes that are not the format expected. */
export class FormatError extends Error {
  override readonly name = "FormatError";
}
