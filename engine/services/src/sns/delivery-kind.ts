import type { ReconcileContext, ResourceKind } from "@rondo/control";
import type { Logger, Resource, ResourcePatch, Resources, Sql } from "@rondo/store";
import { sendToQueue } from "../sqs/send-to-queue.ts";
import { DeliveryError } from "./delivery-error.ts";
import { createDeliveryGate } from "./delivery-gate.ts";
import { effectiveHttpPolicy, mailPolicy, queuePolicy, type RetryPolicy, retryDelay } from "./delivery-policy.ts";
import type { Mailer } from "./mail.ts";
import { linksOf, notificationDocument, notificationHeaders, type SubscriptionLinks } from "./notification-document.ts";
import { mailOf } from "./notification-mail.ts";
import { postToSubscriber } from "./post-to-subscriber.ts";
import type { AddressPolicy } from "./subscriber-address.ts";
import { deadLetterQueue } from "./subscription-attributes.ts";
import type { DeliveryBody, SubscriptionBody, TopicBody } from "./subscription-body.ts";
import { deliveryType, parseTopicArn, subscriptionType, topicType } from "./topic-arn.ts";

export interface DeliveryKindDependencies {
  readonly sql: Sql;
  readonly resources: Resources;
  readonly clock: { now(): Date };
  readonly logger: Logger;
  readonly mailer: Mailer;
  readonly addresses: AddressPolicy;
  /** Where subscribers reach this server, for the links in messages. */
  readonly url: () => string;
}

type Patch = ResourcePatch<DeliveryBody>;

interface Outgoing {
  readonly delivery: Resource<DeliveryBody>;
  readonly subscription: Resource<SubscriptionBody>;
}

/**
 * One message on its way to one subscriber: sent at least once, tried again as the delivery policy says, then put into the dead-letter queue; the row goes
 * when it is done. In queues of ours it arrives exactly once, since row and message are one transaction.
 */
export function createDeliveryKind(dependencies: DeliveryKindDependencies): ResourceKind<DeliveryBody> {
  const { sql, resources, clock, logger, mailer, addresses, url } = dependencies;
  const gate = createDeliveryGate(clock);

  async function reconcile(delivery: Resource<DeliveryBody>, context: ReconcileContext): Promise<Patch> {
    const subscription = await resources.find<SubscriptionBody>(delivery, subscriptionType, delivery.body.subscription);
    if (subscription === undefined || isObsolete(delivery.body, subscription)) return await done(delivery);
    let patch: Patch = {};
    const due = await gate.run(`${subscription.id}`, async () => {
      patch = await attempt({ delivery, subscription }, context);
    });
    return due === undefined ? patch : { due };
  }

  async function attempt(outgoing: Outgoing, context: ReconcileContext): Promise<Patch> {
    const { delivery, subscription } = outgoing;
    try {
      if (subscription.body.protocol === "sqs") return await putIntoQueue(outgoing, subscription.body.endpoint);
      await send(outgoing, context.signal);
    } catch (error) {
      if (!(error instanceof DeliveryError)) throw error;
      return await failed(outgoing, error);
    }
    context.crashPoint("delivery-sent");
    return await done(delivery);
  }

  async function send({ delivery, subscription }: Outgoing, signal: AbortSignal): Promise<void> {
    const { body } = subscription;
    if (body.protocol.startsWith("email")) {
      await mailer.send(mailOf({ delivery, subscription, links: linksFor({ delivery, subscription }, url()) }), signal);
      return;
    }
    const headers = notificationHeaders(delivery.body, subscription);
    const text = textFor({ delivery, subscription }, url());
    await postToSubscriber({ endpoint: body.endpoint, headers, body: text }, addresses, signal);
  }

  /** The message and the end of its delivery in one transaction. */
  async function putIntoQueue(outgoing: Outgoing, queue: string, failure?: DeliveryError): Promise<Patch> {
    const { delivery, subscription } = outgoing;
    const attributes = failure && {
      ErrorCode: { Type: "String", Value: failure.code },
      ErrorMessage: { Type: "String", Value: failure.message },
    };
    const isRaw = subscription.body.attributes.RawMessageDelivery === "true";
    await sql.transaction(async (transaction) => {
      const isSent = await sendToQueue({ sql, resources, clock }, transaction, {
        queueArn: queue,
        body: textFor(outgoing, url()),
        attributes: attributes ?? (isRaw ? delivery.body.attributes : {}),
        senderId: subscription.arn,
      });
      if (!isSent)
        throw new DeliveryError("AWS.SimpleQueueService.NonExistentQueue", `There is no queue ${queue}`, true);
      await resources.delete(delivery, transaction);
    });
    return {};
  }

  async function failed(outgoing: Outgoing, error: DeliveryError): Promise<Patch> {
    const { delivery, subscription } = outgoing;
    const failures = delivery.body.failures + 1;
    const delay = error.isPermanent ? undefined : retryDelay(await policyOf(resources, outgoing), failures);
    if (delay !== undefined) {
      return { body: { ...delivery.body, failures }, due: new Date(clock.now().getTime() + delay * 1000) };
    }
    const { RedrivePolicy } = subscription.body.attributes;
    const facts = {
      subscription: subscription.arn,
      messageId: delivery.body.messageId,
      failures,
      reason: error.message,
    };
    if (RedrivePolicy !== undefined && delivery.body.kind === "Notification") {
      try {
        return await putIntoQueue(outgoing, deadLetterQueue(RedrivePolicy), error);
      } catch (lost) {
        if (!(lost instanceof DeliveryError)) throw lost;
        logger.warn({ ...facts, deadLetterQueue: lost.message }, "A message could neither be delivered nor kept");
        return await done(delivery);
      }
    }
    logger.warn(facts, "A message could not be delivered and has no dead-letter queue");
    return await done(delivery);
  }

  async function done(delivery: Resource<DeliveryBody>): Promise<Patch> {
    await resources.delete(delivery);
    return {};
  }

  return {
    type: deliveryType,
    reconcile,
    // Failed deliveries end by their policy; anything else that fails here is ours, and no reason to lose a message.
    maxAttempts: Number.POSITIVE_INFINITY,
    giveUp: () => ({ due: null }),
  };
}

/** A message for a subscription that waits to be confirmed anew, or a request to confirm what is confirmed. */
function isObsolete({ kind }: DeliveryBody, { status }: Resource<SubscriptionBody>): boolean {
  return (kind === "Notification") !== (status === "Confirmed");
}

async function policyOf(
  resources: Pick<Resources, "find">,
  { delivery, subscription }: Outgoing,
): Promise<RetryPolicy> {
  const { protocol, attributes } = subscription.body;
  if (protocol === "sqs") return queuePolicy;
  if (protocol.startsWith("email")) return mailPolicy;
  const topic = await resources.find<TopicBody>(delivery, topicType, parseTopicArn(delivery.body.topicArn)?.name ?? "");
  return effectiveHttpPolicy(topic?.body.attributes.DeliveryPolicy, attributes.DeliveryPolicy);
}

function linksFor({ delivery, subscription }: Outgoing, origin: string): SubscriptionLinks {
  return linksOf(origin, subscription, delivery.body.topicArn);
}

function textFor(outgoing: Outgoing, origin: string): string {
  const { delivery, subscription } = outgoing;
  const isRaw = subscription.body.attributes.RawMessageDelivery === "true" && delivery.body.kind === "Notification";
  return isRaw
    ? delivery.body.message
    : notificationDocument(delivery.body, subscription.body, linksFor(outgoing, origin));
}
