import type { Clock } from "../clock.ts";
import type { Sql, SqlConnection } from "../sql.ts";
import { StoreError } from "../store-error.ts";
import { lockItems, staleTable } from "./item-rows.ts";
import { ITEM_TABLE_VERSION } from "./item-table-version.ts";
import { type ItemWrite, writeItems } from "./item-writes.ts";
import {
  type ItemDecision,
  type ItemRef,
  type Items,
  type ItemUpdate,
  type TransactionOptions,
  TransactionRefused,
  type TransactionToken,
} from "./items.ts";

/** How often a transaction begins anew because others inserted its items first, or waited for each other. */
const MAX_ATTEMPTS = 20;

/** Milliseconds that a token is remembered, as DynamoDB does. */
const TOKEN_LIFE = 600_000;

class Overtaken extends Error {}

/** Updates of several items, all or nothing. */
export function createItemTransactions({
  sql,
  clock,
}: {
  readonly sql: Sql;
  readonly clock: Clock;
}): Pick<Items, "updateTogether" | "forgetTransactions"> {
  return {
    async updateTogether<Result>(updates: readonly ItemUpdate<Result>[], options: TransactionOptions<Result> = {}) {
      const { token, check } = options;
      for (let attempt = 1; ; attempt++) {
        try {
          return await sql.transaction(async (transaction) => {
            if (token !== undefined && !(await takeToken(transaction, token, clock.now()))) return undefined;
            return await updateAll(transaction, updates, check);
          });
        } catch (error) {
          if (attempt === MAX_ATTEMPTS || !(error instanceof Overtaken || isDeadlock(error))) throw error;
        }
      }
    },
    async forgetTransactions() {
      await sql.query("delete from item_transaction where committed_at < $1", [
        new Date(clock.now().getTime() - TOKEN_LIFE),
      ]);
    },
  };
}

/** False when the same request was committed under this token before. */
async function takeToken(transaction: SqlConnection, token: TransactionToken, now: Date): Promise<boolean> {
  const { accountId, region, token: name, request } = token;
  const taken = await transaction.query(
    `insert into item_transaction (account_id, region, token, request, committed_at) values ($1, $2, $3, $4, $5)
     on conflict (account_id, region, token)
     do update set request = excluded.request, committed_at = excluded.committed_at where item_transaction.committed_at < $6
     returning token`,
    [accountId, region, name, request, now, new Date(now.getTime() - TOKEN_LIFE)],
  );
  if (taken.length > 0) return true;
  const same = await transaction.query(
    "select token from item_transaction where account_id = $1 and region = $2 and token = $3 and request = $4",
    [accountId, region, name, request],
  );
  if (same.length > 0) return false;
  throw new StoreError("IdempotentParameterMismatch", `The token ${name} was used for another request.`);
}

async function updateAll<Result>(
  transaction: SqlConnection,
  updates: readonly ItemUpdate<Result>[],
  check: TransactionOptions<Result>["check"],
): Promise<Result[]> {
  await lockTables(transaction, updates);
  const rows = await lockItems(transaction, updates);
  const reasons: unknown[] = [];
  const decisions = updates.map((update, place): ItemDecision<Result> | undefined => {
    try {
      return update.decide(rows[place]?.value);
    } catch (error) {
      reasons[place] = error;
      return undefined;
    }
  });
  if (reasons.length > 0) throw new TransactionRefused(updates.map((_, place) => reasons[place]));
  const results = decisions.map((decision) => decision?.result as Result);
  check?.(results);
  const writes = updates.flatMap(({ table, key }, place): ItemWrite[] => {
    const next = decisions[place]?.next ?? "unchanged";
    const before = rows[place];
    if (next === "unchanged" || (next === "delete" && before === undefined)) return [];
    return [{ table, key, before, after: next === "delete" ? undefined : next }];
  });
  const outcomes = writes.length === 0 ? [] : await writeItems(transaction, writes);
  if (outcomes.includes("conflict")) throw new Overtaken();
  return results;
}

/** Keeps the definitions of the tables as they are until the transaction ends. */
async function lockTables(transaction: SqlConnection, refs: readonly ItemRef[]): Promise<void> {
  const rows = await transaction.query<{ id: number; version: number }>(
    `select id, ${ITEM_TABLE_VERSION} as version from resource where id = any ($1::bigint[]) order by id for share`,
    [Array.from(new Set(refs.map(({ table }) => table.id)))],
    { name: "lock-item-tables" },
  );
  const versions = new Map(rows.map(({ id, version }) => [id, version]));
  const stale = refs.find(({ table }) => versions.get(table.id) !== table.version);
  if (stale !== undefined) throw staleTable(stale);
}

function isDeadlock(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "40P01";
}
