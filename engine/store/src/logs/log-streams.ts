import type { Clock } from "../clock.ts";
import type { SqlConnection } from "../sql.ts";
import { StoreError } from "../store-error.ts";
import type { LogGroupRef, LogStreamRef } from "./log-writer.ts";

/** Times are milliseconds since 1970, 0 while the stream has no events. */
export interface LogStream {
  readonly id: number;
  readonly name: string;
  readonly createdAt: Date;
  readonly firstEventAt: number;
  readonly lastEventAt: number;
  readonly lastIngestedAt: number;
  readonly storedBytes: number;
}

/** Where a page begins: strictly after this stream in the page's order. */
export interface LogStreamCursor {
  readonly name: string;
  readonly lastEventAt: number;
}

export interface LogStreamQuery extends LogGroupRef {
  readonly prefix?: string;
  readonly orderBy: "name" | "lastEventAt";
  readonly descending: boolean;
  readonly after?: LogStreamCursor;
  readonly limit: number;
}

/** Log streams. Failures are StoreErrors: AlreadyExists, NotFound. */
export interface LogStreams {
  createStream(stream: LogStreamRef): Promise<void>;
  findStream(stream: LogStreamRef): Promise<LogStream | undefined>;
  listStreams(query: LogStreamQuery): Promise<LogStream[]>;
  /** The stream vanishes at once, its events with the next `deleteExpiredLogEvents`. */
  deleteStream(stream: LogStreamRef): Promise<void>;
}

const columns = `s.id, s.name, s.created_at AS "createdAt", s.first_event_at AS "firstEventAt", s.last_event_at AS "lastEventAt",
  s.last_ingested_at AS "lastIngestedAt", s.stored_bytes AS "storedBytes"`;
const ofGroup = "g.account_id = $1 AND g.region = $2 AND g.name = $3 AND s.group_id = g.id";

/** Log streams in SQL. */
export function createLogStreams({ sql, clock }: { readonly sql: SqlConnection; readonly clock: Clock }): LogStreams {
  return {
    async createStream({ accountId, region, group, stream }) {
      const owner = [accountId, region, group];
      const [made] = await sql.query<{ created: boolean }>(
        `WITH parent AS (SELECT id FROM log_group WHERE account_id = $1 AND region = $2 AND name = $3),
              made AS (INSERT INTO log_stream (group_id, name, created_at) SELECT id, $4, $5 FROM parent ON CONFLICT DO NOTHING RETURNING id)
         SELECT EXISTS (SELECT FROM made) AS created FROM parent`,
        [...owner, stream, clock.now()],
      );
      if (made === undefined) throw new StoreError("NotFound", `There is no log group ${group}.`);
      if (!made.created) throw new StoreError("AlreadyExists", `The log stream ${stream} exists already.`);
    },

    async findStream({ accountId, region, group, stream }) {
      const [row] = await sql.query<LogStream>(
        `SELECT ${columns} FROM log_stream s, log_group g WHERE ${ofGroup} AND s.name = $4`,
        [accountId, region, group, stream],
        { name: "find-log-stream" },
      );
      return row;
    },

    async listStreams({ accountId, region, group, prefix = "", orderBy, descending, after, limit }) {
      const direction = descending ? "DESC" : "ASC";
      const beyond = descending ? "<" : ">";
      const key = orderBy === "name" ? ["s.name"] : ["s.last_event_at", "s.name"];
      const from =
        after === undefined
          ? ""
          : `AND (${key.join(", ")}) ${beyond} (${key.map((_, index) => `$${index + 6}`).join(", ")})`;
      const values = orderBy === "name" ? [after?.name] : [after?.lastEventAt, after?.name];
      return await sql.query<LogStream>(
        `SELECT ${columns} FROM log_stream s, log_group g
         WHERE ${ofGroup} AND starts_with(s.name, $4) ${from}
         ORDER BY ${key.map((column) => `${column} ${direction}`).join(", ")} LIMIT $5`,
        [accountId, region, group, prefix, limit, ...(after === undefined ? [] : values)],
      );
    },

    async deleteStream({ accountId, region, group, stream }) {
      const rows = await sql.query(
        `WITH gone AS (DELETE FROM log_stream s USING log_group g WHERE ${ofGroup} AND s.name = $4 RETURNING s.id)
         INSERT INTO log_stream_deleted SELECT id FROM gone RETURNING stream_id`,
        [accountId, region, group, stream],
      );
      if (rows.length === 0) throw new StoreError("NotFound", `There is no log stream ${stream} in ${group}.`);
    },
  };
}
