import type { Clock } from "../clock.ts";
import type { Owner } from "../resources.ts";
import type { Sql } from "../sql.ts";
import { StoreError } from "../store-error.ts";
import type { LogGroupRef } from "./log-writer.ts";

export interface LogGroup {
  readonly id: number;
  readonly name: string;
  readonly createdAt: Date;
  /** Events older than this many days are deleted; null keeps them for ever. */
  readonly retentionDays: number | null;
  readonly tags: Readonly<Record<string, string>>;
  /** Messages in UTF-8 and 26 bytes for each event. */
  readonly storedBytes: number;
}

export interface LogGroupQuery extends Owner {
  readonly prefix?: string;
  /** Part of the name, without regard to case. */
  readonly contains?: string;
  /** Names strictly after this one. */
  readonly startAfter?: string;
  readonly limit: number;
}

/** Log groups. Failures are StoreErrors: AlreadyExists, NotFound. */
export interface LogGroups {
  createGroup(group: LogGroupRef, tags: Readonly<Record<string, string>>): Promise<void>;
  findGroup(group: LogGroupRef): Promise<LogGroup | undefined>;
  /** In the order of their names. */
  listGroups(query: LogGroupQuery): Promise<LogGroup[]>;
  /** Streams vanish at once, their events with the next `deleteExpiredLogEvents`. */
  deleteGroup(group: LogGroupRef): Promise<void>;
  setRetention(group: LogGroupRef, days: number | null): Promise<void>;
  /** Sets `tags` and takes `removed` away; other tags stay. */
  changeTags(
    group: LogGroupRef,
    change: { readonly tags?: Readonly<Record<string, string>>; readonly removed?: readonly string[] },
  ): Promise<void>;
}

const columns = `g.id, g.name, g.created_at AS "createdAt", g.retention_days AS "retentionDays", g.tags,
  (SELECT coalesce(sum(s.stored_bytes), 0)::bigint FROM log_stream s WHERE s.group_id = g.id) AS "storedBytes"`;
const byName = "account_id = $1 AND region = $2 AND name = $3";

/** Log groups in SQL. */
export function createLogGroups({ sql, clock }: { readonly sql: Sql; readonly clock: Clock }): LogGroups {
  async function changed(group: LogGroupRef, rows: readonly object[]): Promise<void> {
    if (rows.length === 0) throw new StoreError("NotFound", `There is no log group ${group.group}.`);
  }

  return {
    async createGroup(group, tags) {
      const rows = await sql.query(
        `INSERT INTO log_group (account_id, region, name, created_at, tags) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING RETURNING id`,
        [group.accountId, group.region, group.group, clock.now(), JSON.stringify(tags)],
      );
      if (rows.length === 0) throw new StoreError("AlreadyExists", `The log group ${group.group} exists already.`);
    },

    async findGroup(group) {
      const [row] = await sql.query<LogGroup>(`SELECT ${columns} FROM log_group g WHERE ${byName}`, [
        group.accountId,
        group.region,
        group.group,
      ]);
      return row;
    },

    async listGroups({ accountId, region, prefix = "", contains = "", startAfter = "", limit }) {
      return await sql.query<LogGroup>(
        `SELECT ${columns} FROM log_group g
         WHERE account_id = $1 AND region = $2 AND name > $3 AND starts_with(name, $4) AND position(lower($5) IN lower(name)) > 0
         ORDER BY name LIMIT $6`,
        [accountId, region, startAfter, prefix, contains, limit],
      );
    },

    async deleteGroup(group) {
      await sql.transaction(async (transaction) => {
        // The lock keeps writers from making a stream between the two statements.
        const [row] = await transaction.query<{ id: number }>(`SELECT id FROM log_group WHERE ${byName} FOR UPDATE`, [
          group.accountId,
          group.region,
          group.group,
        ]);
        if (row === undefined) throw new StoreError("NotFound", `There is no log group ${group.group}.`);
        await transaction.query(
          `WITH gone AS (DELETE FROM log_stream WHERE group_id = $1 RETURNING id)
           INSERT INTO log_stream_deleted SELECT id FROM gone`,
          [row.id],
        );
        await transaction.query("DELETE FROM log_group WHERE id = $1", [row.id]);
      });
    },

    async setRetention(group, days) {
      await changed(
        group,
        await sql.query(`UPDATE log_group SET retention_days = $4::integer WHERE ${byName} RETURNING id`, [
          group.accountId,
          group.region,
          group.group,
          days,
        ]),
      );
    },

    async changeTags(group, { tags = {}, removed = [] }) {
      await changed(
        group,
        await sql.query(`UPDATE log_group SET tags = (tags || $4::jsonb) - $5::text[] WHERE ${byName} RETURNING id`, [
          group.accountId,
          group.region,
          group.group,
          JSON.stringify(tags),
          removed,
        ]),
      );
    },
  };
}
