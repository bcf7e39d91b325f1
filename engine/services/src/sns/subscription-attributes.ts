import type {
  GetSubscriptionAttributesInput,
  GetSubscriptionAttributesResponse,
  SetSubscriptionAttributesInput,
} from "@aws-sdk/client-sns";
import type { Owner, Resource } from "@rondo/store";
import type { Caller } from "@rondo/wire";
import { isOwnQueue, parseQueueArn } from "../sqs/queue-arn.ts";
import { effectiveHttpPolicy, parseDeliveryPolicy } from "./delivery-policy.ts";
import { type FilterScope, parseFilterPolicy } from "./filter-policy.ts";
import { invalidParameter } from "./sns-error.ts";
import {
  type SubscriptionAttributes,
  type SubscriptionBody,
  type SubscriptionProtocol,
  settableSubscriptionAttributes,
  type TopicBody,
} from "./subscription-body.ts";
import { requireSubscription } from "./subscription-list.ts";
import { topicArn, topicType } from "./topic-arn.ts";
import type { TopicDependencies } from "./topic-resource.ts";

/** Checks what was given as attributes of a subscription; empty ones are left out. Throws InvalidParameter. */
export function readSubscriptionAttributes(
  given: Readonly<Record<string, string>>,
  protocol: SubscriptionProtocol,
  owner: Owner,
): SubscriptionAttributes {
  const known: readonly string[] = settableSubscriptionAttributes;
  for (const key of Object.keys(given)) {
    if (!known.includes(key))
      throw invalidParameter(`AttributeName Reason: Rondo does not know the attribute ${key} of a subscription`);
  }
  const attributes: SubscriptionAttributes = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== ""),
  );
  const { RawMessageDelivery, FilterPolicyScope = "MessageAttributes", FilterPolicy } = attributes;
  if (!["true", "false", undefined].includes(RawMessageDelivery))
    throw invalidParameter("Attributes Reason: RawMessageDelivery: Invalid value. Must be true or false.");
  if (RawMessageDelivery === "true" && protocol.startsWith("email"))
    throw invalidParameter(
      `Attributes Reason: RawMessageDelivery: Delivery protocol [${protocol}] does not support raw message delivery.`,
    );
  if (!["MessageAttributes", "MessageBody"].includes(FilterPolicyScope))
    throw invalidParameter("Attributes Reason: FilterPolicyScope: Invalid value [MessageAttributes, MessageBody]");
  if (FilterPolicy !== undefined) parseFilterPolicy(FilterPolicy, FilterPolicyScope as FilterScope);
  if (attributes.DeliveryPolicy !== undefined) parseDeliveryPolicy(attributes.DeliveryPolicy);
  if (attributes.RedrivePolicy !== undefined && !isOwnQueue(deadLetterQueue(attributes.RedrivePolicy), owner))
    throw invalidParameter("RedrivePolicy: deadLetterTargetArn must be a queue of the topic's account and region");
  return attributes;
}

/** The ARN of the queue of a RedrivePolicy. Throws InvalidParameter. */
export function deadLetterQueue(redrivePolicy: string): string {
  try {
    const { deadLetterTargetArn } = JSON.parse(redrivePolicy) as { readonly deadLetterTargetArn?: unknown };
    if (typeof deadLetterTargetArn === "string" && parseQueueArn(deadLetterTargetArn) !== undefined)
      return deadLetterTargetArn;
  } catch {
    // Refused below.
  }
  throw invalidParameter("RedrivePolicy: deadLetterTargetArn must be the ARN of an SQS queue");
}

/** GetSubscriptionAttributes and SetSubscriptionAttributes. */
export function createSubscriptionAttributeOperations({ sql, resources }: TopicDependencies) {
  async function getSubscriptionAttributes(
    input: GetSubscriptionAttributesInput,
    caller: Caller,
  ): Promise<GetSubscriptionAttributesResponse> {
    const subscription = await requireSubscription(resources, caller, input.SubscriptionArn);
    const [topicName = ""] = subscription.name.split("/");
    const topic = await resources.find<TopicBody>(caller, topicType, topicName);
    return { Attributes: describeAttributes(subscription, topicName, topic?.body.attributes.DeliveryPolicy) };
  }

  async function setSubscriptionAttributes(input: SetSubscriptionAttributesInput, caller: Caller): Promise<object> {
    const { AttributeName: key = "", AttributeValue: value = "" } = input;
    await sql.transaction(async (transaction) => {
      const subscription = await requireSubscription(resources, caller, input.SubscriptionArn, transaction);
      const { body } = subscription;
      // An empty policy is none.
      const isEmpty = key !== "FilterPolicyScope" && key !== "RawMessageDelivery" && /^\s*\{\s*\}\s*$/.test(value);
      const given = { ...body.attributes, [key]: isEmpty ? "" : value };
      const attributes = readSubscriptionAttributes(given, body.protocol, caller);
      await resources.update(subscription, { body: { ...body, attributes } }, transaction);
    });
    return {};
  }

  return { getSubscriptionAttributes, setSubscriptionAttributes };
}

function describeAttributes(
  subscription: Resource<SubscriptionBody>,
  topicName: string,
  topicPolicy: string | undefined,
): Record<string, string> {
  const { body, status } = subscription;
  const healthyRetryPolicy = effectiveHttpPolicy(topicPolicy, body.attributes.DeliveryPolicy);
  const described: Record<string, string> = {
    RawMessageDelivery: "false",
    SubscriptionArn: subscription.arn,
    TopicArn: topicArn(subscription, topicName),
    Owner: subscription.accountId,
    Protocol: body.protocol,
    Endpoint: body.endpoint,
    PendingConfirmation: String(status === "PendingConfirmation"),
    ConfirmationWasAuthenticated: String(body.wasAuthenticated),
    ...body.attributes,
  };
  if (body.attributes.FilterPolicy !== undefined) described.FilterPolicyScope ??= "MessageAttributes";
  if (body.protocol.startsWith("http")) described.EffectiveDeliveryPolicy = JSON.stringify({ healthyRetryPolicy });
  return described;
}
