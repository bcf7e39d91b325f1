import type { ConsumedCapacity } from "@aws-sdk/client-dynamodb";
import { type Item, sizeOfItem } from "./attribute-value.ts";
import { projectOnto } from "./index-projection.ts";
import { encodeIndexKey } from "./item-key.ts";
import type { IndexDefinition, TableDefinition } from "./table-definition.ts";
import type { WrittenItem } from "./write-item.ts";

/** Bytes of one unit. Guide: "Capacity unit consumption". */
const READ_UNIT = 4096;
const WRITE_UNIT = 1024;

/** Units of the table and of its indexes by name. */
export interface CapacityUnits {
  readonly table: number;
  readonly indexes: ReadonlyMap<IndexDefinition, number>;
}

export interface ReadKind {
  readonly isConsistent?: boolean | undefined;
  readonly isTransaction?: boolean;
}

/** Of bytes that were read together: half a unit for each 4 KB, a whole one when consistent, two in a transaction. */
export function readUnits(bytes: number, { isConsistent, isTransaction }: ReadKind): number {
  return Math.max(1, Math.ceil(bytes / READ_UNIT)) * (isTransaction ? 2 : isConsistent ? 1 : 0.5);
}

/** Of one write: the larger of the item before and after, and each index that it changes. */
export function writeUnits(
  table: TableDefinition,
  { before, after }: WrittenItem,
  { isTransaction }: { readonly isTransaction?: boolean } = {},
): CapacityUnits {
  const factor = isTransaction ? 2 : 1;
  const size = Math.max(sizeOf(before), sizeOf(after));
  const indexes = table.indexes.map((index) => [index, factor * indexUnits(table, index, { before, after })] as const);
  return { table: factor * unitsOf(size), indexes: new Map(indexes.filter(([, units]) => units > 0)) };
}

/** As ReturnConsumedCapacity asks for it: nothing, the sum, or the parts too. */
export function describeCapacity(
  wish: string | undefined,
  table: TableDefinition,
  { table: tableUnits, indexes }: CapacityUnits,
): ConsumedCapacity | undefined {
  if (wish !== "TOTAL" && wish !== "INDEXES") return undefined;
  const sum = Array.from(indexes.values()).reduce((total, units) => total + units, tableUnits);
  const total = { TableName: table.name, CapacityUnits: sum };
  if (wish === "TOTAL") return total;
  const ofKind = (kind: IndexDefinition["kind"]) => {
    const entries = Array.from(indexes).filter(([index]) => index.kind === kind);
    if (entries.length === 0) return undefined;
    return Object.fromEntries(entries.map(([index, CapacityUnits]) => [index.name, { CapacityUnits }]));
  };
  const [local, global] = [ofKind("local"), ofKind("global")];
  return {
    ...total,
    Table: { CapacityUnits: tableUnits },
    ...(local && { LocalSecondaryIndexes: local }),
    ...(global && { GlobalSecondaryIndexes: global }),
  };
}

/** The same for what was consumed of several tables, each with its sum. */
export function describeCapacities(
  wish: string | undefined,
  consumed: readonly { readonly table: TableDefinition; readonly units: CapacityUnits }[],
): { ConsumedCapacity?: ConsumedCapacity[] } {
  const tables = new Map(consumed.map(({ table }) => [table.arn, table]));
  const capacities = Array.from(tables.values(), (table) =>
    describeCapacity(wish, table, addUnits(consumed.filter((one) => one.table.arn === table.arn))),
  ).filter((capacity) => capacity !== undefined);
  return capacities.length === 0 ? {} : { ConsumedCapacity: capacities };
}

function addUnits(consumed: readonly { readonly units: CapacityUnits }[]): CapacityUnits {
  const indexes = new Map<IndexDefinition, number>();
  for (const { units } of consumed) {
    for (const [index, count] of units.indexes) indexes.set(index, (indexes.get(index) ?? 0) + count);
  }
  return { table: consumed.reduce((sum, { units }) => sum + units.table, 0), indexes };
}

/** An entry that comes, goes, or changes in place is one write; one whose key changes goes and comes. */
function indexUnits(table: TableDefinition, index: IndexDefinition, { before, after }: WrittenItem): number {
  const [old, next] = [entryOf(table, index, before), entryOf(table, index, after)];
  if (old === undefined || next === undefined) return unitsOfEntry(old) + unitsOfEntry(next);
  if (!old.key.equals(next.key)) return unitsOfEntry(old) + unitsOfEntry(next);
  if (JSON.stringify(old.item) === JSON.stringify(next.item)) return 0;
  return Math.max(unitsOfEntry(old), unitsOfEntry(next));
}

function entryOf(table: TableDefinition, index: IndexDefinition, item: Item | undefined) {
  const key = item && encodeIndexKey(index.key, item);
  return item && key && { key, item: projectOnto(index, table.key, item) };
}

function unitsOfEntry(entry: { readonly item: Item } | undefined): number {
  return entry === undefined ? 0 : unitsOf(sizeOfItem(entry.item));
}

function unitsOf(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / WRITE_UNIT));
}

function sizeOf(item: Item | undefined): number {
  return item === undefined ? 0 : sizeOfItem(item);
}
