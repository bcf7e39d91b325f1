import { createHash, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import type {
  ConfirmSubscriptionInput,
  ConfirmSubscriptionResponse,
  SubscribeInput,
  SubscribeResponse,
  UnsubscribeInput,
} from "@aws-sdk/client-sns";
import type { Owner, Resource, SqlConnection } from "@rondo/store";
import { awsError, type Caller } from "@rondo/wire";
import { insertDelivery } from "./publisher.ts";
import { invalidParameter } from "./sns-error.ts";
import { readSubscriptionAttributes } from "./subscription-attributes.ts";
import type { SubscriptionBody, SubscriptionProtocol, SubscriptionStatus } from "./subscription-body.ts";
import { checkEndpoint, readProtocol } from "./subscription-endpoint.ts";
import {
  parseSubscriptionArn,
  parseTopicArn,
  subscriptionArn,
  subscriptionName,
  subscriptionType,
} from "./topic-arn.ts";
import { requireTopic, type TopicDependencies } from "./topic-resource.ts";

export interface SubscriptionDependencies extends TopicDependencies {
  readonly clock: { now(): Date };
}

/** How long an unconfirmed subscription is kept, as AWS does. */
const confirmationMs = 48 * 3_600_000;
/** Of a topic. AWS allows 12.5 million; here a message is a row for each, in one transaction. */
const maxSubscriptions = 10_000;
/** Hexadecimal digits of the subscription's id at the head of a token. */
const idDigits = 32;

/** Subscribe, ConfirmSubscription and Unsubscribe. */
export function createSubscriptionOperations(dependencies: SubscriptionDependencies) {
  const { sql, resources } = dependencies;

  /** http, https and e-mail are sent a confirmation first; queues of the caller are subscribed at once. */
  async function subscribe(input: SubscribeInput, caller: Caller): Promise<SubscribeResponse> {
    const protocol = readProtocol(input.Protocol ?? "");
    const endpoint = checkEndpoint(protocol, input.Endpoint ?? "", caller);
    const attributes = readSubscriptionAttributes(input.Attributes ?? {}, protocol, caller);
    const subscription = await sql.transaction(async (transaction) => {
      const topic = await requireTopic(resources, caller, input.TopicArn, transaction);
      const id = subscriptionId(topic.arn, protocol, endpoint);
      const name = subscriptionName({ topicName: topic.name, id });
      const known = await resources.findForUpdate<SubscriptionBody>(caller, subscriptionType, name, transaction);
      if (known !== undefined) {
        const changed = Object.entries(attributes).some(
          ([key, value]) => value !== Reflect.get(known.body.attributes, key),
        );
        if (changed) throw invalidParameter("Attributes Reason: Subscription already exists with different attributes");
        if (known.status === "PendingConfirmation") await askToConfirm(dependencies, transaction, known);
        return known;
      }
      await checkNumberOfSubscriptions(transaction, topic);
      const arn = subscriptionArn({ owner: caller, topicName: topic.name, id });
      const body: SubscriptionBody = {
        protocol,
        endpoint,
        attributes,
        token: id.replaceAll("-", "") + randomBytes(32).toString("hex"),
        unsubscribeToken: randomBytes(32).toString("hex"),
        wasAuthenticated: protocol === "sqs",
        authenticatesUnsubscribe: false,
      };
      return await insertSubscription(dependencies, transaction, { owner: caller, name, arn, body });
    });
    const isVisible = subscription.status === "Confirmed" || input.ReturnSubscriptionArn === true;
    return { SubscriptionArn: isVisible ? subscription.arn : "pending confirmation" };
  }

  async function confirmSubscription(
    input: ConfirmSubscriptionInput,
    caller: Caller,
  ): Promise<ConfirmSubscriptionResponse> {
    const { TopicArn = "", Token = "", AuthenticateOnUnsubscribe = "false" } = input;
    if (!["true", "false"].includes(AuthenticateOnUnsubscribe.toLowerCase()))
      throw invalidParameter("AuthenticateOnUnsubscribe");
    const owner = parseTopicArn(TopicArn)?.owner;
    if (owner === undefined) throw invalidParameter("TopicArn");
    if (owner.accountId !== caller.accountId) throw invalidParameter("Token");
    const confirmation = {
      wasAuthenticated: true,
      authenticatesUnsubscribe: AuthenticateOnUnsubscribe.toLowerCase() === "true",
    };
    return { SubscriptionArn: await confirm(dependencies, { topicArn: TopicArn, token: Token }, confirmation) };
  }

  /** Also of a subscription that is not there. */
  async function unsubscribe(input: UnsubscribeInput, caller: Caller): Promise<object> {
    const ref = parseSubscriptionArn(input.SubscriptionArn ?? "");
    if (ref === undefined) throw invalidParameter("SubscriptionArn Reason: An ARN must have 7 elements");
    if (ref.owner.accountId !== caller.accountId)
      throw awsError("AuthorizationErrorException", "Not authorized to unsubscribe");
    const known = await resources.find<SubscriptionBody>(ref.owner, subscriptionType, subscriptionName(ref));
    if (known !== undefined) await resources.delete(known);
    return {};
  }

  return { subscribe, confirmSubscription, unsubscribe };
}

/** The topic is locked: two subscriptions at once are counted one after the other. */
async function checkNumberOfSubscriptions(transaction: SqlConnection, topic: Resource<object>): Promise<void> {
  const [row] = await transaction.query<{ count: number }>(
    "select count(*)::integer as count from resource where account_id = $1 and region = $2 and type = $3 and starts_with(name, $4)",
    [topic.accountId, topic.region, subscriptionType, `${topic.name}/`],
  );
  if ((row?.count ?? 0) >= maxSubscriptions)
    throw awsError("SubscriptionLimitExceededException", `A topic has at most ${maxSubscriptions} subscriptions here.`);
}

/** Confirms the subscription that a token belongs to; again is no error. Returns its ARN. Throws InvalidParameter for any other token. */
export async function confirm(
  { sql, resources }: TopicDependencies,
  { topicArn, token }: { readonly topicArn: string; readonly token: string },
  how: Pick<SubscriptionBody, "wasAuthenticated" | "authenticatesUnsubscribe">,
): Promise<string> {
  const topic = parseTopicArn(topicArn);
  if (topic === undefined || !/^[0-9a-f]{96}$/.test(token)) throw invalidParameter("Token");
  const name = subscriptionName({ topicName: topic.name, id: uuidOf(token.slice(0, idDigits)) });
  return await sql.transaction(async (transaction) => {
    const known = await resources.findForUpdate<SubscriptionBody>(topic.owner, subscriptionType, name, transaction);
    if (known === undefined || !isSecret(token, known.body.token)) throw invalidParameter("Token");
    if (known.status === "PendingConfirmation") {
      const status: SubscriptionStatus = "Confirmed";
      await resources.update(known, { status, body: { ...known.body, ...how }, due: null }, transaction);
    }
    return known.arn;
  });
}

/** Ends a subscription by the link in its messages. False when the link is not one, or only signed requests may end it. */
export async function unsubscribeByLink(
  { resources }: Pick<TopicDependencies, "resources">,
  { arn, token }: { readonly arn: string; readonly token: string },
): Promise<boolean> {
  const ref = parseSubscriptionArn(arn);
  if (ref === undefined) return false;
  const known = await resources.find<SubscriptionBody>(ref.owner, subscriptionType, subscriptionName(ref));
  if (known === undefined || !isSecret(token, known.body.unsubscribeToken) || known.body.authenticatesUnsubscribe)
    return false;
  await resources.delete(known);
  return true;
}

async function insertSubscription(
  dependencies: SubscriptionDependencies,
  transaction: SqlConnection,
  {
    owner: { accountId, region },
    ...subscription
  }: { readonly owner: Owner; readonly name: string; readonly arn: string; readonly body: SubscriptionBody },
): Promise<Resource<SubscriptionBody>> {
  const { resources, clock } = dependencies;
  const isConfirmed = subscription.body.protocol === "sqs";
  const status: SubscriptionStatus = isConfirmed ? "Confirmed" : "PendingConfirmation";
  const due = isConfirmed ? null : new Date(clock.now().getTime() + confirmationMs);
  const inserted = await resources.insert<SubscriptionBody>(
    { accountId, region, type: subscriptionType, ...subscription, status, due },
    transaction,
  );
  if (!isConfirmed) await askToConfirm(dependencies, transaction, inserted);
  return inserted;
}

async function askToConfirm(
  { resources, clock }: SubscriptionDependencies,
  transaction: SqlConnection,
  subscription: Resource<SubscriptionBody>,
): Promise<void> {
  await insertDelivery(resources, transaction, subscription, {
    kind: "SubscriptionConfirmation",
    messageId: randomUUID(),
    topicArn: subscription.arn.slice(0, subscription.arn.lastIndexOf(":")),
    publishedAt: clock.now().toISOString(),
    message: "",
    attributes: {},
  });
}

/** The same endpoint of a topic is the same subscription, so its id follows from them: a UUID of version 8. */
function subscriptionId(topicArn: string, protocol: SubscriptionProtocol, endpoint: string): string {
  const digest = createHash("sha256")
    .update(JSON.stringify([topicArn, protocol, endpoint]))
    .digest("hex");
  return uuidOf(`${digest.slice(0, 12)}8${digest.slice(13, 16)}a${digest.slice(17, idDigits)}`);
}

function uuidOf(hexadecimal: string): string {
  return hexadecimal.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function isSecret(given: string, secret: string): boolean {
  return given.length === secret.length && timingSafeEqual(Buffer.from(given), Buffer.from(secret));
}
