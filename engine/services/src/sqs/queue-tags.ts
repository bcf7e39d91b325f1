import type {
  ListQueueTagsRequest,
  ListQueueTagsResult,
  TagQueueRequest,
  UntagQueueRequest,
} from "@aws-sdk/client-sqs";
import { awsError, type Caller } from "@rondo/wire";
import { deleteResourceTags, readResourceTags, writeResourceTags } from "../resource-tags.ts";
import { type QueueDependencies, requireQueue } from "./queue-resource.ts";

const maxTags = 50;

/** TagQueue, UntagQueue and ListQueueTags. */
export function createQueueTagOperations({ sql, resources }: QueueDependencies) {
  return {
    async tagQueue(input: TagQueueRequest, caller: Caller): Promise<object> {
      const { id } = await requireQueue(resources, caller, input.QueueUrl);
      await sql.transaction(async (transaction) => {
        if ((await writeResourceTags(transaction, id, new Map(Object.entries(input.Tags ?? {})))) > maxTags)
          throw awsError("InvalidParameterValue", `Too many tags for a queue: at most ${maxTags}.`);
      });
      return {};
    },
    async untagQueue(input: UntagQueueRequest, caller: Caller): Promise<object> {
      const { id } = await requireQueue(resources, caller, input.QueueUrl);
      await deleteResourceTags(sql, id, input.TagKeys ?? []);
      return {};
    },
    async listQueueTags(input: ListQueueTagsRequest, caller: Caller): Promise<ListQueueTagsResult> {
      const { id } = await requireQueue(resources, caller, input.QueueUrl);
      const tags = await readResourceTags(sql, id);
      return { Tags: Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])) };
    },
  };
}
