import { deletePages, type ExpiryOptions } from "../delete-pages.ts";
import type { SqlConnection } from "../sql.ts";
import { bytesPerEvent } from "./log-reader.ts";

const pageSize = 5000;
const dayMs = 86_400_000;

/**
 * Deletes the events that have outlived their group's retention and those of deleted streams, a page at a time; returns how many. Each page
 * is a transaction of its own, so a large deletion neither blocks writers nor is lost when it is interrupted. Run by the maintenance.
 */
export async function deleteExpiredLogEvents({ sql, now, signal }: ExpiryOptions): Promise<number> {
  let deleted = 0;
  for await (const streamId of deletedStreams(sql, signal)) {
    deleted += await deleteEvents(sql, { streamId, before: Number.MAX_SAFE_INTEGER, signal });
    await sql.query("DELETE FROM log_stream_deleted WHERE stream_id = $1", [streamId]);
  }
  for await (const { id, before } of expiringStreams(sql, now, signal)) {
    deleted += await deleteEvents(sql, { streamId: id, before, signal });
    await sql.query(
      `UPDATE log_stream SET first_event_at = coalesce((SELECT min(timestamp) FROM log_event WHERE stream_id = $1), 0) WHERE id = $1`,
      [id],
    );
  }
  return deleted;
}

async function* deletedStreams(sql: SqlConnection, signal?: AbortSignal): AsyncGenerator<number> {
  while (true) {
    signal?.throwIfAborted();
    const [row] = await sql.query<{ id: number }>("SELECT stream_id AS id FROM log_stream_deleted LIMIT 1");
    if (row === undefined) return;
    yield row.id;
  }
}

async function* expiringStreams(sql: SqlConnection, now: Date, signal?: AbortSignal) {
  let after = 0;
  while (true) {
    signal?.throwIfAborted();
    const rows = await sql.query<{ id: number; before: number }>(
      `SELECT s.id, $1::bigint - g.retention_days * $2::bigint AS before FROM log_stream s JOIN log_group g ON g.id = s.group_id
       WHERE s.id > $3 AND s.first_event_at > 0 AND s.first_event_at < $1::bigint - g.retention_days * $2::bigint
       ORDER BY s.id LIMIT 1000`,
      [now.getTime(), dayMs, after],
    );
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}

async function deleteEvents(
  sql: SqlConnection,
  { streamId, before, signal }: { readonly streamId: number; readonly before: number; readonly signal?: AbortSignal },
): Promise<number> {
  return await deletePages({ pageSize, signal }, async () => {
    const [row] = await sql.query<{ count: number }>(
      `WITH expired AS (
         SELECT timestamp, id FROM log_event WHERE stream_id = $1 AND timestamp < $2 ORDER BY timestamp, id LIMIT ${pageSize}
       ), gone AS (
         DELETE FROM log_event e USING expired x WHERE e.stream_id = $1 AND e.timestamp = x.timestamp AND e.id = x.id
         RETURNING octet_length(e.message) + ${bytesPerEvent} AS bytes
       ), counted AS (
         UPDATE log_stream SET stored_bytes = stored_bytes - (SELECT coalesce(sum(bytes), 0) FROM gone) WHERE id = $1
       )
       SELECT count(*)::integer AS count FROM gone`,
      [streamId, before],
    );
    return row?.count ?? 0;
  });
}
