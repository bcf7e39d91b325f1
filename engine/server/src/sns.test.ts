import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  PublishBatchCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import { startTestServer } from "./testing/start-test-server.ts";

async function startSns() {
  const server = await startTestServer();
  const sns = new SNSClient(server.clientConfig);
  const topic = async (Name: string): Promise<string> =>
    (await sns.send(new CreateTopicCommand({ Name }))).TopicArn ?? "";
  return {
    sns,
    topic,
    async [Symbol.asyncDispose]() {
      sns.destroy();
      await server.close();
    },
  };
}

const refused = (name: string, message: RegExp) => (error: Error) => error.name === name && message.test(error.message);

test("a topic is made once, described, listed and deleted", async () => {
  await using service = await startSns();
  const { sns } = service;
  const created = await sns.send(
    new CreateTopicCommand({ Name: "news", Attributes: { DisplayName: "News" }, Tags: [{ Key: "a", Value: "b" }] }),
  );
  const TopicArn = created.TopicArn ?? "";
  assert.match(TopicArn, /^arn:aws:sns:us-east-1:\d{12}:news$/);
  assert.equal(await service.topic("news"), TopicArn);
  await assert.rejects(
    sns.send(new CreateTopicCommand({ Name: "news", Attributes: { DisplayName: "Other" } })),
    refused("InvalidParameterException", /already exists with different attributes/),
  );
  await assert.rejects(
    sns.send(new CreateTopicCommand({ Name: "x.fifo" })),
    refused("InvalidParameterException", /standard/),
  );
  const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
  assert.equal(Attributes?.DisplayName, "News");
  assert.equal(Attributes?.SubscriptionsConfirmed, "0");
  const { Tags } = await sns.send(new ListTagsForResourceCommand({ ResourceArn: TopicArn }));
  assert.deepEqual(Tags, [{ Key: "a", Value: "b" }]);
  assert.deepEqual((await sns.send(new ListTopicsCommand())).Topics, [{ TopicArn }]);
  await sns.send(new DeleteTopicCommand({ TopicArn }));
  await sns.send(new DeleteTopicCommand({ TopicArn }));
  await assert.rejects(
    sns.send(new PublishCommand({ TopicArn, Message: "x" })),
    refused("NotFoundException", /does not exist/),
  );
});

test("a subscription is made once, changed and ended", async () => {
  await using service = await startSns();
  const { sns } = service;
  const TopicArn = await service.topic("news");
  const input = { TopicArn, Protocol: "email", Endpoint: "a@example.org" };
  const first = await sns.send(new SubscribeCommand(input));
  assert.equal(first.SubscriptionArn, "pending confirmation");
  const { SubscriptionArn } = await sns.send(new SubscribeCommand({ ...input, ReturnSubscriptionArn: true }));
  const { Subscriptions } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
  assert.equal(Subscriptions?.length, 1);
  assert.equal(Subscriptions?.[0]?.SubscriptionArn, "PendingConfirmation");
  const set = (AttributeName: string, AttributeValue: string) =>
    sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }));
  await set("FilterPolicy", '{"kind":["a"]}');
  await assert.rejects(set("FilterPolicy", '{"kind":"a"}'), refused("InvalidParameterException", /must be an array/));
  await assert.rejects(set("RawMessageDelivery", "true"), refused("InvalidParameterException", /raw message delivery/));
  await assert.rejects(set("Nonsense", "true"), refused("InvalidParameterException", /Nonsense/));
  const { Attributes } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
  assert.equal(Attributes?.FilterPolicy, '{"kind":["a"]}');
  assert.equal(Attributes?.PendingConfirmation, "true");
  await set("FilterPolicy", "{}");
  const after = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
  assert.equal(after.Attributes?.FilterPolicy, undefined);
  for (const [Protocol, Endpoint] of [
    ["lambda", "arn:aws:lambda:x"],
    ["https", "http://localhost/"],
    ["email", "nobody"],
    ["sqs", "queue"],
  ] as const) {
    await assert.rejects(
      sns.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint })),
      refused("InvalidParameterException", /./),
    );
  }
  await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
  await assert.rejects(
    sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn })),
    refused("NotFoundException", /Subscription does not exist/),
  );
});

test("nothing can be sent into what belongs to others", async () => {
  await using service = await startSns();
  const { sns } = service;
  const TopicArn = await service.topic("news");
  const subscribe = (Protocol: string, Endpoint: string, Attributes = {}) =>
    sns.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint, Attributes }));
  const foreign = "arn:aws:sqs:us-east-1:999999999999:letters";
  await assert.rejects(subscribe("sqs", foreign), refused("InvalidParameterException", /account and region/));
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: foreign });
  await assert.rejects(
    subscribe("email", "a@example.org", { RedrivePolicy }),
    refused("InvalidParameterException", /account and region/),
  );
});

test("messages are checked before they are accepted", async () => {
  await using service = await startSns();
  const { sns } = service;
  const TopicArn = await service.topic("news");
  const { MessageId } = await sns.send(new PublishCommand({ TopicArn, Message: "hello", Subject: "s" }));
  assert.match(MessageId ?? "", /^[0-9a-f-]{36}$/);
  const bad = async (input: object, message: RegExp) =>
    assert.rejects(sns.send(new PublishCommand({ TopicArn, Message: "m", ...input })), (error: Error) =>
      message.test(`${error.name}: ${error.message}`),
    );
  await bad({ Message: "x".repeat(256 * 1024 + 1) }, /too long/);
  await bad({ Subject: "a\nb" }, /Subject/);
  await bad({ MessageStructure: "json" }, /failed to parse/);
  await bad({ MessageStructure: "json", Message: '{"http":"x"}' }, /No default entry/);
  await bad({ MessageAttributes: { a: { DataType: "Number", StringValue: "x" } } }, /number/);
  await bad({ MessageAttributes: { a: { DataType: "Thing", StringValue: "x" } } }, /invalid message attribute type/);
  const large = { DataType: "String", StringValue: "x".repeat(200 * 1024) };
  await bad({ Message: "x".repeat(100 * 1024), MessageAttributes: { large } }, /too long/);
  const entries = ["1", "2"].map((Id) => ({ Id, Message: "m", MessageAttributes: { large } }));
  await assert.rejects(
    sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: entries })),
    refused("BatchRequestTooLongException", /limit/),
  );
  await bad({ TopicArn: undefined, PhoneNumber: "+1" }, /text messages/);
  const batch = await sns.send(
    new PublishBatchCommand({
      TopicArn,
      PublishBatchRequestEntries: [
        { Id: "1", Message: "a" },
        { Id: "2", Message: "b", Subject: "\n" },
      ],
    }),
  );
  assert.deepEqual(
    batch.Successful?.map(({ Id }) => Id),
    ["1"],
  );
  assert.deepEqual(
    batch.Failed?.map(({ Id, Code }) => [Id, Code]),
    [["2", "InvalidParameter"]],
  );
});
