import { randomUUID } from "node:crypto";
import type { Sql, SqlConnection } from "../sql.ts";

/** A message attribute: `Value` is text, for a binary one in base64. */
export interface QueueMessageAttribute {
  readonly Type: string;
  readonly Value: string;
}

export interface NewQueueMessage {
  readonly body: string;
  readonly attributes: Readonly<Record<string, QueueMessageAttribute>>;
  readonly senderId: string;
  readonly sentAt: Date;
  readonly visibleAt: Date;
}

export interface ReceivedQueueMessage extends NewQueueMessage {
  readonly id: number;
  readonly messageId: string;
  readonly receipt: string;
  readonly receivedCount: number;
  readonly firstReceivedAt: Date;
  readonly deadLetterSource: string | null;
}

const channel = "sqs_message";

/** Puts a message into a queue (the id of its row) and tells those who wait for one, in this process and others, at commit. Returns the message's id. */
export async function sendQueueMessage(
  sql: Pick<Sql, "notify">,
  connection: SqlConnection,
  { queueId, message }: { readonly queueId: number; readonly message: NewQueueMessage },
): Promise<string> {
  const messageId = randomUUID();
  await connection.query(
    `insert into sqs_message (queue_id, message_id, body, message_attributes, sender_id, sent_at, visible_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      queueId,
      messageId,
      message.body,
      JSON.stringify(message.attributes),
      message.senderId,
      message.sentAt,
      message.visibleAt,
    ],
    { name: "sqs-send" },
  );
  await sql.notify(connection, channel, String(queueId));
  return messageId;
}

/**
 * Takes up to `limit` messages that are visible, each for one receiver, and hides them until `visibleAt`. What was sent before `sentAfter` has outlived the
 * queue's retention.
 */
export async function receiveQueueMessages(
  connection: SqlConnection,
  query: {
    readonly queueId: number;
    readonly now: Date;
    readonly visibleAt: Date;
    readonly sentAfter: Date;
    readonly limit: number;
  },
): Promise<ReceivedQueueMessage[]> {
  return await connection.query<ReceivedQueueMessage>(
    `update sqs_message set visible_at = $3, received_count = received_count + 1,
       first_received_at = coalesce(first_received_at, $2), receipt = gen_random_uuid()
     where id in (
       select id from sqs_message where queue_id = $1 and visible_at <= $2 and sent_at > $4
       order by visible_at, id limit $5 for update skip locked
     ) returning id, message_id as "messageId", body, message_attributes as attributes, sender_id as "senderId", sent_at as "sentAt",
       visible_at as "visibleAt", receipt, received_count as "receivedCount", first_received_at as "firstReceivedAt",
       dead_letter_source as "deadLetterSource"`,
    [query.queueId, query.now, query.visibleAt, query.sentAfter, query.limit],
    { name: "sqs-receive" },
  );
}

const redrivenAtOnce = 1000;

/** Moves visible messages that were received `maxReceiveCount` times to the dead-letter queue; returns how many. */
export async function redriveQueueMessages(
  sql: Sql,
  move: {
    readonly queueId: number;
    readonly queueArn: string;
    readonly deadLetterQueueId: number;
    readonly maxReceiveCount: number;
    readonly now: Date;
  },
): Promise<number> {
  return await sql.transaction(async (transaction) => {
    const rows = await transaction.query(
      `update sqs_message set queue_id = $3, dead_letter_source = $4, receipt = null where id in (
         select id from sqs_message
         where queue_id = $1 and visible_at <= $2 and received_count > 0 and received_count >= $5
         order by visible_at, id limit ${redrivenAtOnce} for update skip locked
       ) returning id`,
      [move.queueId, move.now, move.deadLetterQueueId, move.queueArn, move.maxReceiveCount],
      { name: "sqs-redrive" },
    );
    if (rows.length > 0) await sql.notify(transaction, channel, String(move.deadLetterQueueId));
    return rows.length;
  });
}

/** One receipt of a message; only that of the last receiver counts. */
export interface QueueReceipt {
  readonly queueId: number;
  readonly id: number;
  readonly receipt: string;
}

/** False when the message is gone, or another receiver has it by now. */
export async function deleteQueueMessage(
  connection: SqlConnection,
  { queueId, id, receipt }: QueueReceipt,
): Promise<boolean> {
  const rows = await connection.query(
    "delete from sqs_message where id = $1 and queue_id = $2 and receipt = $3 returning id",
    [id, queueId, receipt],
    { name: "sqs-delete" },
  );
  return rows.length > 0;
}

/** Hides a message that was received longer or shorter. False when it is not hidden by this receipt (any more). */
export async function changeQueueMessageVisibility(
  sql: Sql,
  { queueId, id, receipt }: QueueReceipt,
  { now, visibleAt }: { readonly now: Date; readonly visibleAt: Date },
): Promise<boolean> {
  return await sql.transaction(async (transaction) => {
    const rows = await transaction.query(
      "update sqs_message set visible_at = $4 where id = $1 and queue_id = $2 and receipt = $3 and visible_at > $5 returning id",
      [id, queueId, receipt, visibleAt, now],
    );
    await sql.notify(transaction, channel, String(queueId));
    return rows.length > 0;
  });
}

/** When the next hidden message becomes visible, if any is hidden. */
export async function nextVisibleQueueMessage(
  connection: SqlConnection,
  { queueId, now }: { readonly queueId: number; readonly now: Date },
): Promise<Date | undefined> {
  const [row] = await connection.query<{ next: Date }>(
    "select visible_at as next from sqs_message where queue_id = $1 and visible_at > $2 order by visible_at limit 1",
    [queueId, now],
    { name: "sqs-next-visible" },
  );
  return row?.next;
}

export interface QueueMessageCounts {
  readonly visible: number;
  readonly hidden: number;
  readonly delayed: number;
}

export async function countQueueMessages(
  connection: SqlConnection,
  { queueId, now }: { readonly queueId: number; readonly now: Date },
): Promise<QueueMessageCounts> {
  const [row] = await connection.query<QueueMessageCounts>(
    `select count(*) filter (where visible_at <= $2)::integer as visible,
       count(*) filter (where visible_at > $2 and received_count > 0)::integer as hidden,
       count(*) filter (where visible_at > $2 and received_count = 0)::integer as delayed
     from sqs_message where queue_id = $1`,
    [queueId, now],
  );
  return row ?? { visible: 0, hidden: 0, delayed: 0 };
}

export async function purgeQueueMessages(connection: SqlConnection, queueId: number): Promise<void> {
  await connection.query("delete from sqs_message where queue_id = $1", [queueId]);
}

/** Calls `onMessage` when something may have become visible in the queue, until disposed. */
export async function listenForQueueMessages(
  sql: Pick<Sql, "listen">,
  queueId: number,
  onMessage: () => void,
): Promise<AsyncDisposable> {
  return await sql.listen(channel, (payload) => {
    if (payload === "" || payload === String(queueId)) onMessage();
  });
}
