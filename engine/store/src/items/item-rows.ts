import type { SqlConnection } from "../sql.ts";
import { StoreError } from "../store-error.ts";
import { ITEM_TABLE_VERSION } from "./item-table-version.ts";
import type { ItemRef } from "./items.ts";

/** A row of `item` as it is read; `stamp` (xmin) tells this state of it from every other one. */
export interface ItemRow {
  readonly value: string;
  readonly size: number;
  readonly stamp: string;
}

const ASKED = `unnest($2::bigint[], $3::int[], $4::int[]) with ordinality as asked (table_id, key_at, key_length, position)`;

const FOUND = `select item.value, item.size, item.xmin::text as stamp from item
    where item.table_id = asked.table_id and item.key = substring($1::bytea from asked.key_at + 1 for asked.key_length)
    limit 1`;

/** Per item by the index: `limit 1` keeps the planner from scanning the table while its statistics are young. */
const FIND = `select asked.position::int as position, ${ITEM_TABLE_VERSION} as version, found.*
  from ${ASKED}
  left join resource on resource.id = asked.table_id
  left join lateral (${FOUND}) as found on true`;

const FIND_FOR_UPDATE = `select asked.position::int as position, ${ITEM_TABLE_VERSION} as version, found.*
  from ${ASKED}
  join resource on resource.id = asked.table_id
  cross join lateral (${FOUND} for update) as found`;

type FoundRow = { readonly position: number; readonly version: number | null } & (ItemRow | { readonly value: null });

/** Many items in one prepared statement, in the order of `items`. Throws nothing: what was found of a table of another version is "stale". */
export async function findItems(
  connection: SqlConnection,
  items: readonly ItemRef[],
): Promise<(ItemRow | undefined | "stale")[]> {
  const rows = await connection.query<FoundRow>(FIND, askedValues(items), { name: "find-items" });
  const found = items.map((): ItemRow | undefined | "stale" => undefined);
  for (const row of rows) {
    const place = row.position - 1;
    if (row.version !== items[place]?.table.version) found[place] = "stale";
    else if (row.value !== null) found[place] = row;
  }
  return found;
}

/** The same, locked until the transaction ends; in the order of table and key, so that two transactions cannot wait for each other. */
export async function lockItems(
  transaction: SqlConnection,
  items: readonly ItemRef[],
): Promise<(ItemRow | undefined)[]> {
  const order = items.map((_, place) => place).sort((a, b) => compareRefs(items[a] as ItemRef, items[b] as ItemRef));
  const values = askedValues(order.map((place) => items[place] as ItemRef));
  const rows = await transaction.query<FoundRow>(FIND_FOR_UPDATE, values, { name: "lock-items" });
  const found = items.map((): ItemRow | undefined => undefined);
  for (const row of rows) if (row.value !== null) found[order[row.position - 1] as number] = row;
  return found;
}

export function compareRefs(a: ItemRef, b: ItemRef): number {
  return a.table.id - b.table.id || Buffer.compare(a.key, b.key);
}

export function staleTable({ table }: Pick<ItemRef, "table">): StoreError {
  return new StoreError("StaleTable", `Table ${table.id} has no longer version ${table.version}`, { id: table.id });
}

/** Keys travel as one binary parameter: in an array they would go as hexadecimal text. */
function askedValues(items: readonly ItemRef[]): unknown[] {
  let at = 0;
  const places = items.map(({ key }) => {
    at += key.byteLength;
    return at - key.byteLength;
  });
  return [
    Buffer.concat(items.map(({ key }) => key)),
    items.map(({ table }) => table.id),
    places,
    items.map(({ key }) => key.byteLength),
  ];
}
