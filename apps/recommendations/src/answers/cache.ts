import type { Database, DatabaseConnection } from "../database/database.ts";
import type { CachedOffer } from "./display-score.ts";

/** A list that was computed before it was asked for. */
export interface CachedList {
  readonly offers: readonly CachedOffer[];
  readonly updatedAt: Date;
}

/** The two tables of P-26 and P-27, whose columns have different names. */
const TABLES = {
  users: { table: "offline_user_recommendations", key: "user_id", list: "recommendations" },
  items: { table: "offline_similar_items", key: "product_id", list: "similar_products" },
} as const;

export type CacheName = keyof typeof TABLES;

/** Personalize needs about a second to count an event; an answer from before that is not kept. */
const EVENT_COUNTS_AFTER_MS = 1_000;

export async function readCached(
  database: DatabaseConnection,
  cache: CacheName,
  id: string,
): Promise<CachedList | undefined> {
  const { table, key, list } = TABLES[cache];
  const [row] = await database.query<{ offers: CachedOffer[]; updated_at: Date }>(
    `select ${list} as offers, updated_at at time zone 'UTC' as updated_at from recommendations.${table} where ${key} = $1`,
    [id],
  );
  return row && { offers: row.offers, updatedAt: row.updated_at };
}

/** Writes lists that were computed at `updatedAt`; newer ones stay. Users who have bought since then are left out, since the lists are from before. */
export async function writeCached(
  database: Database,
  cache: CacheName,
  lists: ReadonlyMap<string, readonly CachedOffer[]>,
  updatedAt: Date,
): Promise<void> {
  const { table, key, list } = TABLES[cache];
  const rows = [...lists].map(([id, offers]) => ({ id, offers }));
  const isCurrent = `not exists (
    select 1 from recommendations.customers where unified_customer_id = line.id and last_event_at > $3::timestamptz)`;
  const countedUntil = new Date(updatedAt.getTime() - EVENT_COUNTS_AFTER_MS);
  await database.query(
    `insert into recommendations.${table} as known (${key}, ${list}, updated_at)
     select id, offers, $2::timestamptz at time zone 'UTC' from jsonb_to_recordset($1::jsonb) as line (id text, offers jsonb)
     where ${cache === "users" ? isCurrent : "$3::timestamptz is not null"}
     order by id
     on conflict (${key}) do update set ${list} = excluded.${list}, updated_at = excluded.updated_at
     where known.updated_at <= excluded.updated_at`,
    [JSON.stringify(rows), updatedAt, countedUntil],
  );
}

/** What is thrown away: everything, one of the tables, or one user or product. */
export interface Invalidation {
  readonly cache?: CacheName | undefined;
  /** User or product. */
  readonly id?: string | undefined;
}

/** The manual trigger of P-35. Returns how many lists were thrown away. */
export async function invalidateCache(database: Database, { cache, id }: Invalidation): Promise<number> {
  let removed = 0;
  for (const name of ["users", "items"] as const) {
    if (cache !== undefined && cache !== name) continue;
    const { table, key } = TABLES[name];
    const rows = await database.query<{ lists: number }>(
      `with removed as (delete from recommendations.${table} where $1::text is null or ${key} = $1 returning 1)
       select count(*)::integer as lists from removed`,
      [id ?? null],
    );
    removed += rows[0]?.lists ?? 0;
  }
  return removed;
}

/** Throws lists away that were computed before a time. */
export async function removeOldLists(database: Database, before: Date): Promise<void> {
  for (const { table } of Object.values(TABLES)) {
    await database.query(`delete from recommendations.${table} where updated_at at time zone 'UTC' < $1`, [before]);
  }
}

/** How full and how old a table is. */
export interface CacheState {
  readonly lists: number;
  readonly fresh: number;
  readonly oldest_updated_at: Date | null;
  readonly newest_updated_at: Date | null;
}

export async function readCacheState(
  database: DatabaseConnection,
  cache: CacheName,
  freshSince: Date,
): Promise<CacheState> {
  const [row] = await database.query<CacheState>(
    `select count(*)::integer as lists, count(*) filter (where updated_at at time zone 'UTC' >= $1)::integer as fresh,
       min(updated_at) at time zone 'UTC' as oldest_updated_at, max(updated_at) at time zone 'UTC' as newest_updated_at
     from recommendations.${TABLES[cache].table}`,
    [freshSince],
  );
  return row ?? { lists: 0, fresh: 0, oldest_updated_at: null, newest_updated_at: null };
}
