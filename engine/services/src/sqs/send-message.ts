import { createHash } from "node:crypto";
import type {
  SendMessageBatchRequest,
  SendMessageBatchRequestEntry,
  SendMessageBatchResult,
  SendMessageRequest,
  SendMessageResult,
} from "@aws-sdk/client-sqs";
import { type NewQueueMessage, type Resource, sendQueueMessage } from "@rondo/store";
import { awsError, type Caller } from "@rondo/wire";
import { messageBytes } from "../message-size.ts";
import { runBatch } from "./message-batch.ts";
import type { QueueBody } from "./queue-body.ts";
import { md5OfAttributes, readQueueMessageAttributes } from "./queue-message-attributes.ts";
import { type QueueDependencies, requireQueue } from "./queue-resource.ts";

const maxDelaySeconds = 900;
const maxBatchBytes = 1_048_576;

type Message = Omit<SendMessageBatchRequestEntry, "Id">;

/** SendMessage and SendMessageBatch. */
export function createSendOperations({ sql, resources, clock }: QueueDependencies) {
  async function send(queue: Resource<QueueBody>, input: Message, caller: Caller) {
    const message = readMessage(queue, input, { now: clock.now(), senderId: caller.accessKeyId });
    const MessageId = await sql.transaction((transaction) =>
      sendQueueMessage(sql, transaction, { queueId: queue.id, message }),
    );
    return {
      MessageId,
      MD5OfMessageBody: createHash("md5").update(message.body).digest("hex"),
      MD5OfMessageAttributes: md5OfAttributes(message.attributes),
    };
  }

  return {
    async sendMessage(input: SendMessageRequest, caller: Caller): Promise<SendMessageResult> {
      return await send(await requireQueue(resources, caller, input.QueueUrl), input, caller);
    },
    async sendMessageBatch(input: SendMessageBatchRequest, caller: Caller): Promise<SendMessageBatchResult> {
      const queue = await requireQueue(resources, caller, input.QueueUrl);
      const entries = input.Entries ?? [];
      const bytes = entries
        .map(({ MessageBody, MessageAttributes }) => messageBytes(MessageBody, MessageAttributes))
        .reduce((sum, size) => sum + size, 0);
      if (bytes > maxBatchBytes)
        throw awsError(
          "BatchRequestTooLong",
          `Batch requests cannot be longer than ${maxBatchBytes} bytes. You have sent ${bytes} bytes.`,
        );
      return await runBatch(entries, async (entry) => ({ Id: entry.Id, ...(await send(queue, entry, caller)) }));
    },
  };
}

function readMessage(
  queue: Resource<QueueBody>,
  input: Message,
  { now, senderId }: { readonly now: Date; readonly senderId: string },
): NewQueueMessage {
  const { MessageBody: body = "", DelaySeconds: delay = Number(queue.body.attributes.DelaySeconds) } = input;
  if (body === "")
    throw awsError("InvalidParameterValue", "The request must contain a message body of at least one character.");
  if (/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(body))
    throw awsError(
      "InvalidMessageContents",
      "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF",
    );
  if (input.MessageDeduplicationId !== undefined)
    throw awsError("InvalidParameterValue", "MessageDeduplicationId is not valid for a standard queue.");
  if (Object.keys(input.MessageSystemAttributes ?? {}).length > 0)
    throw awsError("InvalidParameterValue", "Rondo does not take MessageSystemAttributes.");
  if (delay < 0 || delay > maxDelaySeconds)
    throw awsError(
      "InvalidParameterValue",
      `Value ${delay} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`,
    );
  const attributes = readQueueMessageAttributes(input.MessageAttributes ?? {});
  const most = Number(queue.body.attributes.MaximumMessageSize);
  if (messageBytes(body, input.MessageAttributes) > most)
    throw awsError(
      "InvalidParameterValue",
      `One or more parameters are invalid. Reason: Message must be shorter than ${most} bytes.`,
    );
  return { body, attributes, senderId, sentAt: now, visibleAt: new Date(now.getTime() + delay * 1000) };
}
