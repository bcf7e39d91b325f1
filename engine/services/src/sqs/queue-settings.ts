import type {
  GetQueueAttributesRequest,
  GetQueueAttributesResult,
  SetQueueAttributesRequest,
} from "@aws-sdk/client-sqs";
import { countQueueMessages } from "@rondo/store";
import type { Caller } from "@rondo/wire";
import { queueType } from "./queue-arn.ts";
import { definedAttributes, readQueueAttributes } from "./queue-attributes.ts";
import type { QueueBody } from "./queue-body.ts";
import { type QueueDependencies, queueDoesNotExist, requireQueue } from "./queue-resource.ts";

/** GetQueueAttributes and SetQueueAttributes. */
export function createQueueSettingsOperations({ sql, resources, clock }: QueueDependencies) {
  return {
    async getQueueAttributes(input: GetQueueAttributesRequest, caller: Caller): Promise<GetQueueAttributesResult> {
      const queue = await requireQueue(resources, caller, input.QueueUrl);
      const { visible, hidden, delayed } = await countQueueMessages(sql, { queueId: queue.id, now: clock.now() });
      const all: Readonly<Record<string, string>> = {
        ...queue.body.attributes,
        QueueArn: queue.arn,
        ApproximateNumberOfMessages: String(visible),
        ApproximateNumberOfMessagesNotVisible: String(hidden),
        ApproximateNumberOfMessagesDelayed: String(delayed),
        CreatedTimestamp: seconds(queue.createdAt),
        LastModifiedTimestamp: seconds(queue.updatedAt),
      };
      const names: readonly string[] = input.AttributeNames ?? [];
      const wanted = Object.entries(all).filter(([name]) => names.includes("All") || names.includes(name));
      return { Attributes: Object.fromEntries(wanted) };
    },
    async setQueueAttributes(input: SetQueueAttributesRequest, caller: Caller): Promise<object> {
      const { name } = await requireQueue(resources, caller, input.QueueUrl);
      await sql.transaction(async (transaction) => {
        const queue = await resources.findForUpdate<QueueBody>(caller, queueType, name, transaction);
        if (queue === undefined) throw queueDoesNotExist();
        const attributes = readQueueAttributes(
          definedAttributes(input.Attributes ?? {}),
          caller,
          queue.body.attributes,
        );
        await resources.update(queue, { body: { ...queue.body, attributes } }, transaction);
      });
      return {};
    },
  };
}

function seconds(time: Date): string {
  return String(Math.floor(time.getTime() / 1000));
}
