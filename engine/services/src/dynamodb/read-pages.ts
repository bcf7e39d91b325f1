import type { ItemPosition, Items, PagedItem } from "@rondo/store";
import { type Item, sizeOfItem } from "./attribute-value.ts";
import type { KeyRange } from "./expression/bind-key-condition.ts";
import { projectOnto } from "./index-projection.ts";
import { encodeGivenKey, encodeIndexKey, encodeItemKey, type KeySchema, pickKey } from "./item-key.ts";
import { afterKey } from "./key-range.ts";
import { readItem } from "./read-attribute-value.ts";
import type { IndexDefinition, TableDefinition } from "./table-definition.ts";
import { validationError } from "./validation-error.ts";

/** Bytes of the items that one Query or Scan looks at. */
const MAX_PAGE_BYTES = 1 << 20;

/** Rows of one statement. */
const ROWS = 1_000;

export interface ReadPlan {
  readonly table: TableDefinition;
  readonly index: IndexDefinition | undefined;
  readonly range: KeyRange;
  readonly direction: "forward" | "backward";
  /** Items looked at, before the filter. */
  readonly limit: number | undefined;
  readonly startKey: Readonly<Record<string, unknown>> | undefined;
  readonly filter: ((item: Item) => boolean) | undefined;
  /** Whether attributes that the index lacks are read from the table. */
  readonly fetchesAll: boolean;
}

export interface ReadResult {
  /** What passed the filter. */
  readonly found: readonly Item[];
  readonly scannedCount: number;
  readonly scannedBytes: number;
  readonly lastKey: Item | undefined;
}

/** One page of a Query or Scan: as many items as 1 MB and the limit allow, then the filter. */
export async function readPages(items: Items, plan: ReadPlan): Promise<ReadResult> {
  const { table, index, limit = Number.POSITIVE_INFINITY, direction } = plan;
  let { from, to } = boundsOf(plan);
  const found: Item[] = [];
  let scannedCount = 0;
  let scannedBytes = 0;
  for (;;) {
    const rows = Math.min(ROWS, limit - scannedCount);
    const page = await items.page({
      table: table.itemTable,
      ...(index && { indexId: index.id }),
      from,
      to,
      direction,
      limit: rows,
      maxBytes: MAX_PAGE_BYTES - scannedBytes,
    });
    for (const row of page) {
      const item = visibleItem(plan, row);
      scannedCount++;
      scannedBytes += plan.fetchesAll && index !== undefined ? sizeOfItem(item) : row.size;
      if (plan.filter === undefined || plan.filter(item)) found.push(item);
    }
    const last = page.at(-1);
    const isFull = scannedCount >= limit || scannedBytes >= MAX_PAGE_BYTES;
    if (last === undefined || (page.length < rows && !isFull)) {
      return { found, scannedCount, scannedBytes, lastKey: undefined };
    }
    if (isFull) {
      const whole = JSON.parse(last.value) as Item;
      return { found, scannedCount, scannedBytes, lastKey: pickKey(whole, ...keysOf(table, index)) };
    }
    if (direction === "forward") from = after(last, index);
    else to = { key: last.key, ...(index && { itemKey: last.itemKey }) };
  }
}

function visibleItem({ table, index, fetchesAll }: ReadPlan, { value }: PagedItem): Item {
  const item = JSON.parse(value) as Item;
  return index === undefined || fetchesAll ? item : projectOnto(index, table.key, item);
}

function keysOf(table: TableDefinition, index: IndexDefinition | undefined): KeySchema[] {
  return index === undefined ? [table.key] : [table.key, index.key];
}

function after({ key, itemKey }: Pick<PagedItem, "key" | "itemKey">, index: IndexDefinition | undefined): ItemPosition {
  return index === undefined ? { key: afterKey(key) } : { key, itemKey: afterKey(itemKey) };
}

/** The range, beginning behind the start key. Throws ValidationException for a start key that is outside of it. */
function boundsOf(plan: ReadPlan): { from: ItemPosition; to: ItemPosition } {
  const { range, startKey, index, direction } = plan;
  const whole = { from: { key: range.from }, to: { key: range.to } };
  if (startKey === undefined) return whole;
  const start = readStartKey(plan, readItem(startKey));
  const isOutside = Buffer.compare(start.key, range.from) < 0 || Buffer.compare(start.key, range.to) >= 0;
  if (isOutside)
    throw validationError("The provided starting key is outside query boundaries based on provided conditions");
  if (direction === "forward") return { ...whole, from: after(start, index) };
  return { ...whole, to: { key: start.key, ...(index && { itemKey: start.itemKey }) } };
}

function readStartKey({ table, index }: ReadPlan, given: Item): { key: Buffer; itemKey: Buffer } {
  try {
    if (index === undefined) {
      const key = encodeGivenKey(table.key, given);
      return { key, itemKey: key };
    }
    const key = encodeIndexKey(index.key, given);
    const isWhole = Object.keys(given).length === Object.keys(pickKey(given, table.key, index.key)).length;
    if (key !== undefined && isWhole) return { key, itemKey: encodeItemKey(table.key, given) };
  } catch {
    // Refused below: AWS has one text for everything that is wrong with it.
  }
  throw validationError("The provided starting key is invalid");
}
