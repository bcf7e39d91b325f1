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
