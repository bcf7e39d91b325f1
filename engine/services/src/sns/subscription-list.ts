import type {
  ListSubscriptionsByTopicInput,
  ListSubscriptionsByTopicResponse,
  ListSubscriptionsInput,
  ListSubscriptionsResponse,
  Subscription,
} from "@aws-sdk/client-sns";
import type { Resource, Resources, SqlConnection } from "@rondo/store";
import type { Caller } from "@rondo/wire";
import { invalidParameter, subscriptionNotFound } from "./sns-error.ts";
import type { SubscriptionBody } from "./subscription-body.ts";
import { parseSubscriptionArn, subscriptionName, subscriptionType, topicArn } from "./topic-arn.ts";
import { listSns, requireTopic, type TopicDependencies } from "./topic-resource.ts";

/** ListSubscriptions and ListSubscriptionsByTopic: pages of 100. */
export function createSubscriptionListOperations({ resources }: TopicDependencies) {
  async function list(caller: Caller, page: { readonly namePrefix?: string; readonly nextToken?: string }) {
    const { accountId, region } = caller;
    const found = await listSns<SubscriptionBody>(resources, { accountId, region, type: subscriptionType, ...page });
    return { Subscriptions: found.resources.map(describe), NextToken: found.nextToken };
  }
  return {
    listSubscriptions: (input: ListSubscriptionsInput, caller: Caller): Promise<ListSubscriptionsResponse> =>
      list(caller, { nextToken: input.NextToken }),
    async listSubscriptionsByTopic(
      input: ListSubscriptionsByTopicInput,
      caller: Caller,
    ): Promise<ListSubscriptionsByTopicResponse> {
      const topic = await requireTopic(resources, caller, input.TopicArn);
      return await list(caller, { namePrefix: `${topic.name}/`, nextToken: input.NextToken });
    },
  };
}

/** The subscription of an ARN, locked when a transaction is given. Throws InvalidParameter and NotFound. */
export async function requireSubscription(
  resources: Pick<Resources, "find" | "findForUpdate">,
  caller: Caller,
  arn: string | undefined,
  transaction?: SqlConnection,
): Promise<Resource<SubscriptionBody>> {
  const ref = parseSubscriptionArn(arn ?? "");
  if (ref === undefined) throw invalidParameter("SubscriptionArn Reason: An ARN must have 7 elements");
  const name = subscriptionName(ref);
  const subscription =
    transaction === undefined
      ? await resources.find<SubscriptionBody>(caller, subscriptionType, name)
      : await resources.findForUpdate<SubscriptionBody>(caller, subscriptionType, name, transaction);
  if (subscription?.arn !== arn || subscription === undefined) throw subscriptionNotFound();
  return subscription;
}

function describe(subscription: Resource<SubscriptionBody>): Subscription {
  const { name, arn, status, accountId, body } = subscription;
  return {
    SubscriptionArn: status === "Confirmed" ? arn : "PendingConfirmation",
    Owner: accountId,
    Protocol: body.protocol,
    Endpoint: body.endpoint,
    TopicArn: topicArn(subscription, name.split("/")[0] ?? ""),
  };
}
