import { type Items, type Resource, type Sql, StoreError } from "@rondo/store";
import type { Item } from "./attribute-value.ts";
import { encodeExpiry } from "./item-key.ts";
import { defineTable, expiryOf, TABLE_TYPE, type TableBody } from "./table-definition.ts";

const TABLES = 100;
/** Items of a page: 20 MB when all are as large as they may be. */
const ITEMS = 50;

/** Seconds; as on AWS, what expired longer ago is taken for a mistake and stays. */
const OLDEST = 5 * 365 * 86_400;

export interface ExpireDependencies {
  readonly sql: Sql;
  readonly items: Items;
  readonly now: Date;
  readonly signal: AbortSignal;
}

/** Deletes the items whose time to live has ended, adds up the counts of every table, and forgets old transactions. Returns how many items went. */
export async function expireItems(dependencies: ExpireDependencies): Promise<number> {
  const { sql, items, signal } = dependencies;
  let deleted = 0;
  let after = 0;
  await items.forgetTransactions();
  for (;;) {
    const rows = await sql.query<Pick<Resource<TableBody>, "id" | "version" | "updatedAt" | "name" | "arn" | "body">>(
      `select id, version, updated_at as "updatedAt", name, arn, body from resource where type = $1 and id > $2 order by id limit $3`,
      [TABLE_TYPE, after, TABLES],
    );
    const last = rows.at(-1);
    if (last === undefined) return deleted;
    after = last.id;
    for (const row of rows) {
      signal.throwIfAborted();
      await items.foldCounts(row.id);
      if (row.body.timeToLive?.status !== "ENABLED") continue;
      deleted += await expireTable(dependencies, row as Resource<TableBody>).catch(skipChanged);
    }
  }
}

async function expireTable({ items, now, signal }: ExpireDependencies, row: Resource<TableBody>): Promise<number> {
  const { attribute, indexId } = row.body.timeToLive as NonNullable<TableBody["timeToLive"]>;
  const { itemTable } = defineTable(row);
  const seconds = Math.floor(now.getTime() / 1000);
  const from = { key: encodeExpiry(Math.max(0, seconds - OLDEST)) };
  const to = { key: encodeExpiry(seconds + 1) };
  let deleted = 0;
  for (;;) {
    signal.throwIfAborted();
    const page = await items.page({
      table: itemTable,
      indexId,
      from,
      to,
      direction: "forward",
      limit: ITEMS,
      maxBytes: Number.MAX_SAFE_INTEGER,
    });
    const outcomes = await Promise.all(
      page.map(({ itemKey }) =>
        items.update<number>({
          table: itemTable,
          key: itemKey,
          decide(current) {
            const expiry = current === undefined ? undefined : expiryOf(JSON.parse(current) as Item, attribute);
            // It may have been given a later time since it was listed.
            const isExpired = expiry !== undefined && expiry <= seconds;
            return isExpired ? { next: "delete", result: 1 } : { next: "unchanged", result: 0 };
          },
        }),
      ),
    );
    const count = outcomes.reduce((sum, one) => sum + one, 0);
    deleted += count;
    if (count === 0) return deleted;
  }
}

/** A table that is changed while its items expire has its turn the next time. */
function skipChanged(error: unknown): number {
  if (error instanceof StoreError && error.code === "StaleTable") return 0;
  throw error;
}
