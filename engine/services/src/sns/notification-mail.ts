import type { Resource } from "@rondo/store";
import type { Mail } from "./mail.ts";
import { notificationDocument, type SubscriptionLinks } from "./notification-document.ts";
import type { DeliveryBody, SubscriptionBody } from "./subscription-body.ts";

/** A message as a mail: `email` gets the text, `email-json` the document that http subscribers get. */
export function mailOf({
  delivery,
  subscription,
  links,
}: {
  readonly delivery: Resource<DeliveryBody>;
  readonly subscription: Resource<SubscriptionBody>;
  readonly links: SubscriptionLinks;
}): Mail {
  const { body } = delivery;
  const isConfirmation = body.kind === "SubscriptionConfirmation";
  const subject = isConfirmation ? "AWS Notification - Subscription Confirmation" : "AWS Notification Message";
  return {
    key: delivery.name,
    to: subscription.body.endpoint,
    subject: body.subject ?? subject,
    text:
      subscription.body.protocol === "email-json"
        ? notificationDocument(body, subscription.body, links)
        : textOf(body, links),
    date: new Date(body.publishedAt),
  };
}

function textOf(
  { kind, topicArn, message }: DeliveryBody,
  { subscribeUrl, unsubscribeUrl }: SubscriptionLinks,
): string {
  if (kind === "SubscriptionConfirmation") {
    return `You have chosen to subscribe to the topic:\n${topicArn}\n\nTo confirm this subscription, visit the link below (if this was in error no action is necessary):\n${subscribeUrl}\n`;
  }
  return `${message}\n\n--\nIf you wish to stop receiving notifications from this topic, please visit the link below to unsubscribe:\n${unsubscribeUrl}\n`;
}
