import { DataError, type EncodedModel, FormatError } from "../algorithm.ts";
import { decodeArrays, encodeArrays } from "../arrays-file.ts";
import { requireColumns } from "../table/complete-rows.ts";
import type { Matrix } from "../table/matrix.ts";
import type { RowPredictions } from "../table/table-algorithm.ts";
import { type FactorizationParameters, factorizationParameters } from "./factorization-parameters.ts";

const FORMAT = "rondo-factorization-machine/1";

/** The parameters of equation 1 of Rendle 2010. */
export interface FactorizationModel {
  readonly predictorType: FactorizationParameters["predictorType"];
  readonly columns: number;
  readonly width: number;
  readonly bias: number;
  /** One for each column. */
  readonly linear: Float32Array;
  /** columns × width. */
  readonly factors: Float32Array;
}

/** Of a binary_classifier the probability of label 1, of a regressor the value. */
export function predictFactorization(model: FactorizationModel, features: Matrix): RowPredictions {
  requireColumns(features, model.columns);
  const values = new Float32Array(features.rows);
  const sums = new Float64Array(model.width);
  for (let row = 0; row < features.rows; row += 1) {
    const score = scoreRow(model, features, row, sums);
    if (Number.isNaN(score))
      throw new DataError(`A value of row ${row + 1} is missing; factorization machines need all.`);
    values[row] = model.predictorType === "regressor" ? score : 1 / (1 + Math.exp(-score));
  }
  return { rows: features.rows, width: 1, values };
}

/** In the form of lemma 3.1, whose cost grows with the entries of the row and not with their pairs. */
function scoreRow(model: FactorizationModel, features: Matrix, row: number, sums: Float64Array): number {
  const { linear, factors, width } = model;
  sums.fill(0);
  let score = model.bias;
  let squares = 0;
  const add = (column: number, value: number): void => {
    // Skipped so that dense rows give the same bits as sparse ones, and cost no more.
    if (value === 0) return;
    score += linear[column] * value;
    const from = column * width;
    for (let factor = 0; factor < width; factor += 1) {
      const product = factors[from + factor] * value;
      sums[factor] += product;
      squares += product * product;
    }
  };
  if (features.kind === "dense") {
    const from = row * features.columns;
    for (let column = 0; column < features.columns; column += 1) add(column, features.values[from + column]);
  } else {
    const { rowStarts, columnIndexes, values } = features;
    for (let entry = rowStarts[row]; entry < rowStarts[row + 1]; entry += 1) add(columnIndexes[entry], values[entry]);
  }
  let interaction = -squares;
  for (const sum of sums) interaction += sum * sum;
  return score + interaction / 2;
}

/** One line of JSON, then `linear` and `factors` (columns × width) as float32; see `encodeArrays`. */
export function encodeFactorization({ linear, factors, ...header }: FactorizationModel): Iterable<Uint8Array> {
  return encodeArrays({ format: FORMAT, ...header }, { linear, factors });
}

/** Throws FormatError for bytes that are no factorization machine of ours. */
export async function decodeFactorization(encoded: EncodedModel): Promise<FactorizationModel> {
  const { header, take } = await decodeArrays(encoded, FORMAT);
  const { predictorType, columns, width, bias } = header as Partial<FactorizationModel>;
  const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0;
  const isKnown = predictorType !== undefined && factorizationParameters.predictorType.values.includes(predictorType);
  if (!isKnown || !isCount(columns) || !isCount(width) || typeof bias !== "number") {
    throw new FormatError("The header of the factorization machine is not complete.");
  }
  const linear = take("linear", Float32Array, columns);
  const factors = take("factors", Float32Array, columns * width);
  return { predictorType, columns, width, bias, linear, factors };
}
