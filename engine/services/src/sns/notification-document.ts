import type { Resource } from "@rondo/store";
import type { DeliveryBody, SubscriptionBody } from "./subscription-body.ts";

/** The links of a message; each holds a secret of the subscription. */
export interface SubscriptionLinks {
  readonly subscribeUrl: string;
  readonly unsubscribeUrl: string;
}

/** Where the links of messages lead: GET, not signed. */
export const subscriptionPath = "/_rondo/sns";

export function linksOf(
  origin: string,
  { arn, body }: Resource<SubscriptionBody>,
  topicArn: string,
): SubscriptionLinks {
  const link = (parameters: Record<string, string>): string =>
    `${origin}${subscriptionPath}?${new URLSearchParams(parameters).toString()}`;
  return {
    subscribeUrl: link({ Action: "ConfirmSubscription", TopicArn: topicArn, Token: body.token }),
    unsubscribeUrl: link({ Action: "Unsubscribe", SubscriptionArn: arn, Token: body.unsubscribeToken }),
  };
}

/**
 * The JSON that subscribers get, without the signature of AWS's.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 */
export function notificationDocument(
  delivery: DeliveryBody,
  { token }: SubscriptionBody,
  { subscribeUrl, unsubscribeUrl }: SubscriptionLinks,
): string {
  const { kind, messageId, topicArn, subject, message, attributes, publishedAt } = delivery;
  const head = { Type: kind, MessageId: messageId };
  const document =
    kind === "Notification"
      ? {
          ...head,
          TopicArn: topicArn,
          Subject: subject,
          Message: message,
          Timestamp: publishedAt,
          UnsubscribeURL: unsubscribeUrl,
          ...(Object.keys(attributes).length > 0 && { MessageAttributes: attributes }),
        }
      : {
          ...head,
          Token: token,
          TopicArn: topicArn,
          Message: `You have chosen to subscribe to the topic ${topicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
          SubscribeURL: subscribeUrl,
          Timestamp: publishedAt,
        };
  return JSON.stringify(document, null, 2);
}

/** The headers of a POST to an http or https subscriber. */
export function notificationHeaders(
  delivery: DeliveryBody,
  { arn, body }: Resource<SubscriptionBody>,
): Record<string, string> {
  const isRaw = delivery.kind === "Notification" && body.attributes.RawMessageDelivery === "true";
  return {
    "x-amz-sns-message-type": delivery.kind,
    "x-amz-sns-message-id": delivery.messageId,
    "x-amz-sns-topic-arn": delivery.topicArn,
    ...(delivery.kind === "Notification" && { "x-amz-sns-subscription-arn": arn }),
    ...(isRaw && { "x-amz-sns-rawdelivery": "true" }),
    "content-type": "text/plain; charset=UTF-8",
    "user-agent": "Amazon Simple Notification Service Agent",
  };
}
