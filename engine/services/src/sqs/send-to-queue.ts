import {
  type QueueMessageAttribute,
  type Resources,
  type Sql,
  type SqlConnection,
  sendQueueMessage,
} from "@rondo/store";
import { parseQueueArn, queueType } from "./queue-arn.ts";
import type { QueueBody } from "./queue-body.ts";

export interface SendToQueueDependencies {
  readonly sql: Sql;
  readonly resources: Pick<Resources, "find">;
  readonly clock: { now(): Date };
}

export interface InternalMessage {
  readonly queueArn: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, QueueMessageAttribute>>;
  /** Who sent it: the ARN of the subscription. */
  readonly senderId: string;
}

/** Puts a message of another service into a queue, in its transaction. False when there is no such queue. */
export async function sendToQueue(
  { sql, resources, clock }: SendToQueueDependencies,
  transaction: SqlConnection,
  { queueArn, body, attributes, senderId }: InternalMessage,
): Promise<boolean> {
  const ref = parseQueueArn(queueArn);
  const queue = ref && (await resources.find<QueueBody>(ref.owner, queueType, ref.name, transaction));
  if (queue === undefined) return false;
  const sentAt = clock.now();
  const visibleAt = new Date(sentAt.getTime() + Number(queue.body.attributes.DelaySeconds) * 1000);
  await sendQueueMessage(sql, transaction, {
    queueId: queue.id,
    message: { body, attributes, senderId, sentAt, visibleAt },
  });
  return true;
}
