import { DataError } from "../../algorithm.ts";
import type { Table } from "../../table/table.ts";

/** Σ weight · loss(row) ÷ Σ weight; the sum itself where no row has a weight. */
export function weightedMean({ weights }: Table, rows: number, loss: (row: number) => number): number {
  let total = 0;
  let weight = 0;
  for (let row = 0; row < rows; row += 1) {
    const counts = weights === undefined ? 1 : weights[row];
    total += counts * loss(row);
    weight += counts;
  }
  return weight === 0 ? total : total / weight;
}

/** The labels of an evaluated table; throws DataError when it has none. */
export function labelsOf({ labels }: Table, metric: string): Float32Array {
  if (labels === undefined) throw new DataError(`The metric ${metric} needs labels.`);
  return labels;
}
