import type { SparseRows } from "@rondo/kernels";
import type { Column, NumberColumn, Records, TextColumn } from "../records/records.ts";
import type { DatasetSchema } from "../schema/dataset-schema.ts";

/** Features that fewer items have liken nothing. */
const LEAST_ITEMS = 2;
/** Parts of equal size into which numbers are cut. */
const NUMBER_BINS = 8;
/** Of an item's text; descriptions of books would outgrow everything else. */
const MOST_WORDS = 500;
const SECONDS = new Set(["CREATION_TIMESTAMP"]);

/**
 * What items are like, items × features, for likeness by content: each category, each word of a text, the part of the range that a number is in. The
 * features of a column have the same weight together, however many words it has; undefined where no column says anything.
 */
export function metadataFeatures(
  { count, columns }: Records,
  schema: DatasetSchema | undefined,
  isTrained: (column: string) => boolean,
): SparseRows | undefined {
  const rows = Array.from({ length: count }, (): [number, number][] => []);
  let features = 0;
  for (const [name, column] of Object.entries(columns)) {
    if (!isTrained(name) || SECONDS.has(name)) continue;
    const isTextual = schema?.fields.find((field) => field.name === name)?.isTextual === true;
    const found = featuresOfColumn(column, isTextual);
    for (const [item, ofItem] of found.rows.entries()) {
      const value = 1 / Math.sqrt(ofItem.length);
      for (const feature of ofItem) rows[item].push([features + feature, value]);
    }
    features += found.count;
  }
  return keepFrequent(rows, features);
}

interface ColumnFeatures {
  readonly count: number;
  readonly rows: readonly (readonly number[])[];
}

function featuresOfColumn(column: Column, isTextual: boolean): ColumnFeatures {
  if (column.kind === "number") return binsOf(column);
  return isTextual ? termsOf(column, wordsOf) : termsOf(column, (value) => value.split("|").filter(Boolean));
}

function termsOf({ values, codes }: TextColumn, split: (value: string) => readonly string[]): ColumnFeatures {
  const places = new Map<string, number>();
  const ofValues = values.map((value) => {
    const distinct = new Set(split(value));
    return Array.from(distinct, (term) => {
      const place = places.get(term) ?? places.size;
      places.set(term, place);
      return place;
    });
  });
  return { rows: Array.from(codes, (code) => (code < 0 ? [] : ofValues[code])), count: places.size };
}

function wordsOf(text: string): readonly string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}]{2,}/gu) ?? []).slice(0, MOST_WORDS);
}

function binsOf({ values }: NumberColumn): ColumnFeatures {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const bounds = Array.from({ length: NUMBER_BINS - 1 }, (_, bin) => {
    return sorted[Math.floor(((bin + 1) * sorted.length) / NUMBER_BINS)];
  });
  const rows = Array.from(values, (value) =>
    Number.isNaN(value) ? [] : [bounds.filter((bound) => value >= bound).length],
  );
  return { rows, count: NUMBER_BINS };
}

function keepFrequent(rows: readonly (readonly [number, number][])[], features: number): SparseRows | undefined {
  const frequencies = new Uint32Array(features);
  for (const row of rows) for (const [feature] of row) frequencies[feature] += 1;
  const starts = new Uint32Array(rows.length + 1);
  const columnIndexes: number[] = [];
  const values: number[] = [];
  for (const [item, row] of rows.entries()) {
    for (const [feature, value] of row) {
      if (frequencies[feature] < LEAST_ITEMS) continue;
      columnIndexes.push(feature);
      values.push(value);
    }
    starts[item + 1] = columnIndexes.length;
  }
  if (columnIndexes.length === 0) return undefined;
  return {
    rows: rows.length,
    columns: features,
    starts,
    columnIndexes: Uint32Array.from(columnIndexes),
    values: Float32Array.from(values),
  };
}
