import type {
  ChangeMessageVisibilityBatchRequest,
  ChangeMessageVisibilityBatchResult,
  ChangeMessageVisibilityRequest,
  DeleteMessageBatchRequest,
  DeleteMessageBatchResult,
  DeleteMessageRequest,
} from "@aws-sdk/client-sqs";
import { changeQueueMessageVisibility, deleteQueueMessage, type Resource } from "@rondo/store";
import { awsError, type Caller, type Constraints } from "@rondo/wire";
import { runBatch } from "./message-batch.ts";
import { type QueueDependencies, requireQueue } from "./queue-resource.ts";
import { readReceiptHandle } from "./receipt-handle.ts";

export const settleMessageConstraints: Constraints = {
  "ChangeMessageVisibilityRequest.VisibilityTimeout": { min: 0, max: 43_200 },
  "ChangeMessageVisibilityBatchRequestEntry.VisibilityTimeout": { min: 0, max: 43_200 },
};

/** DeleteMessage and ChangeMessageVisibility, alone and in batches. */
export function createSettleOperations({ sql, resources, clock }: QueueDependencies) {
  /** Deleting what is gone, or what another has received by now, is no error, as with SQS. */
  async function remove({ id: queueId }: Pick<Resource, "id">, handle: string | undefined): Promise<void> {
    await deleteQueueMessage(sql, { queueId, ...readReceiptHandle(handle) });
  }

  async function change(
    { id: queueId }: Pick<Resource, "id">,
    handle: string | undefined,
    seconds: number,
  ): Promise<void> {
    const now = clock.now();
    const visibleAt = new Date(now.getTime() + seconds * 1000);
    if (await changeQueueMessageVisibility(sql, { queueId, ...readReceiptHandle(handle) }, { now, visibleAt })) return;
    throw awsError(
      "InvalidParameterValue",
      `Value ${handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
    );
  }

  return {
    async deleteMessage(input: DeleteMessageRequest, caller: Caller): Promise<object> {
      await remove(await requireQueue(resources, caller, input.QueueUrl), input.ReceiptHandle);
      return {};
    },
    async deleteMessageBatch(input: DeleteMessageBatchRequest, caller: Caller): Promise<DeleteMessageBatchResult> {
      const queue = await requireQueue(resources, caller, input.QueueUrl);
      return await runBatch(input.Entries ?? [], async ({ Id, ReceiptHandle }) => {
        await remove(queue, ReceiptHandle);
        return { Id };
      });
    },
    async changeMessageVisibility(input: ChangeMessageVisibilityRequest, caller: Caller): Promise<object> {
      const queue = await requireQueue(resources, caller, input.QueueUrl);
      await change(queue, input.ReceiptHandle, input.VisibilityTimeout ?? 0);
      return {};
    },
    async changeMessageVisibilityBatch(
      input: ChangeMessageVisibilityBatchRequest,
      caller: Caller,
    ): Promise<ChangeMessageVisibilityBatchResult> {
      const queue = await requireQueue(resources, caller, input.QueueUrl);
      return await runBatch(input.Entries ?? [], async ({ Id, ReceiptHandle, VisibilityTimeout = 0 }) => {
        await change(queue, ReceiptHandle, VisibilityTimeout);
        return { Id };
      });
    },
  };
}
