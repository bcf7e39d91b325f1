import { deletePages, type ExpiryOptions } from "../delete-pages.ts";

const pageSize = 1000;
const dayMs = 86_400_000;

/** Deletes temporary keys a day after they expired (until then their owners hear that they expired); returns how many. Run by the maintenance. */
export async function deleteExpiredAccessKeys({ sql, now, signal }: ExpiryOptions): Promise<number> {
  return await deletePages({ pageSize, signal }, async () => {
    const rows = await sql.query(
      `DELETE FROM access_key WHERE access_key_id IN (SELECT access_key_id FROM access_key WHERE expires_at < $1 LIMIT ${pageSize})
       RETURNING access_key_id`,
      [new Date(now.getTime() - dayMs)],
    );
    return rows.length;
  });
}
