import type { Resource } from "@rondo/store";
import { linksOf, notificationDocument, type SubscriptionLinks } from "./notification-document.ts";
import type { DeliveryBody, SubscriptionBody } from "./subscription-body.ts";

/** A message with the subscription that it goes to. */
export interface Outgoing {
  readonly delivery: Resource<DeliveryBody>;
  readonly subscription: Resource<SubscriptionBody>;
}

/** `origin` is where the subscriber reaches this server. */
export function linksFor({ delivery, subscription }: Outgoing, origin: string): SubscriptionLinks {
  return linksOf(origin, subscription, delivery.body.topicArn);
}

/** What the subscriber gets: the document, or for raw delivery the message alone. */
export function textFor(outgoing: Outgoing, origin: string): string {
  const { delivery, subscription } = outgoing;
  const isRaw = subscription.body.attributes.RawMessageDelivery === "true" && delivery.body.kind === "Notification";
  return isRaw
    ? delivery.body.message
    : notificationDocument(delivery.body, subscription.body, linksFor(outgoing, origin));
}
