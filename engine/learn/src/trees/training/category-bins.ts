import type { CategoryBins } from "@rondo/kernels";
import { DataError } from "../../algorithm.ts";
import type { Table } from "../../table/table.ts";
import { createRowReader } from "../explanations/row-reader.ts";

/** A column of categories: which bin each belongs to, and the other way round. */
export interface CategoryColumn extends CategoryBins {
  /** By bin: its categories. */
  readonly categories: readonly (readonly number[])[];
}

/** Bins of categories; what no bin has is missing. */
const MOST_BINS = 254;
const UNKNOWN = 255;

/**
 * One bin for each category of the columns that `categories` of the table names; where there are more than 254, the rarest of a column share the last bin.
 * Throws DataError for a number that is no category, as XGBoost does.
 */
export function binCategories({ features, categories = [] }: Table, maxCatToOnehot: number): readonly CategoryColumn[] {
  const named = categories.flatMap((texts, column) => (texts === undefined ? [] : [{ column, count: texts.length }]));
  if (named.length === 0) return [];
  const counts = named.map(({ count }) => new Float64Array(count));
  const readRow = createRowReader(features);
  for (let row = 0; row < features.rows; row += 1) {
    const values = readRow(row);
    for (const [index, { column, count }] of named.entries()) {
      const category = values[column];
      if (category >= 0 && category < count) counts[index][Math.trunc(category)] += 1;
      else if (!Number.isNaN(category)) throw noCategory(row, { column, category, count });
    }
  }
  return named.map(({ column }, index) => binColumn(column, counts[index], maxCatToOnehot));
}

function noCategory(
  row: number,
  { column, category, count }: { readonly column: number; readonly category: number; readonly count: number },
): DataError {
  return new DataError(
    `Row ${row + 1}, column ${column + 1}: there is no category ${category}; the column's categories are 0 to ${count - 1}.`,
  );
}

function binColumn(column: number, counts: Float64Array, maxCatToOnehot: number): CategoryColumn {
  const present = [...counts.keys()].filter((category) => counts[category] > 0);
  const kept = present
    .toSorted((a, b) => counts[b] - counts[a] || a - b)
    .slice(0, present.length <= MOST_BINS ? MOST_BINS : MOST_BINS - 1)
    .toSorted((a, b) => a - b);
  const rest = present.filter((category) => !kept.includes(category));
  const groups = [...kept.map((category) => [category]), ...(rest.length === 0 ? [] : [rest])];
  const bins = new Uint8Array(counts.length).fill(UNKNOWN);
  for (const [bin, group] of groups.entries()) for (const category of group) bins[category] = bin;
  // XGBoost counts the categories that it saw.
  return {
    column,
    bins,
    count: Math.max(1, groups.length),
    isOneHot: groups.length < maxCatToOnehot,
    categories: groups,
  };
}
