import type { SqlConnection } from "../sql.ts";
import type { LogGroupRef } from "./log-writer.ts";

/** What AWS counts for each event beside its message. */
export const bytesPerEvent = 26;

export interface StoredLogEvent {
  readonly id: number;
  readonly timestamp: number;
  readonly ingestedAt: number;
  readonly message: string;
}

/** A place between events, in the order (timestamp, id). */
export interface LogCursor {
  readonly timestamp: number;
  readonly id: number;
}

/** Milliseconds since 1970, both ends inclusive. */
export interface LogTimeRange {
  readonly from?: number;
  readonly to?: number;
}

export interface LogStreamPage extends LogTimeRange {
  readonly streamId: number;
  /** `forward`: the first events beyond the cursor; `backward`: the last events before it. Either way in ascending order. */
  readonly direction: "forward" | "backward";
  readonly cursor?: LogCursor;
  readonly limit: number;
  /** The page ends before it would hold more than this (but holds at least one event). */
  readonly maxBytes: number;
}

export interface LogGroupPage extends LogTimeRange, LogGroupRef {
  /** Only streams with these names, or with this prefix. */
  readonly streamNames?: readonly string[];
  readonly streamPrefix?: string;
  readonly direction: "forward" | "backward";
  readonly cursor?: LogCursor;
  readonly limit: number;
  readonly maxBytes: number;
}

export interface LogReader {
  readStream(page: LogStreamPage): Promise<StoredLogEvent[]>;
  /** Events of many streams, merged in the page's direction: backward is newest first. */
  readGroup(page: LogGroupPage): Promise<(StoredLogEvent & { readonly stream: string })[]>;
}

const lastTimestamp = Number.MAX_SAFE_INTEGER;
const columns = `e.id, e.timestamp, e.ingested_at AS "ingestedAt", e.message`;

/** Reads events in pages: what a page costs depends on its size and the number of streams, never on the number of events stored. */
export function createLogReader({ sql }: { readonly sql: SqlConnection }): LogReader {
  return {
    async readStream({ streamId, direction, cursor, from = 0, to = lastTimestamp, limit, maxBytes }) {
      const { beyond, order, start } = traversal(direction);
      const { timestamp, id } = cursor ?? start;
      const events = await sql.query<StoredLogEvent>(
        `SELECT id, timestamp, "ingestedAt", message FROM (
           SELECT page.*, sum(octet_length(message) + ${bytesPerEvent}) OVER (ORDER BY timestamp ${order}, id ${order}) AS bytes,
             row_number() OVER (ORDER BY timestamp ${order}, id ${order}) AS number
           FROM (
             SELECT ${columns} FROM log_event e
             WHERE stream_id = $1 AND timestamp >= $2 AND timestamp <= $3 AND (timestamp, id) ${beyond} ($4::bigint, $5::bigint)
             ORDER BY timestamp ${order}, id ${order} LIMIT $6
           ) page
         ) counted WHERE bytes <= $7 OR number = 1 ORDER BY timestamp, id`,
        [streamId, from, to, timestamp, id, limit, maxBytes],
        { name: `read-log-stream-${direction}` },
      );
      return events;
    },

    async readGroup(page) {
      const { accountId, region, group, streamNames, streamPrefix = "", from = 0, to = lastTimestamp } = page;
      const { beyond, order, start } = traversal(page.direction);
      const { timestamp, id } = page.cursor ?? start;
      const earliest = page.direction === "forward" ? Math.max(from, timestamp) : from;
      const latest = page.direction === "backward" ? Math.min(to, timestamp) : to;
      // Each stream gives at most one page, by its own index; the streams that cannot have events in the range are left out beforehand.
      return await sql.query<StoredLogEvent & { stream: string }>(
        `SELECT id, timestamp, "ingestedAt", message, stream FROM (
           SELECT page.*, sum(octet_length(message) + ${bytesPerEvent}) OVER (ORDER BY timestamp ${order}, id ${order}) AS bytes,
             row_number() OVER (ORDER BY timestamp ${order}, id ${order}) AS number
           FROM (
             SELECT event.*, s.name AS stream
             FROM log_group g JOIN log_stream s ON s.group_id = g.id
             CROSS JOIN LATERAL (
               SELECT ${columns} FROM log_event e
               WHERE e.stream_id = s.id AND e.timestamp >= $4 AND e.timestamp <= $5
                 AND (e.timestamp, e.id) ${beyond} ($6::bigint, $7::bigint)
               ORDER BY e.timestamp ${order}, e.id ${order} LIMIT $8
             ) event
             WHERE g.account_id = $1 AND g.region = $2 AND g.name = $3 AND s.last_event_at >= $4 AND s.first_event_at <= $5
               AND ($10::text[] IS NULL OR s.name = ANY ($10::text[])) AND starts_with(s.name, $11)
             ORDER BY event.timestamp ${order}, event.id ${order} LIMIT $8
           ) page
         ) counted WHERE bytes <= $9 OR number = 1 ORDER BY timestamp ${order}, id ${order}`,
        [
          accountId,
          region,
          group,
          earliest,
          latest,
          timestamp,
          id,
          page.limit,
          page.maxBytes,
          streamNames ?? null,
          streamPrefix,
        ],
      );
    },
  };
}

function traversal(direction: "forward" | "backward") {
  return direction === "forward"
    ? { beyond: ">", order: "ASC", start: { timestamp: 0, id: -1 } }
    : { beyond: "<", order: "DESC", start: { timestamp: lastTimestamp, id: lastTimestamp } };
}
