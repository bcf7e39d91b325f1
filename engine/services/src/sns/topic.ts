import type {
  CreateTopicInput,
  CreateTopicResponse,
  DeleteTopicInput,
  ListTopicsInput,
  ListTopicsResponse,
} from "@aws-sdk/client-sns";
import { StoreError } from "@rondo/store";
import type { Caller, Constraints } from "@rondo/wire";
import { readResourceTags } from "../resource-tags.ts";
import { invalidParameter } from "./sns-error.ts";
import type { TopicBody } from "./subscription-body.ts";
import { parseTopicArn, subscriptionType, topicArn, topicType } from "./topic-arn.ts";
import { checkTopicAttribute } from "./topic-attributes.ts";
import { listSns, requireTopic, type TopicDependencies } from "./topic-resource.ts";
import { writeTopicTags } from "./topic-tags.ts";

export const topicConstraints: Constraints = {
  "Tag.Key": { min: 1, max: 128 },
  "Tag.Value": { max: 256 },
};

/** Creating, listing and deleting topics. Standard topics only. */
export function createTopicOperations({ sql, resources }: TopicDependencies) {
  /** The same topic again is no error, unless it is asked for with other attributes or tags. */
  async function createTopic(input: CreateTopicInput, caller: Caller): Promise<CreateTopicResponse> {
    const { Name: name = "", Attributes: attributes = {} } = input;
    if (name.endsWith(".fifo") || attributes.FifoTopic === "true")
      throw invalidParameter("FifoTopic Reason: Rondo has standard topics only");
    if (!/^[\w-]{1,256}$/.test(name)) throw invalidParameter("Topic Name");
    if (input.DataProtectionPolicy !== undefined)
      throw invalidParameter("DataProtectionPolicy Reason: Rondo has no data protection policies");
    for (const [key, value] of Object.entries(attributes)) checkTopicAttribute(key, value);
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

  return { createTopic, deleteTopic, listTopics };
}
