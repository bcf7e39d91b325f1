import type { Clock } from "../clock.ts";
import type { SqlConnection } from "../sql.ts";
import { bytesPerEvent } from "./log-reader.ts";
import type { AppendOptions, LogEvent, LogStreamRef, LogWriter } from "./log-writer.ts";

/** Writes to the streams of CloudWatch Logs. */
export function createLogWriter({ sql, clock }: { readonly sql: SqlConnection; readonly clock: Clock }): LogWriter {
  return {
    async append(stream, events, options = {}) {
      if (events.length === 0 && options.position === undefined) return;
      const connection = options.connection ?? sql;
      const batch = { stream, events, options, now: clock.now() };
      if (await appendToStream(connection, batch)) return;
      if ((await positionOf(connection, stream)) !== undefined) return;
      await createMissing(connection, stream, batch.now);
      // A second failure means that another writer made the stream and is already past this position.
      await appendToStream(connection, batch);
    },

    async position(stream) {
      return (await positionOf(sql, stream)) ?? -1;
    },
  };
}

interface Batch {
  readonly stream: LogStreamRef;
  readonly events: readonly LogEvent[];
  readonly options: AppendOptions;
  readonly now: Date;
}

/**
 * False when the stream is missing or already past the position. The update locks the stream's row before ids are drawn, so that ids of one
 * stream become visible in their order and a reader's token never skips an event.
 */
async function appendToStream(connection: SqlConnection, { stream, events, options, now }: Batch): Promise<boolean> {
  const messages = events.map(({ message }) => storable(message));
  const timestamps = events.map(({ timestamp }) => timestamp);
  const bytes = messages.reduce((sum, message) => sum + Buffer.byteLength(message) + bytesPerEvent, 0);
  const rows = await connection.query<{ id: number }>(
    `WITH target AS (
       UPDATE log_stream s
       SET first_event_at = CASE WHEN s.first_event_at = 0 THEN coalesce($5::bigint, 0) ELSE least(s.first_event_at, $5::bigint) END,
           last_event_at = greatest(s.last_event_at, $6::bigint),
           last_ingested_at = CASE WHEN $5::bigint IS NULL THEN s.last_ingested_at ELSE $7::bigint END,
           stored_bytes = s.stored_bytes + $8::bigint,
           position = coalesce($9::bigint, s.position)
       FROM log_group g
       WHERE g.account_id = $1 AND g.region = $2 AND g.name = $3 AND s.group_id = g.id AND s.name = $4
         AND ($9::bigint IS NULL OR s.position < $9::bigint)
       RETURNING s.id
     ), written AS (
       INSERT INTO log_event (stream_id, timestamp, ingested_at, message)
       SELECT target.id, event.timestamp, $7::bigint, event.message
       FROM target CROSS JOIN unnest($10::bigint[], $11::text[]) WITH ORDINALITY AS event (timestamp, message, ordinal)
       ORDER BY event.ordinal
     )
     SELECT id FROM target`,
    [
      stream.accountId,
      stream.region,
      stream.group,
      stream.stream,
      extreme(timestamps, Math.min),
      extreme(timestamps, Math.max),
      now.getTime(),
      bytes,
      options.position ?? null,
      timestamps,
      messages,
    ],
    { name: "append-log-events" },
  );
  return rows.length > 0;
}

/** By a loop: an engine writer may bring more events than a call can have arguments. */
function extreme(values: readonly number[], better: (left: number, right: number) => number): number | null {
  return values.length === 0 ? null : values.reduce((left, right) => better(left, right));
}

/** PostgreSQL's text holds every character but NUL. */
function storable(message: string): string {
  return message.includes("\0") ? message.replaceAll("\0", "\uFFFD") : message;
}

async function positionOf(connection: SqlConnection, stream: LogStreamRef): Promise<number | undefined> {
  const [row] = await connection.query<{ position: number }>(
    `SELECT s.position FROM log_stream s JOIN log_group g ON g.id = s.group_id
     WHERE g.account_id = $1 AND g.region = $2 AND g.name = $3 AND s.name = $4`,
    [stream.accountId, stream.region, stream.group, stream.stream],
  );
  return row?.position;
}

async function createMissing(connection: SqlConnection, stream: LogStreamRef, now: Date): Promise<void> {
  await connection.query(
    `INSERT INTO log_group (account_id, region, name, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
    [stream.accountId, stream.region, stream.group, now],
  );
  await connection.query(
    `INSERT INTO log_stream (group_id, name, created_at)
     SELECT id, $4, $5 FROM log_group WHERE account_id = $1 AND region = $2 AND name = $3
     ON CONFLICT DO NOTHING`,
    [stream.accountId, stream.region, stream.group, stream.stream, now],
  );
}
