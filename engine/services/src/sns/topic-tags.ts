import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  TagResourceRequest,
  UntagResourceRequest,
} from "@aws-sdk/client-sns";
import type { Resource, SqlConnection } from "@rondo/store";
import { awsError, type Caller } from "@rondo/wire";
import { deleteResourceTags, readResourceTags, writeResourceTags } from "../resource-tags.ts";
import { parseTopicArn, topicType } from "./topic-arn.ts";
import type { TopicDependencies } from "./topic-resource.ts";

const maxTags = 50;

/** Adds tags; TagLimitExceeded beyond the 50 that a topic may have. */
export async function writeTopicTags(
  connection: SqlConnection,
  topic: Pick<Resource, "id">,
  tags: ReadonlyMap<string, string>,
): Promise<void> {
  if ((await writeResourceTags(connection, topic.id, tags)) > maxTags)
    throw awsError("TagLimitExceededException", `Could not complete request: tag quota of per resource exceeded`);
}

/** TagResource, UntagResource and ListTagsForResource, of topics. */
export function createTopicTagOperations({ sql, resources }: TopicDependencies) {
  async function requireTagged(caller: Caller, arn = ""): Promise<Pick<Resource, "id">> {
    const ref = parseTopicArn(arn);
    const topic = ref && (await resources.find(caller, topicType, ref.name));
    if (topic?.arn !== arn || topic === undefined)
      throw awsError("ResourceNotFoundException", "Resource does not exist");
    return topic;
  }
  return {
    async tagResource(input: TagResourceRequest, caller: Caller): Promise<object> {
      const topic = await requireTagged(caller, input.ResourceArn);
      const tags = new Map((input.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
      await sql.transaction((transaction) => writeTopicTags(transaction, topic, tags));
      return {};
    },
    async untagResource(input: UntagResourceRequest, caller: Caller): Promise<object> {
      await deleteResourceTags(sql, (await requireTagged(caller, input.ResourceArn)).id, input.TagKeys ?? []);
      return {};
    },
    async listTagsForResource(input: ListTagsForResourceRequest, caller: Caller): Promise<ListTagsForResourceResponse> {
      return { Tags: await readResourceTags(sql, (await requireTagged(caller, input.ResourceArn)).id) };
    },
  };
}
