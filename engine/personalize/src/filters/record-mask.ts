import type { Column, Records } from "../records/records.ts";
import { categoriesOf, compileCondition, type FieldValue } from "./condition-predicate.ts";
import type { FilterCondition, FilterLiteral } from "./filter-expression.ts";

/**
 * A byte per record: 1 where one of the lists of conditions holds. Texts are judged once per entry of the dictionary. `currentItem` is the record whose fields
 * CurrentItem's conditions compare with; without it they do not hold.
 */
export function maskRecords(
  records: Records,
  anyOf: readonly (readonly FilterCondition<FilterLiteral>[])[],
  currentItem = -1,
): Uint8Array {
  const any = new Uint8Array(records.count);
  for (const conditions of anyOf) {
    const all = new Uint8Array(records.count).fill(1);
    for (const condition of conditions) keepMatching(all, records, condition, currentItem);
    uniteMasks(any, all);
  }
  return any;
}

export function uniteMasks(target: Uint8Array, other: Uint8Array): void {
  for (let place = 0; place < target.length; place += 1) target[place] |= other[place];
}

export function subtractMask(target: Uint8Array, other: Uint8Array): void {
  for (let place = 0; place < target.length; place += 1) target[place] &= 1 - other[place];
}

/** Columns are named in upper case as a rule; an expression may spell them as it likes. */
export function findColumn({ columns }: Records, field: string): Column | undefined {
  const exact = columns[field] ?? columns[field.toUpperCase()];
  if (exact !== undefined) return exact;
  const name = Object.keys(columns).find((column) => column.toUpperCase() === field.toUpperCase());
  return name === undefined ? undefined : columns[name];
}

function keepMatching(
  mask: Uint8Array,
  records: Records,
  condition: FilterCondition<FilterLiteral>,
  currentItem: number,
): void {
  const values =
    condition.currentItem === undefined ? condition.values : valuesOfItem(records, condition.currentItem, currentItem);
  const column = findColumn(records, condition.field);
  if (condition.currentItem !== undefined && values.length === 0) {
    mask.fill(0);
    return;
  }
  const holds = compileCondition({ operator: condition.operator, values });
  if (column === undefined) {
    if (!holds(undefined)) mask.fill(0);
  } else if (column.kind === "text") keepMatchingTexts(mask, column, holds);
  else keepMatchingNumbers(mask, column.values, holds);
}

function keepMatchingTexts(
  mask: Uint8Array,
  { values, codes }: Extract<Column, { kind: "text" }>,
  holds: (value: FieldValue) => boolean,
): void {
  // Shifted by one, so that the missing text, −1, has a place.
  const holdsByCode = new Uint8Array(values.length + 1);
  holdsByCode[0] = Number(holds(undefined));
  for (let code = 0; code < values.length; code += 1) holdsByCode[code + 1] = Number(holds(values[code]));
  for (let place = 0; place < mask.length; place += 1) mask[place] &= holdsByCode[codes[place] + 1];
}

function keepMatchingNumbers(mask: Uint8Array, values: Float64Array, holds: (value: FieldValue) => boolean): void {
  const holdsMissing = holds(undefined);
  for (let place = 0; place < mask.length; place += 1) {
    const value = values[place];
    const isKept = Number.isNaN(value) ? holdsMissing : holds(value);
    if (!isKept) mask[place] = 0;
  }
}

function valuesOfItem(records: Records, field: string, item: number): FilterLiteral[] {
  const column = findColumn(records, field);
  if (column === undefined || item < 0 || item >= records.count) return [];
  if (column.kind === "text") return categoriesOf(column.values[column.codes[item]]);
  const value = column.values[item];
  return Number.isNaN(value) ? [] : [value];
}
