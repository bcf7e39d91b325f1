import type {
  CreateTopicInput,
  CreateTopicResponse,
  DeleteTopicInput,
  GetTopicAttributesInput,
  GetTopicAttributesResponse,
  ListTopicsInput,
  ListTopicsResponse,
  SetTopicAttributesInput,
} from "@aws-sdk/client-sns";
import {
  type Resource,
  type ResourcePage,
  type ResourceQuery,
  type Resources,
  type Sql,
  type SqlConnection,
  StoreError,
} from "@rondo/store";
import type { Caller, Constraints } from "@rondo/wire";
import { readResourceTags } from "../resource-tags.ts";
import { effectiveTopicPolicy, parseTopicDeliveryPolicy } from "./delivery-policy.ts";
import { subscriptionsOf } from "./publisher.ts";
import { invalidParameter, topicNotFound } from "./sns-error.ts";
import type { TopicBody } from "./subscription-body.ts";
import { parseTopicArn, subscriptionType, topicArn, topicType } from "./topic-arn.ts";
import { writeTopicTags } from "./topic-tags.ts";

export const topicConstraints: Constraints = {
  "Tag.Key": { min: 1, max: 128 },
  "Tag.Value": { max: 256 },
};

const pageSize = 100;
const maxDisplayName = 100;

export interface TopicDependencies {
  readonly sql: Sql;
  readonly resources: Resources;
}

/** Creating, describing, listing and deleting topics. Standard topics only. */
export function createTopicOperations({ sql, resources }: TopicDependencies) {
  /** The same topic again is no error, unless it is asked for with other attributes or tags. */
  async function createTopic(input: CreateTopicInput, caller: Caller): Promise<CreateTopicResponse> {
    const { Name: name = "", Attributes: attributes = {} } = input;
    if (name.endsWith(".fifo") || attributes.FifoTopic === "true")
      throw invalidParameter("FifoTopic Reason: Rondo has standard topics only");
    if (!/^[\w-]{1,256}$/.test(name)) throw invalidParameter("Topic Name");
    if (input.DataProtectionPolicy !== undefined)
      throw invalidParameter("DataProtectionPolicy Reason: Rondo has no data protection policies");
    for (const [key, value] of Object.entries(attributes)) checkAttribute(key, value);
    const { FifoTopic: _, ...kept } = attributes;
    const { accountId, region } = caller;
    const arn = topicArn(caller, name);
    const tags = new Map((input.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
    try {
      await sql.transaction(async (transaction) => {
        const body = { attributes: kept };
        const topic = await resources.insert<TopicBody>(
          { accountId, region, type: topicType, name, arn, status: "Active", body },
          transaction,
        );
        await writeTopicTags(transaction, topic, tags);
      });
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== "AlreadyExists") throw error;
      const known = await requireTopic(resources, caller, arn);
      if (Object.entries(kept).some(([key, value]) => known.body.attributes[key] !== value))
        throw invalidParameter("Attributes Reason: Topic already exists with different attributes");
      const knownTags = new Map((await readResourceTags(sql, known.id)).map(({ Key, Value }) => [Key, Value]));
      if ([...tags].some(([key, value]) => knownTags.get(key) !== value))
        throw invalidParameter("Tags Reason: Topic already exists with different tags");
    }
    return { TopicArn: arn };
  }

  /** Also of a topic that is not there. Messages on their way to its subscribers are dropped. */
  async function deleteTopic(input: DeleteTopicInput, caller: Caller): Promise<object> {
    const ref = parseTopicArn(input.TopicArn ?? "");
    if (ref === undefined) throw invalidParameter("TopicArn");
    const { accountId, region } = caller;
    if (ref.owner.accountId !== accountId || ref.owner.region !== region) return {};
    await sql.transaction(async (transaction) => {
      const topic = await resources.findForUpdate(caller, topicType, ref.name, transaction);
      if (topic === undefined) return;
      await resources.delete(topic, transaction);
      await transaction.query(
        "delete from resource where account_id = $1 and region = $2 and type = $3 and starts_with(name, $4) and name > $4",
        [accountId, region, subscriptionType, `${ref.name}/`],
      );
    });
    return {};
  }

  async function listTopics(input: ListTopicsInput, caller: Caller): Promise<ListTopicsResponse> {
    const { accountId, region } = caller;
    const page = await listSns(resources, { accountId, region, type: topicType, nextToken: input.NextToken });
    return { Topics: page.resources.map(({ arn }) => ({ TopicArn: arn })), NextToken: page.nextToken };
  }

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
    checkAttribute(key, value);
    await sql.transaction(async (transaction) => {
      const topic = await requireTopic(resources, caller, input.TopicArn, transaction);
      const { [key]: _, ...others } = topic.body.attributes;
      const attributes = value === "" ? others : { ...others, [key]: value };
      await resources.update(topic, { body: { ...topic.body, attributes } }, transaction);
    });
    return {};
  }

  return { createTopic, deleteTopic, listTopics, getTopicAttributes, setTopicAttributes };
}

/** The topic of an ARN, locked when a transaction is given. Throws InvalidParameter, and NotFound, as for topics of others. */
export async function requireTopic(
  resources: Pick<Resources, "find" | "findForUpdate">,
  caller: Caller,
  arn: string | undefined,
  transaction?: SqlConnection,
): Promise<Resource<TopicBody>> {
  const ref = parseTopicArn(arn ?? "");
  if (ref === undefined) throw invalidParameter("TopicArn");
  const topic =
    transaction === undefined
      ? await resources.find<TopicBody>(caller, topicType, ref.name)
      : await resources.findForUpdate<TopicBody>(caller, topicType, ref.name, transaction);
  if (topic?.arn !== arn || topic === undefined) throw topicNotFound();
  return topic;
}

/** A page of 100 by name, as SNS has them. */
export async function listSns<Body extends object>(
  resources: Pick<Resources, "list">,
  query: Omit<ResourceQuery, "sortBy" | "limit">,
): Promise<ResourcePage<Body>> {
  try {
    return await resources.list<Body>({ ...query, sortBy: "name", limit: pageSize });
  } catch (error) {
    if (error instanceof StoreError && error.code === "InvalidToken") throw invalidParameter("NextToken");
    throw error;
  }
}

function checkAttribute(key: string, value: string): void {
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
