import type { GetTopicAttributesInput, GetTopicAttributesResponse, SetTopicAttributesInput } from "@aws-sdk/client-sns";
import type { Resource } from "@rondo/store";
import type { Caller } from "@rondo/wire";
import { effectiveTopicPolicy, parseTopicDeliveryPolicy } from "./delivery-policy.ts";
import { subscriptionsOf } from "./publisher.ts";
import { invalidParameter } from "./sns-error.ts";
import type { TopicBody } from "./subscription-body.ts";
import { requireTopic, type TopicDependencies } from "./topic-resource.ts";

const maxDisplayName = 100;

/** GetTopicAttributes and SetTopicAttributes. */
export function createTopicAttributeOperations({ sql, resources }: TopicDependencies) {
  async function getTopicAttributes(
    input: GetTopicAttributesInput,
    caller: Caller,
  ): Promise<GetTopicAttributesResponse> {
    const topic = await requireTopic(resources, caller, input.TopicArn);
    const counts = { Confirmed: 0, PendingConfirmation: 0 };
    for await (const { status } of subscriptionsOf(resources, { owner: topic, name: topic.name })) {
      counts[status as keyof typeof counts] += 1;
    }
    return {
      Attributes: {
        DisplayName: "",
        Policy: defaultPolicy(topic),
        ...topic.body.attributes,
        TopicArn: topic.arn,
        Owner: topic.accountId,
        SubscriptionsConfirmed: String(counts.Confirmed),
        SubscriptionsPending: String(counts.PendingConfirmation),
        SubscriptionsDeleted: "0",
        EffectiveDeliveryPolicy: JSON.stringify(effectiveTopicPolicy(topic.body.attributes.DeliveryPolicy)),
      },
    };
  }

  async function setTopicAttributes(input: SetTopicAttributesInput, caller: Caller): Promise<object> {
    const { AttributeName: key = "", AttributeValue: value = "" } = input;
    checkTopicAttribute(key, value);
    await sql.transaction(async (transaction) => {
      const topic = await requireTopic(resources, caller, input.TopicArn, transaction);
      const { [key]: _, ...others } = topic.body.attributes;
      const attributes = value === "" ? others : { ...others, [key]: value };
      await resources.update(topic, { body: { ...topic.body, attributes } }, transaction);
    });
    return {};
  }

  return { getTopicAttributes, setTopicAttributes };
}

/** Throws InvalidParameter for an attribute that Rondo does not know, and for a value that does not fit. */
export function checkTopicAttribute(key: string, value: string): void {
  if (key === "DisplayName") {
    if (value.length > maxDisplayName || /[\p{Cc}]/u.test(value)) throw invalidParameter("DisplayName");
  } else if (key === "DeliveryPolicy") {
    if (value !== "") parseTopicDeliveryPolicy(value);
  } else if (key === "Policy") {
    if (!isJsonObject(value)) throw invalidParameter("Policy Error: null");
  } else if (key !== "FifoTopic") {
    throw invalidParameter(`AttributeName Reason: Rondo does not know the attribute ${key} of a topic`);
  }
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function defaultPolicy({ arn, accountId }: Resource<TopicBody>): string {
  const actions = ["GetTopicAttributes", "SetTopicAttributes", "DeleteTopic", "Subscribe", "Publish"];
  const statement = {
    Sid: "__default_statement_ID",
    Effect: "Allow",
    Principal: { AWS: "*" },
    Action: actions.map((action) => `SNS:${action}`),
    Resource: arn,
    Condition: { StringEquals: { "AWS:SourceOwner": accountId } },
  };
  return JSON.stringify({ Version: "2008-10-17", Id: "__default_policy_ID", Statement: [statement] });
}
