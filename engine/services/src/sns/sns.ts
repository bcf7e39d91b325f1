import { createRequire } from "node:module";
import type { Resources, Sql } from "@rondo/store";
import type { SdkModule, ServiceDefinition } from "@rondo/wire";
import { createPublishOperations } from "./publish.ts";
import { createPublisher } from "./publisher.ts";
import { createSubscriptionOperations } from "./subscription.ts";
import { createSubscriptionAttributeOperations } from "./subscription-attributes.ts";
import { createSubscriptionListOperations } from "./subscription-list.ts";
import { createTopicOperations, topicConstraints } from "./topic.ts";
import { createTopicAttributeOperations } from "./topic-attributes.ts";
import { createTopicTagOperations } from "./topic-tags.ts";

const require = createRequire(import.meta.url);

export interface SnsDependencies {
  readonly sql: Sql;
  readonly resources: Resources;
  readonly clock: { now(): Date };
}

/** SNS's topics, subscriptions and messages: every operation of it that Rondo answers. */
export function createSnsService(dependencies: SnsDependencies): ServiceDefinition {
  const topics = createTopicOperations(dependencies);
  const topicAttributes = createTopicAttributeOperations(dependencies);
  const tags = createTopicTagOperations(dependencies);
  const subscriptions = createSubscriptionOperations(dependencies);
  const lists = createSubscriptionListOperations(dependencies);
  const attributes = createSubscriptionAttributeOperations(dependencies);
  const messages = createPublishOperations({ ...dependencies, publisher: createPublisher(dependencies) });
  return {
    id: "sns",
    signingName: "sns",
    protocols: ["query"],
    load: () => require("@aws-sdk/client-sns") as SdkModule,
    client: "SNSClient",
    operations: {
      CreateTopic: topics.createTopic,
      DeleteTopic: topics.deleteTopic,
      ListTopics: topics.listTopics,
      GetTopicAttributes: topicAttributes.getTopicAttributes,
      SetTopicAttributes: topicAttributes.setTopicAttributes,
      TagResource: tags.tagResource,
      UntagResource: tags.untagResource,
      ListTagsForResource: tags.listTagsForResource,
      Subscribe: subscriptions.subscribe,
      ConfirmSubscription: subscriptions.confirmSubscription,
      Unsubscribe: subscriptions.unsubscribe,
      ListSubscriptions: lists.listSubscriptions,
      ListSubscriptionsByTopic: lists.listSubscriptionsByTopic,
      GetSubscriptionAttributes: attributes.getSubscriptionAttributes,
      SetSubscriptionAttributes: attributes.setSubscriptionAttributes,
      Publish: messages.publish,
      PublishBatch: messages.publishBatch,
    },
    constraints: topicConstraints,
    notHonoured: {
      CreateTopic:
        "Standard topics only; Policy is stored and not enforced; encryption and data protection are refused.",
      Subscribe: "Protocols http, https, email, email-json and sqs; of a DeliveryPolicy the retries, not the throttle.",
      Publish: "Messages are not signed; text messages and mobile push are refused.",
    },
  };
}
