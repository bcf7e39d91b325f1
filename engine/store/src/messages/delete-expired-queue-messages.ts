import { deletePages, type ExpiryOptions } from "../delete-pages.ts";

const pageSize = 1000;

/** Deletes messages that have outlived their queue's MessageRetentionPeriod; returns how many. Run by the maintenance. */
export async function deleteExpiredQueueMessages({ sql, now, signal }: ExpiryOptions): Promise<number> {
  return await deletePages({ pageSize, signal }, async () => {
    const rows = await sql.query(
      `delete from sqs_message where id in (
         select m.id from resource q join sqs_message m on m.queue_id = q.id
         where q.type = 'sqs/queue'
           and m.sent_at < $1::timestamptz - make_interval(secs => (q.body->'attributes'->>'MessageRetentionPeriod')::double precision)
         limit ${pageSize}
       ) returning id`,
      [now],
    );
    return rows.length;
  });
}
