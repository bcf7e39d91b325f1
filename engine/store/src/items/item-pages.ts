import type { Sql } from "../sql.ts";
import { staleTable } from "./item-rows.ts";
import { ITEM_TABLE_VERSION } from "./item-table-version.ts";
import type { ItemPageQuery, PagedItem } from "./items.ts";

interface PageRow {
  /** Of the table now; without items there is one row with nothing else. */
  readonly version: number;
  readonly key: Buffer | null;
  readonly item_key: Buffer;
  readonly size: number;
  readonly value: string;
}

/** The items between two keys, as many as the limits allow, in one statement: as they were at one moment. */
export async function readItemPage(sql: Sql, query: ItemPageQuery): Promise<PagedItem[]> {
  const { table, indexId, from, to, direction, limit, maxBytes } = query;
  const order = direction === "forward" ? "asc" : "desc";
  const rows =
    indexId === undefined
      ? await sql.query<PageRow>(tablePage(order), [table.id, from.key, to.key, limit, maxBytes], {
          name: `item-page-${order}`,
        })
      : await sql.query<PageRow>(
          indexPage(order),
          [table.id, indexId, from.key, from.itemKey ?? NOTHING, to.key, to.itemKey ?? NOTHING, limit, maxBytes],
          { name: `item-index-page-${order}` },
        );
  if (rows[0]?.version !== table.version) throw staleTable(query);
  return rows.flatMap(({ key, item_key, size, value }) =>
    key === null ? [] : [{ key, itemKey: item_key, size, value }],
  );
}

/** Less than every item's key. */
const NOTHING = Buffer.alloc(0);

function tablePage(order: "asc" | "desc"): string {
  return withVersion(
    `select key, key as item_key, size, value from (
      select chunk.*, sum(size) over (order by key ${order} rows unbounded preceding) - size as before from (
        select key, size, value from item where table_id = $1 and key >= $2 and key < $3 order by key ${order} limit $4
      ) as chunk
    ) as page where before < $5`,
    `key ${order}`,
  );
}

function indexPage(order: "asc" | "desc"): string {
  return withVersion(
    `select page.key, page.item_key, page.size, found.value from (
      select chunk.*, sum(size) over (order by key ${order}, item_key ${order} rows unbounded preceding) - size as before
      from (
        select key, item_key, size from item_index_entry
        where table_id = $1 and index_id = $2 and (key, item_key) >= ($3, $4) and (key, item_key) < ($5, $6)
        order by key ${order}, item_key ${order} limit $7
      ) as chunk
    ) as page
    cross join lateral (select value from item where item.table_id = $1 and item.key = page.item_key limit 1) as found
    where before < $8`,
    `key ${order}, item_key ${order}`,
  );
}

function withVersion(page: string, order: string): string {
  return `select ${ITEM_TABLE_VERSION} as version, items.* from resource left join (${page}) as items on true
    where resource.id = $1 order by ${order}`;
}
