import { DataError } from "../../algorithm.ts";
import type { Table } from "../../table/table.ts";

/** A query: the rows from `start` up to `end` are ranked among each other. */
export interface RowGroup {
  readonly start: number;
  readonly end: number;
  /** The mean of its rows' weights: a ranking counts as a whole. */
  readonly weight: number;
}

/** The groups of a table, in their order; one of all rows where it has none. Throws DataError when the rows of a group do not follow each other. */
export function rowGroups({ groups, weights, features }: Table): readonly RowGroup[] {
  const { rows } = features;
  if (groups === undefined) return [{ start: 0, end: rows, weight: meanWeight(weights, 0, rows) }];
  const found: RowGroup[] = [];
  for (let start = 0; start < rows; ) {
    let end = start + 1;
    while (end < rows && groups[end] === groups[start]) end += 1;
    if (end < rows && groups[end] < groups[start]) {
      throw new DataError(`The rows of group ${groups[end]} do not follow each other: row ${end + 1} belongs to it.`);
    }
    found.push({ start, end, weight: meanWeight(weights, start, end) });
    start = end;
  }
  return found;
}

function meanWeight(weights: Float32Array | undefined, start: number, end: number): number {
  if (weights === undefined || end === start) return 1;
  let total = 0;
  for (let row = start; row < end; row += 1) total += weights[row];
  return total / (end - start);
}
