import type { ReconcileContext } from "@rondo/control";
import type { Resources, Sql } from "@rondo/store";
import { sendToQueue } from "../sqs/send-to-queue.ts";
import { DeliveryError } from "./delivery-error.ts";
import { type Outgoing, textFor } from "./outgoing-message.ts";

export interface QueueDeliveryDependencies {
  readonly sql: Sql;
  readonly resources: Resources;
  readonly clock: { now(): Date };
  readonly url: () => string;
}

/**
 * Puts a message into a queue of ours and ends its delivery, in one transaction; with the failure when it is the dead-letter queue. Throws DeliveryError
 * when there is no such queue.
 */
export async function putIntoQueue(
  { sql, resources, clock, url }: QueueDeliveryDependencies,
  outgoing: Outgoing,
  {
    queueArn,
    failure,
    context,
  }: { readonly queueArn: string; readonly failure?: DeliveryError; readonly context: ReconcileContext },
): Promise<void> {
  const { delivery, subscription } = outgoing;
  const attributes = failure && {
    ErrorCode: { Type: "String", Value: failure.code },
    ErrorMessage: { Type: "String", Value: failure.message },
  };
  const isRaw = subscription.body.attributes.RawMessageDelivery === "true";
  await sql.transaction(async (transaction) => {
    const isSent = await sendToQueue({ sql, resources, clock }, transaction, {
      queueArn,
      body: textFor(outgoing, url()),
      attributes: attributes ?? (isRaw ? delivery.body.attributes : {}),
      senderId: subscription.arn,
    });
    // Refused before the row is saved: a claim whose save was undone cannot be gone on with.
    if (!isSent)
      throw new DeliveryError("AWS.SimpleQueueService.NonExistentQueue", `There is no queue ${queueArn}`, true);
    // Only who still has the claim may send: another has sent it otherwise.
    await context.save(delivery, { status: "Sent" }, transaction);
    await resources.delete(delivery, transaction);
  });
}
