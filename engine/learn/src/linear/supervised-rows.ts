import { DataError } from "../algorithm.ts";
import { requireCompleteRows } from "../table/complete-rows.ts";
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
 * negative or all 0, naming the row.
 */
export function supervisedRows(table: Table, { name, columns, classes }: SupervisedExpectation): SupervisedRows {
  const { features, labels } = table;
  const { rows } = features;
  requireCompleteRows(table, "a linear model");
  if (labels === undefined) throw new DataError(`The ${name} data have no labels.`);
  if (columns !== undefined && features.columns !== columns) {
    throw new DataError(`The ${name} data have ${features.columns} columns, not ${columns}.`);
  }
  for (let row = 0; row < rows; row += 1) {
    const label = labels[row];
    const isClass = classes === undefined || (Number.isInteger(label) && label >= 0 && label < classes);
    if (!Number.isFinite(label) || !isClass) {
      const expected = classes === undefined ? "a finite number" : `a class from 0 to ${classes - 1}`;
      throw new DataError(`The label of row ${row + 1} of the ${name} data is ${label}; it must be ${expected}.`);
    }
  }
  return { features, labels, weights: rowWeights(table, name) };
}

function rowWeights({ features: { rows }, weights }: Table, name: string): Float32Array {
  if (weights === undefined) return new Float32Array(rows).fill(1);
  let sum = 0;
  for (let row = 0; row < rows; row += 1) {
    const weight = weights[row];
    if (!(weight >= 0) || weight === Number.POSITIVE_INFINITY) {
      throw new DataError(`The weight of row ${row + 1} of the ${name} data is ${weight}; it must not be negative.`);
    }
    sum += weight;
  }
  if (sum === 0) throw new DataError(`The weights of the ${name} data are all 0.`);
  return weights;
}
