import type { Sql } from "../sql.ts";
import type { ItemCount, Items, ItemTable } from "./items.ts";

/** Items read at once while an index is filled: 20 MB when all are as large as they may be. */
const FILL_ITEMS = 50;

/** Rows deleted by one statement. */
const DELETE_ROWS = 2_000;

/** Differences that may lie about before they are worth adding up. */
const FOLD_ROWS = 100;

type IndexWork = Pick<Items, "fillIndexes" | "deleteEntries" | "deleteItems" | "countItems" | "foldCounts">;

/** What happens to whole tables and indexes, a page at a time. */
export function createItemIndexes({ sql }: { readonly sql: Sql }): IndexWork {
  return {
    fillIndexes: (fill) => fillPage(sql, fill),
    async deleteEntries(tableId, indexId) {
      const gone = await sql.query(
        `delete from item_index_entry where ctid = any (array(
           select ctid from item_index_entry where table_id = $1 and index_id = $2 limit $3)) returning 1 as gone`,
        [tableId, indexId, DELETE_ROWS],
      );
      if (gone.length > 0) return true;
      await sql.query("delete from item_count where table_id = $1 and index_id = $2", [tableId, indexId]);
      return false;
    },
    async deleteItems(tableId) {
      const entries = await deleteSome(sql, "item_index_entry", tableId);
      const items = await deleteSome(sql, "item", tableId);
      if (entries || items) return true;
      await sql.query("delete from item_count where table_id = $1", [tableId]);
      return false;
    },
    async countItems(tableId) {
      const rows = await sql.query<ItemCount & { readonly index_id: number }>(
        `select index_id, sum(items) as items, sum(bytes) as bytes from item_count where table_id = $1 group by index_id`,
        [tableId],
      );
      return new Map(rows.map(({ index_id, items, bytes }) => [index_id, { items, bytes }]));
    },
    async foldCounts(tableId) {
      await sql.query(
        `with gone as (
           delete from item_count where table_id = $1
             and exists (select from item_count where table_id = $1 offset $2) returning *)
         insert into item_count select table_id, index_id, sum(items), sum(bytes) from gone group by table_id, index_id`,
        [tableId, FOLD_ROWS],
      );
    },
  };
}

async function deleteSome(sql: Sql, table: "item" | "item_index_entry", tableId: number): Promise<boolean> {
  const gone = await sql.query(
    `delete from ${table} where ctid = any (array(select ctid from ${table} where table_id = $1 limit $2)) returning 1 as gone`,
    [tableId, DELETE_ROWS],
  );
  return gone.length > 0;
}

interface FillRow {
  readonly key: Buffer;
  readonly value: string;
}

/** The items stay locked until their entries are there: a write that comes meanwhile waits and then finds them. */
async function fillPage(
  sql: Sql,
  {
    table,
    indexIds,
    after,
  }: { readonly table: ItemTable; readonly indexIds: readonly number[]; readonly after: Buffer | undefined },
): Promise<Buffer | undefined> {
  return await sql.transaction(async (transaction) => {
    const rows = await transaction.query<FillRow>(
      "select key, value from item where table_id = $1 and key > $2 order by key limit $3 for update",
      [table.id, after ?? Buffer.alloc(0), FILL_ITEMS],
    );
    const entries = rows.flatMap((row) =>
      (table.entriesOf?.(row.value) ?? [])
        .filter(({ indexId }) => indexIds.includes(indexId))
        .map(({ indexId, key, size }) => ({
          index_id: indexId,
          key: key.toString("hex"),
          item_key: row.key.toString("hex"),
          size,
        })),
    );
    if (entries.length > 0) {
      await transaction.query(
        `with filled as (
           insert into item_index_entry (table_id, index_id, key, item_key, size)
           select $1, index_id, decode(key, 'hex'), decode(item_key, 'hex'), size
           from json_to_recordset($2::json) as entry (index_id int, key text, item_key text, size int)
           on conflict do nothing returning index_id, size
         ) insert into item_count select $1, index_id, count(*), sum(size) from filled group by index_id`,
        [table.id, JSON.stringify(entries)],
      );
    }
    return rows.at(-1)?.key;
  });
}
