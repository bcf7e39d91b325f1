import type { ReconcileContext, ResourceKind } from "@rondo/control";
import type { Logger, Resource, ResourcePatch, Resources, Sql } from "@rondo/store";
import { DeliveryError } from "./delivery-error.ts";
import { createDeliveryGate } from "./delivery-gate.ts";
import { effectiveHttpPolicy, mailPolicy, queuePolicy, type RetryPolicy, retryDelay } from "./delivery-policy.ts";
import type { Mailer } from "./mail.ts";
import { notificationHeaders } from "./notification-document.ts";
import { mailOf } from "./notification-mail.ts";
import { linksFor, type Outgoing, textFor } from "./outgoing-message.ts";
import { postToSubscriber } from "./post-to-subscriber.ts";
import { putIntoQueue } from "./put-into-queue.ts";
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

/**
 * One message on its way to one subscriber: sent at least once, tried again as the delivery policy says, then put into the dead-letter queue; the row goes
 * when it is done. In queues of ours it arrives exactly once, since row and message are one transaction.
 */
export function createDeliveryKind(dependencies: DeliveryKindDependencies): ResourceKind<DeliveryBody> {
  const { resources, clock, logger } = dependencies;
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
      if (subscription.body.protocol === "sqs") {
        await putIntoQueue(dependencies, outgoing, { queueArn: subscription.body.endpoint, context });
        return {};
      }
      await send(dependencies, outgoing, context.signal);
    } catch (error) {
      if (!(error instanceof DeliveryError)) throw error;
      return await failed(outgoing, error, context);
    }
    context.crashPoint("delivery-sent");
    return await done(delivery);
  }

  async function failed(outgoing: Outgoing, error: DeliveryError, context: ReconcileContext): Promise<Patch> {
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
        await putIntoQueue(dependencies, outgoing, {
          queueArn: deadLetterQueue(RedrivePolicy),
          failure: error,
          context,
        });
        return {};
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

async function send(
  { mailer, addresses, url }: Pick<DeliveryKindDependencies, "mailer" | "addresses" | "url">,
  { delivery, subscription }: Outgoing,
  signal: AbortSignal,
): Promise<void> {
  const { body } = subscription;
  if (body.protocol.startsWith("email")) {
    await mailer.send(mailOf({ delivery, subscription, links: linksFor({ delivery, subscription }, url()) }), signal);
    return;
  }
  const headers = notificationHeaders(delivery.body, subscription);
  const text = textFor({ delivery, subscription }, url());
  await postToSubscriber({ endpoint: body.endpoint, headers, body: text }, addresses, signal);
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
