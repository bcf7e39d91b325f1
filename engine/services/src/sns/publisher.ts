import { randomUUID } from "node:crypto";
import type { Resource, Resources, SqlConnection } from "@rondo/store";
import { matchesFilterPolicy, parseFilterPolicy } from "./filter-policy.ts";
import type { DeliveryBody, SubscriptionBody } from "./subscription-body.ts";
import { deliveryType, parseTopicArn, subscriptionType, type TopicRef, topicType } from "./topic-arn.ts";
import type { TopicMessage } from "./topic-message.ts";

const pageSize = 500;

/** Writes the deliveries of one message, in a transaction; returns the MessageId. */
export type PreparedMessage = (connection: SqlConnection) => Promise<string>;

export interface Publisher {
  /** Finds who gets the message. Undefined when there is no such topic. */
  prepare(topicArn: string, message: TopicMessage): Promise<PreparedMessage | undefined>;
}

export interface PublisherDependencies {
  readonly resources: Resources;
  readonly clock: { now(): Date };
}

/**
 * Turns a message into one row for each subscriber that wants it. Reading who subscribes and writing the rows are apart, so that the writing can be part
 * of the transaction that causes the message; a subscription that ends in between gets nothing.
 */
export function createPublisher({ resources, clock }: PublisherDependencies): Publisher {
  return {
    async prepare(arn, message) {
      const topic = parseTopicArn(arn);
      if (topic === undefined || (await resources.find(topic.owner, topicType, topic.name)) === undefined)
        return undefined;
      const recipients: Resource<SubscriptionBody>[] = [];
      for await (const subscription of subscriptionsOf(resources, topic)) {
        if (subscription.status === "Confirmed" && wants(subscription.body, message)) recipients.push(subscription);
      }
      return async (connection) => {
        const messageId = randomUUID();
        const published = { messageId, topicArn: arn, publishedAt: clock.now().toISOString() };
        for (const recipient of recipients) {
          await insertDelivery(resources, connection, recipient, {
            ...published,
            kind: "Notification",
            message: message.byProtocol?.[recipient.body.protocol] ?? message.message,
            subject: message.subject,
            attributes: message.attributes,
          });
        }
        return messageId;
      };
    },
  };
}

/** The subscriptions of a topic, page by page. */
export async function* subscriptionsOf(
  resources: Pick<Resources, "list">,
  { owner, name }: TopicRef,
): AsyncGenerator<Resource<SubscriptionBody>> {
  let nextToken: string | undefined;
  do {
    const page = await resources.list<SubscriptionBody>({
      accountId: owner.accountId,
      region: owner.region,
      type: subscriptionType,
      namePrefix: `${name}/`,
      sortBy: "name",
      limit: pageSize,
      nextToken,
    });
    yield* page.resources;
    ({ nextToken } = page);
  } while (nextToken !== undefined);
}

/** Puts a message on its way to one subscriber. */
export async function insertDelivery(
  resources: Pick<Resources, "insert">,
  connection: SqlConnection,
  subscription: Resource<SubscriptionBody>,
  message: Omit<DeliveryBody, "subscription" | "failures">,
): Promise<void> {
  const { accountId, region, name, arn } = subscription;
  await resources.insert<DeliveryBody>(
    {
      accountId,
      region,
      type: deliveryType,
      name: `${message.messageId}/${name}`,
      arn,
      status: "Pending",
      body: { ...message, subscription: name, failures: 0 },
      due: "now",
    },
    connection,
  );
}

function wants({ attributes }: SubscriptionBody, message: TopicMessage): boolean {
  if (attributes.FilterPolicy === undefined) return true;
  const scope = attributes.FilterPolicyScope === "MessageBody" ? "MessageBody" : "MessageAttributes";
  return matchesFilterPolicy(parseFilterPolicy(attributes.FilterPolicy, scope), message);
}
