import type {
  CreateQueueRequest,
  CreateQueueResult,
  DeleteQueueRequest,
  GetQueueUrlRequest,
  GetQueueUrlResult,
  ListQueuesRequest,
  ListQueuesResult,
  PurgeQueueRequest,
} from "@aws-sdk/client-sqs";
import { purgeQueueMessages, StoreError } from "@rondo/store";
import { awsError, type Caller, type Constraints, type RequestContext } from "@rondo/wire";
import { writeResourceTags } from "../resource-tags.ts";
import { queueArn, queueType } from "./queue-arn.ts";
import { definedAttributes, readQueueAttributes } from "./queue-attributes.ts";
import type { QueueBody } from "./queue-body.ts";
import { type QueueDependencies, queueDoesNotExist, requireQueue } from "./queue-resource.ts";

export const queueConstraints: Constraints = {
  "ListQueuesRequest.MaxResults": { min: 1, max: 1000 },
};

/** Queues themselves. Standard queues only. */
export function createQueueOperations({ sql, resources }: QueueDependencies) {
  /** The same queue again is no error, unless it is asked for with other attributes. */
  async function createQueue(
    input: CreateQueueRequest,
    caller: Caller,
    request: RequestContext,
  ): Promise<CreateQueueResult> {
    const { QueueName: name = "", Attributes = {} } = input;
    if (name.endsWith(".fifo")) throw awsError("InvalidParameterValue", "Rondo has standard queues only.");
    if (!/^[\w-]{1,80}$/.test(name))
      throw awsError(
        "InvalidParameterValue",
        "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
      );
    const given = definedAttributes(Attributes);
    const body: QueueBody = { attributes: readQueueAttributes(given, caller) };
    const { accountId, region } = caller;
    try {
      await sql.transaction(async (transaction) => {
        const queue = await resources.insert<QueueBody>(
          { accountId, region, type: queueType, name, arn: queueArn(caller, name), status: "Active", body },
          transaction,
        );
        await writeResourceTags(transaction, queue.id, new Map(Object.entries(input.tags ?? {})));
      });
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== "AlreadyExists") throw error;
      const known = await requireQueue(resources, caller, queueUrl(request, caller, name));
      const differing = Object.keys(given)
        .filter((key) => key !== "FifoQueue")
        .find((key) => Reflect.get(known.body.attributes, key) !== given[key]);
      if (differing !== undefined)
        throw awsError(
          "QueueNameExists",
          `A queue already exists with the same name and a different value for attribute ${differing}`,
        );
    }
    return { QueueUrl: queueUrl(request, caller, name) };
  }

  return {
    createQueue,
    async getQueueUrl(input: GetQueueUrlRequest, caller: Caller, request: RequestContext): Promise<GetQueueUrlResult> {
      const { QueueName: name = "", QueueOwnerAWSAccountId: owner = caller.accountId } = input;
      const queue = owner === caller.accountId ? await resources.find(caller, queueType, name) : undefined;
      if (queue === undefined) throw queueDoesNotExist();
      return { QueueUrl: queueUrl(request, caller, name) };
    },
    async listQueues(input: ListQueuesRequest, caller: Caller, request: RequestContext): Promise<ListQueuesResult> {
      const { accountId, region } = caller;
      const { QueueNamePrefix: namePrefix, NextToken: nextToken, MaxResults: limit = 1000 } = input;
      const query = { accountId, region, type: queueType, namePrefix, limit, nextToken, sortBy: "name" } as const;
      const page = await resources.list<QueueBody>(query).catch((error: unknown) => {
        if (!(error instanceof StoreError) || error.code !== "InvalidToken") throw error;
        throw awsError("InvalidParameterValue", "Invalid or expired next token.");
      });
      const QueueUrls = page.resources.map(({ name }) => queueUrl(request, caller, name));
      // Without MaxResults SQS does not page.
      return { QueueUrls, NextToken: input.MaxResults === undefined ? undefined : page.nextToken };
    },
    async deleteQueue(input: DeleteQueueRequest, caller: Caller): Promise<object> {
      await resources.delete(await requireQueue(resources, caller, input.QueueUrl));
      return {};
    },
    async purgeQueue(input: PurgeQueueRequest, caller: Caller): Promise<object> {
      await purgeQueueMessages(sql, (await requireQueue(resources, caller, input.QueueUrl)).id);
      return {};
    },
  };
}

function queueUrl({ origin }: RequestContext, { accountId }: Caller, name: string): string {
  return `${origin}/${accountId}/${name}`;
}
