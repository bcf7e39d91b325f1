import { DataError } from "../algorithm.ts";
import type { Matrix } from "../table/matrix.ts";
import type { Table } from "../table/table.ts";

/** A table of which every number is known to be finite, with its labels and weights written out. */
export interface SupervisedRows {
  readonly features: Matrix;
  readonly labels: Float32Array;
  readonly weights: Float32Array;
}

export interface SupervisedExpectation {
  /** `training`: how messages call the table. */
  readonly name: string;
  /** What other tables have. */
  readonly columns?: number;
  /** Labels are the numbers of so many classes; absent: any numbers. */
  readonly classes?: number;
}

/**
 * What models without a notion of missing values can learn from. Throws DataError for an empty table, one without
 * labels, other columns than expected, missing or infinite numbers, labels that are no class, and weights that are
 * negative or all 0, naming row and column counted from 0.
 */
export function supervisedRows(table: Table, { name, columns, classes }: SupervisedExpectation): SupervisedRows {
  const { features, labels } = table;
  const { rows } = features;
  if (rows === 0) throw new DataError(`The ${name} data have no rows.`);
  if (features.columns === 0) throw new DataError(`The ${name} data have no columns of features.`);
  if (labels === undefined) throw new DataError(`The ${name} data have no labels.`);
  if (columns !== undefined && features.columns !== columns) {
    throw new DataError(`The ${name} data have ${features.columns} columns, not ${columns}.`);
  }
  refuseMissing(features, name);
  for (let row = 0; row < rows; row += 1) {
    const label = labels[row];
    const isClass = classes === undefined || (Number.isInteger(label) && label >= 0 && label < classes);
    if (!Number.isFinite(label) || !isClass) {
      const expected = classes === undefined ? "a finite number" : `a class from 0 to ${classes - 1}`;
      throw new DataError(`The label of row ${row} of the ${name} data is ${label}; it must be ${expected}.`);
    }
  }
  return { features, labels, weights: rowWeights(table, name) };
}

function refuseMissing(features: Matrix, name: string): void {
  const { values, columns } = features;
  if (features.kind === "sparse" && features.absent === "missing") {
    throw new DataError(`Linear models read what is not written as 0, but the ${name} data say that it is missing.`);
  }
  for (let index = 0; index < values.length; index += 1) {
    // A number minus itself is 0, but for NaN and the infinities.
    if (values[index] - values[index] === 0) continue;
    const where =
      features.kind === "dense"
        ? `column ${index % columns} of row ${Math.floor(index / columns)}`
        : `column ${features.columnIndexes[index]} of row ${rowOf(features.rowStarts, index)}`;
    const what = Number.isNaN(values[index]) ? "is missing" : "is infinite";
    throw new DataError(`The value in ${where} of the ${name} data ${what}; fill it in or leave the row out.`);
  }
}

function rowOf(rowStarts: Float64Array, entry: number): number {
  return rowStarts.findIndex((start) => start > entry) - 1;
}

function rowWeights({ features: { rows }, weights }: Table, name: string): Float32Array {
  if (weights === undefined) return new Float32Array(rows).fill(1);
  let sum = 0;
  for (let row = 0; row < rows; row += 1) {
    const weight = weights[row];
    if (!(weight >= 0) || weight === Number.POSITIVE_INFINITY) {
      throw new DataError(`The weight of row ${row} of the ${name} data is ${weight}; it must not be negative.`);
    }
    sum += weight;
  }
  if (sum === 0) throw new DataError(`The weights of the ${name} data are all 0.`);
  return weights;
}
