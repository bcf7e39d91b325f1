import assert from "node:assert/strict";
import { test } from "node:test";
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  type Message,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { startTestServer } from "./testing/start-test-server.ts";

async function startSqs() {
  const server = await startTestServer();
  const sqs = new SQSClient(server.clientConfig);
  return {
    server,
    sqs,
    async queue(QueueName: string, Attributes: Record<string, string> = {}): Promise<string> {
      return (await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? "";
    },
    async receive(QueueUrl: string, options: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> {
      const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...options });
      return (await sqs.send(command)).Messages ?? [];
    },
    async attribute(
      QueueUrl: string,
      name: "QueueArn" | "ApproximateNumberOfMessages" | "ApproximateNumberOfMessagesNotVisible",
    ) {
      const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [name] }));
      return Attributes?.[name];
    },
    async [Symbol.asyncDispose]() {
      sqs.destroy();
      await server.close();
    },
  };
}

test("a message is sent, hidden while it is worked on, and deleted", async () => {
  await using service = await startSqs();
  const { sqs } = service;
  const QueueUrl = await service.queue("work");
  const sent = await sqs.send(
    new SendMessageCommand({
      QueueUrl,
      MessageBody: "grüße",
      MessageAttributes: {
        kind: { DataType: "String", StringValue: "a" },
        bytes: { DataType: "Binary", BinaryValue: Uint8Array.of(1, 2, 3) },
      },
    }),
  );
  const [message, ...others] = await service.receive(QueueUrl, {
    MessageAttributeNames: ["All"],
    MessageSystemAttributeNames: ["All"],
  });
  assert.equal(others.length, 0);
  assert.equal(message?.Body, "grüße");
  assert.equal(message.MessageId, sent.MessageId);
  assert.equal(message.MD5OfBody, sent.MD5OfMessageBody);
  assert.equal(message.MD5OfMessageAttributes, sent.MD5OfMessageAttributes);
  assert.deepEqual([...(message.MessageAttributes?.bytes?.BinaryValue ?? [])], [1, 2, 3]);
  assert.equal(message.Attributes?.ApproximateReceiveCount, "1");
  assert.deepEqual(await service.receive(QueueUrl), []);
  assert.equal(await service.attribute(QueueUrl, "ApproximateNumberOfMessagesNotVisible"), "1");
  const { ReceiptHandle } = message;
  await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
  const [again] = await service.receive(QueueUrl, { AttributeNames: ["All"] });
  assert.equal(again?.Attributes?.ApproximateReceiveCount, "2");
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  assert.equal(await service.attribute(QueueUrl, "ApproximateNumberOfMessagesNotVisible"), "1");
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: again?.ReceiptHandle }));
  assert.equal(await service.attribute(QueueUrl, "ApproximateNumberOfMessagesNotVisible"), "0");
});

test("a long poll ends with the message that it waited for, sent or come back", async () => {
  await using service = await startSqs();
  const { sqs } = service;
  const QueueUrl = await service.queue("work", { ReceiveMessageWaitTimeSeconds: "20" });
  const waiting = service.receive(QueueUrl, { VisibilityTimeout: 1 });
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "now" }));
  assert.deepEqual(
    (await waiting).map(({ Body }) => Body),
    ["now"],
  );
  assert.deepEqual(
    (await service.receive(QueueUrl)).map(({ Body }) => Body),
    ["now"],
  );
});

test("what was received too often goes to the dead-letter queue", async () => {
  await using service = await startSqs();
  const { sqs } = service;
  const dead = await service.queue("dead");
  const deadLetterTargetArn = await service.attribute(dead, "QueueArn");
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 });
  const QueueUrl = await service.queue("work", { RedrivePolicy, VisibilityTimeout: "0" });
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "poison" }));
  const foreign = JSON.stringify({
    deadLetterTargetArn: "arn:aws:sqs:us-east-1:999999999999:dead",
    maxReceiveCount: 2,
  });
  await assert.rejects(
    sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { RedrivePolicy: foreign } })),
    /Dead-letter target owner should be same as the source/,
  );
  for (const expected of [1, 1, 0]) assert.equal((await service.receive(QueueUrl)).length, expected);
  const [letter] = await service.receive(dead, { MessageSystemAttributeNames: ["DeadLetterQueueSourceArn"] });
  assert.equal(letter?.Body, "poison");
  assert.equal(letter.Attributes?.DeadLetterQueueSourceArn, await service.attribute(QueueUrl, "QueueArn"));
});

test("batches list what succeeded and what was refused", async () => {
  await using service = await startSqs();
  const { sqs } = service;
  const QueueUrl = await service.queue("work");
  const sent = await sqs.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: [
        { Id: "a", MessageBody: "1" },
        { Id: "b", MessageBody: "\u0000" },
        { Id: "c", MessageBody: "3", DelaySeconds: 900 },
      ],
    }),
  );
  assert.deepEqual(
    sent.Successful?.map(({ Id }) => Id),
    ["a", "c"],
  );
  assert.deepEqual(
    sent.Failed?.map(({ Id, Code }) => [Id, Code]),
    [["b", "InvalidMessageContents"]],
  );
  const large = { DataType: "String", StringValue: "x".repeat(200 * 1024) };
  const Entries = ["1", "2", "3", "4", "5", "6"].map((Id) => ({
    Id,
    MessageBody: "m",
    MessageAttributes: { large },
  }));
  await assert.rejects(sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries })), { name: "BatchRequestTooLong" });
  const [message, ...others] = await service.receive(QueueUrl);
  assert.equal(others.length, 0);
  const deleted = await sqs.send(
    new DeleteMessageBatchCommand({
      QueueUrl,
      Entries: [
        { Id: "a", ReceiptHandle: message?.ReceiptHandle },
        { Id: "x", ReceiptHandle: "nonsense" },
      ],
    }),
  );
  assert.deepEqual(
    deleted.Successful?.map(({ Id }) => Id),
    ["a"],
  );
  assert.deepEqual(
    deleted.Failed?.map(({ Code }) => Code),
    ["ReceiptHandleIsInvalid"],
  );
});

test("queues are made once, found, changed, emptied and deleted", async () => {
  await using service = await startSqs();
  const { sqs } = service;
  const QueueUrl = await service.queue("work", { VisibilityTimeout: "60" });
  assert.equal(await service.queue("work"), QueueUrl);
  await assert.rejects(service.queue("work", { VisibilityTimeout: "61" }), { name: "QueueNameExists" });
  await assert.rejects(service.queue("work.fifo"), /standard queues only/);
  await assert.rejects(service.queue("other", { VisibilityTimeout: "-1" }), { name: "InvalidAttributeValue" });
  await assert.rejects(service.queue("other", { KmsMasterKeyId: "key" }), { name: "InvalidAttributeName" });
  assert.equal((await sqs.send(new GetQueueUrlCommand({ QueueName: "work" }))).QueueUrl, QueueUrl);
  assert.deepEqual((await sqs.send(new ListQueuesCommand({ QueueNamePrefix: "wo" }))).QueueUrls, [QueueUrl]);
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: "5" } }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "x" }));
  await sqs.send(new PurgeQueueCommand({ QueueUrl }));
  assert.equal(await service.attribute(QueueUrl, "ApproximateNumberOfMessages"), "0");
  await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  await assert.rejects(sqs.send(new GetQueueUrlCommand({ QueueName: "work" })), { name: "QueueDoesNotExist" });
});

test("a topic's message reaches a queue", async () => {
  await using service = await startSqs();
  const sns = new SNSClient(service.server.clientConfig);
  const QueueUrl = await service.queue("work");
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "news" }));
  const Endpoint = await service.attribute(QueueUrl, "QueueArn");
  const { SubscriptionArn } = await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint }));
  assert.match(SubscriptionArn ?? "", /^arn:aws:sns:/);
  await sns.send(new PublishCommand({ TopicArn, Message: "hello" }));
  const [message] = await service.receive(QueueUrl, { WaitTimeSeconds: 20 });
  const document = JSON.parse(message?.Body ?? "{}") as Record<string, unknown>;
  assert.equal(document.Type, "Notification");
  assert.equal(document.Message, "hello");
  sns.destroy();
});
