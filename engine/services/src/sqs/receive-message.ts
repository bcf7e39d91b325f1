import { createHash } from "node:crypto";
import type { Message, ReceiveMessageRequest, ReceiveMessageResult } from "@aws-sdk/client-sqs";
import {
  listenForQueueMessages,
  nextVisibleQueueMessage,
  type ReceivedQueueMessage,
  type Resource,
  receiveQueueMessages,
  redriveQueueMessages,
} from "@rondo/store";
import type { Caller, Constraints, RequestContext } from "@rondo/wire";
import { parseQueueArn, queueType } from "./queue-arn.ts";
import { readRedriveRule } from "./queue-attributes.ts";
import type { QueueBody } from "./queue-body.ts";
import { md5OfAttributes, selectAttributes, writeQueueMessageAttributes } from "./queue-message-attributes.ts";
import { type QueueDependencies, requireQueue } from "./queue-resource.ts";
import { writeReceiptHandle } from "./receipt-handle.ts";

export const receiveMessageConstraints: Constraints = {
  "ReceiveMessageRequest.MaxNumberOfMessages": { min: 1, max: 10 },
  "ReceiveMessageRequest.WaitTimeSeconds": { min: 0, max: 20 },
  "ReceiveMessageRequest.VisibilityTimeout": { min: 0, max: 43_200 },
};

/**
 * ReceiveMessage. A long poll waits for the word that a message was sent and for the moment at which a hidden one comes back: it holds no connection to the
 * database and asks it only then.
 */
export function createReceiveMessage(dependencies: QueueDependencies) {
  const { sql, resources, clock } = dependencies;
  return async function receiveMessage(
    input: ReceiveMessageRequest,
    caller: Caller,
    { signal }: RequestContext,
  ): Promise<ReceiveMessageResult> {
    const queue = await requireQueue(resources, caller, input.QueueUrl);
    const { WaitTimeSeconds = Number(queue.body.attributes.ReceiveMessageWaitTimeSeconds) } = input;
    const describe = (messages: readonly ReceivedQueueMessage[]): ReceiveMessageResult => ({
      Messages: messages.length === 0 ? undefined : messages.map((message) => describeMessage(message, input)),
    });
    if (WaitTimeSeconds === 0) return describe(await take(dependencies, queue, input, clock.now()));
    const until = clock.now().getTime() + WaitTimeSeconds * 1000;
    const bell = createBell();
    await using _listener = await listenForQueueMessages(sql, queue.id, bell.ring);
    while (true) {
      const now = clock.now();
      const messages = await take(dependencies, queue, input, now);
      if (messages.length > 0 || now.getTime() >= until || signal.aborted) return describe(messages);
      // As of the same moment: what comes back in between would be in neither.
      const next = await nextVisibleQueueMessage(sql, { queueId: queue.id, now });
      const wakeAt = Math.min(until, next?.getTime() ?? until);
      await bell.wait(Math.max(1, wakeAt - clock.now().getTime()), signal);
    }
  };
}

async function take(
  { sql, resources }: Pick<QueueDependencies, "sql" | "resources">,
  queue: Resource<QueueBody>,
  input: ReceiveMessageRequest,
  now: Date,
): Promise<ReceivedQueueMessage[]> {
  const { RedrivePolicy, MessageRetentionPeriod, VisibilityTimeout } = queue.body.attributes;
  if (RedrivePolicy !== undefined) {
    const { deadLetterTargetArn, maxReceiveCount } = readRedriveRule(RedrivePolicy);
    const ref = parseQueueArn(deadLetterTargetArn);
    const target = ref && (await resources.find<QueueBody>(ref.owner, queueType, ref.name));
    if (target !== undefined) {
      const move = { queueId: queue.id, queueArn: queue.arn, deadLetterQueueId: target.id, maxReceiveCount, now };
      await redriveQueueMessages(sql, move);
    }
  }
  const hiddenSeconds = input.VisibilityTimeout ?? Number(VisibilityTimeout);
  return await receiveQueueMessages(sql, {
    queueId: queue.id,
    now,
    visibleAt: new Date(now.getTime() + hiddenSeconds * 1000),
    sentAfter: new Date(now.getTime() - Number(MessageRetentionPeriod) * 1000),
    limit: input.MaxNumberOfMessages ?? 1,
  });
}

function describeMessage(message: ReceivedQueueMessage, input: ReceiveMessageRequest): Message {
  const system: Readonly<Record<string, string>> = {
    SenderId: message.senderId,
    SentTimestamp: String(message.sentAt.getTime()),
    ApproximateReceiveCount: String(message.receivedCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt.getTime()),
    ...(message.deadLetterSource !== null && { DeadLetterQueueSourceArn: message.deadLetterSource }),
  };
  const names: readonly string[] = [...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])];
  const wanted = Object.entries(system).filter(([name]) => names.includes("All") || names.includes(name));
  const attributes = selectAttributes(message.attributes, input.MessageAttributeNames ?? []);
  const hasAttributes = Object.keys(attributes).length > 0;
  return {
    MessageId: message.messageId,
    ReceiptHandle: writeReceiptHandle(message),
    Body: message.body,
    MD5OfBody: createHash("md5").update(message.body).digest("hex"),
    ...(wanted.length > 0 && { Attributes: Object.fromEntries(wanted) }),
    ...(hasAttributes && {
      MessageAttributes: writeQueueMessageAttributes(attributes),
      MD5OfMessageAttributes: md5OfAttributes(attributes),
    }),
  };
}

/** A wait that a ring ends, also one that came just before it. */
function createBell() {
  let isRung = false;
  let wake: (() => void) | undefined;
  return {
    ring(): void {
      isRung = true;
      wake?.();
    },
    async wait(milliseconds: number, signal: AbortSignal): Promise<void> {
      if (!isRung) {
        await new Promise<void>((resolve) => {
          const end = (): void => {
            clearTimeout(timer);
            signal.removeEventListener("abort", end);
            resolve();
          };
          const timer = setTimeout(end, milliseconds);
          signal.addEventListener("abort", end);
          wake = end;
        });
      }
      isRung = false;
      wake = undefined;
    },
  };
}
