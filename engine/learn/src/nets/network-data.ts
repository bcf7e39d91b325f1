import { setImmediate } from "node:timers/promises";
import { DataError } from "../algorithm.ts";
import { completeRows } from "../table/complete-rows.ts";
import type { Matrix } from "../table/matrix.ts";
import type { Table } from "../table/table.ts";
import type { NetworkColumn, NetworkTask } from "./network.ts";
import { categoryOf, standardise } from "./predict-network.ts";

/** Longer vectors than this bring nothing for the few categories of tables (Guo and Berkhahn, "Entity embeddings of categorical variables", 2016). */
const MAX_VECTOR = 50;
const MAX_CATEGORIES = 10_000;
const MAX_CLASSES = 10_000;
const ROWS_AT_ONCE = 4096;

/** What the columns are and how their numbers are spread; the weights of rows count. Others have the event loop in between. */
export async function describeColumns(table: Table, signal?: AbortSignal): Promise<NetworkColumn[]> {
  const { features, categories } = table;
  const { columns } = features;
  const [totals, sums] = await sumColumns(table, new Float64Array(columns), { power: 1, signal });
  const means = sums.map((sum, column) => sum / ((totals[column] ?? 0) || 1));
  const [, squares] = await sumColumns(table, means, { power: 2, signal });
  return Array.from({ length: columns }, (_, column): NetworkColumn => {
    const count = categories?.[column]?.length;
    if (count !== undefined && count > MAX_CATEGORIES) {
      throw new DataError(`Column ${column} has ${count} categories; at most ${MAX_CATEGORIES} are learned.`);
    }
    if (count !== undefined && count > 0) {
      return { kind: "category", categories: count, size: Math.min(MAX_VECTOR, Math.ceil(count / 2)) };
    }
    const deviation = Math.sqrt((squares[column] ?? 0) / ((totals[column] ?? 0) || 1));
    return { kind: "number", mean: means[column] ?? 0, deviation: deviation > 0 ? deviation : 1 };
  });
}

/** Of each column the weights of the rows that have a number, and the weighted sum of the numbers less their center, to a power. */
async function sumColumns(
  { features, weights }: Table,
  centers: Float64Array,
  { power, signal }: { readonly power: 1 | 2; readonly signal: AbortSignal | undefined },
): Promise<readonly [totals: Float64Array, sums: Float64Array]> {
  const { rows, columns } = features;
  const [totals, sums] = [new Float64Array(columns), new Float64Array(columns)];
  for (let from = 0; from < rows; from += ROWS_AT_ONCE) {
    const to = Math.min(rows, from + ROWS_AT_ONCE);
    const { values } = completeRows(features, from, to);
    for (let row = from; row < to; row += 1) {
      const weight = weights?.[row] ?? 1;
      for (let column = 0; column < columns; column += 1) {
        const value = values[(row - from) * columns + column] ?? 0;
        if (Number.isNaN(value)) continue;
        if (!Number.isFinite(value)) throw new DataError(`The value of row ${row}, column ${column} is infinite.`);
        const difference = value - (centers[column] ?? 0);
        totals[column] = (totals[column] ?? 0) + weight;
        sums[column] = (sums[column] ?? 0) + weight * (power === 1 ? difference : difference * difference);
      }
    }
    await setImmediate();
    signal?.throwIfAborted();
  }
  return [totals, sums];
}

/** How labels become targets: a regressor's are standardised, classes become ones in rows of zeros. */
export interface TargetScale {
  readonly task: NetworkTask;
  readonly outputs: number;
  readonly mean: number;
  readonly deviation: number;
}

/** Throws DataError for labels that are missing, no finite numbers, or not the classes from 0. */
export function describeTargets({ labels, weights, features }: Table, task: NetworkTask): TargetScale {
  if (features.rows === 0) throw new DataError("There are no rows to learn from.");
  if (features.columns === 0) throw new DataError("The rows have no columns to learn from.");
  if (labels === undefined) throw new DataError("The rows have no labels to learn from.");
  let [total, sum, squares, most] = [0, 0, 0, 0];
  for (let row = 0; row < labels.length; row += 1) {
    const [label, weight] = [labels[row] ?? Number.NaN, weights?.[row] ?? 1];
    if (!Number.isFinite(label)) throw new DataError(`The label of row ${row} is ${label}.`);
    if (
      task !== "regressor" &&
      (!Number.isInteger(label) || label < 0 || (task === "binary_classifier" && label > 1))
    ) {
      const expected = task === "binary_classifier" ? "0 or 1" : "the number of a class, from 0";
      throw new DataError(`The label of row ${row} is ${label}; it must be ${expected}.`);
    }
    if (task === "multiclass_classifier" && label >= MAX_CLASSES) {
      throw new DataError(`The label of row ${row} is ${label}; at most ${MAX_CLASSES} classes are learned.`);
    }
    if (!(weight >= 0 && Number.isFinite(weight))) throw new DataError(`The weight of row ${row} is ${weight}.`);
    total += weight;
    sum += weight * label;
    squares += weight * label ** 2;
    most = Math.max(most, label);
  }
  if (total === 0) throw new DataError("The weights of the rows are all 0.");
  if (task !== "regressor")
    return { task, outputs: task === "binary_classifier" ? 1 : most + 1, mean: 0, deviation: 1 };
  const mean = sum / total;
  const deviation = Math.sqrt(Math.max(0, squares / total - mean ** 2));
  return { task, outputs: 1, mean, deviation: deviation > 0 ? deviation : 1 };
}

/** What a training step is fed with. */
export interface NetworkBatch {
  readonly rows: number;
  /** rows × numbers, standardised. */
  readonly numbers: Float32Array;
  /** By category column, the row of its embedding. */
  readonly categories: readonly Float32Array[];
  /** rows × outputs */
  readonly targets: Float32Array;
  /** Adding up to 1, unless all are 0. */
  readonly weights: Float32Array;
}

/** The rows of a table, ready for any batch: standardised once. */
export function prepareRows(table: Table, columns: readonly NetworkColumn[], scale: TargetScale) {
  const { features, labels = new Float32Array(), weights } = table;
  const { rows } = features;
  const numberCount = columns.filter(({ kind }) => kind === "number").length;
  const numbers = new Float32Array(rows * numberCount);
  const categories = columns.flatMap(({ kind }) => (kind === "category" ? [new Float32Array(rows)] : []));
  for (let from = 0; from < rows; from += ROWS_AT_ONCE) {
    const to = Math.min(rows, from + ROWS_AT_ONCE);
    writeColumns({ features, columns, from, to }, numbers, categories);
  }

  return function batchOf(chosen: Uint32Array): NetworkBatch {
    const batch = {
      rows: chosen.length,
      numbers: new Float32Array(chosen.length * numberCount),
      categories: categories.map((column) => Float32Array.from(chosen, (row) => column[row] ?? 0)),
      targets: new Float32Array(chosen.length * scale.outputs),
      weights: Float32Array.from(chosen, (row) => weights?.[row] ?? 1),
    };
    const total = batch.weights.reduce((sum, weight) => sum + weight, 0) || 1;
    for (const [place, row] of chosen.entries()) {
      batch.numbers.set(numbers.subarray(row * numberCount, (row + 1) * numberCount), place * numberCount);
      batch.weights[place] = (batch.weights[place] ?? 0) / total;
      const label = labels[row] ?? 0;
      if (scale.task === "multiclass_classifier") batch.targets[place * scale.outputs + label] = 1;
      else batch.targets[place] = (label - scale.mean) / scale.deviation;
    }
    return batch;
  };
}

interface Rows {
  readonly features: Matrix;
  readonly columns: readonly NetworkColumn[];
  readonly from: number;
  readonly to: number;
}

function writeColumns(
  { features, columns, from, to }: Rows,
  numbers: Float32Array,
  categories: readonly Float32Array[],
): void {
  const { values } = completeRows(features, from, to);
  const numberCount = columns.length - categories.length;
  for (let row = from; row < to; row += 1) {
    let [number, category] = [0, 0];
    for (const [index, column] of columns.entries()) {
      const value = values[(row - from) * columns.length + index] ?? 0;
      if (column.kind === "number") {
        numbers[row * numberCount + number] = standardise(value, column);
        number += 1;
      } else {
        const target = categories[category];
        if (target !== undefined) target[row] = categoryOf(value, column.categories);
        category += 1;
      }
    }
  }
}
