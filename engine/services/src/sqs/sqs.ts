import { createRequire } from "node:module";
import type { SdkModule, ServiceDefinition } from "@rondo/wire";
import { createQueueOperations, queueConstraints } from "./queue.ts";
import type { QueueDependencies } from "./queue-resource.ts";
import { createQueueSettingsOperations } from "./queue-settings.ts";
import { createQueueTagOperations } from "./queue-tags.ts";
import { createReceiveMessage, receiveMessageConstraints } from "./receive-message.ts";
import { createSendOperations } from "./send-message.ts";
import { createSettleOperations, settleMessageConstraints } from "./settle-message.ts";

const require = createRequire(import.meta.url);

/** SQS's standard queues: every operation of it that Rondo answers. */
export function createSqsService(dependencies: QueueDependencies): ServiceDefinition {
  const queues = createQueueOperations(dependencies);
  const settings = createQueueSettingsOperations(dependencies);
  const tags = createQueueTagOperations(dependencies);
  const sending = createSendOperations(dependencies);
  const settling = createSettleOperations(dependencies);
  return {
    id: "sqs",
    signingName: "sqs",
    targetPrefix: "AmazonSQS",
    protocols: ["aws-json"],
    load: () => require("@aws-sdk/client-sqs") as SdkModule,
    client: "SQSClient",
    operations: {
      CreateQueue: queues.createQueue,
      GetQueueUrl: queues.getQueueUrl,
      GetQueueAttributes: settings.getQueueAttributes,
      SetQueueAttributes: settings.setQueueAttributes,
      ListQueues: queues.listQueues,
      DeleteQueue: queues.deleteQueue,
      PurgeQueue: queues.purgeQueue,
      TagQueue: tags.tagQueue,
      UntagQueue: tags.untagQueue,
      ListQueueTags: tags.listQueueTags,
      SendMessage: sending.sendMessage,
      SendMessageBatch: sending.sendMessageBatch,
      ReceiveMessage: createReceiveMessage(dependencies),
      DeleteMessage: settling.deleteMessage,
      DeleteMessageBatch: settling.deleteMessageBatch,
      ChangeMessageVisibility: settling.changeMessageVisibility,
      ChangeMessageVisibilityBatch: settling.changeMessageVisibilityBatch,
    },
    constraints: { ...queueConstraints, ...receiveMessageConstraints, ...settleMessageConstraints },
    validationErrorCode: "InvalidParameterValue",
    notHonoured: {
      CreateQueue:
        "Standard queues only, over the JSON protocol; Policy is stored and not enforced; encryption is refused.",
    },
  };
}
