import type { SqlConnection } from "../sql.ts";

const pageSize = 1000;
const dayMs = 86_400_000;

/** Deletes temporary keys a day after they expired (until then their owners hear that they expired); returns how many. Run by the maintenance. */
export async function deleteExpiredAccessKeys({
  sql,
  now,
  signal,
}: {
  readonly sql: SqlConnection;
  readonly now: Date;
  readonly signal?: AbortSignal;
}): Promise<number> {
  let deleted = 0;
  while (true) {
    signal?.throwIfAborted();
    const rows = await sql.query(
      `DELETE FROM access_key WHERE access_key_id IN (SELECT access_key_id FROM access_key WHERE expires_at < $1 LIMIT ${pageSize})
       RETURNING access_key_id`,
      [new Date(now.getTime() - dayMs)],
    );
    deleted += rows.length;
    if (rows.length < pageSize) return deleted;
  }
}
