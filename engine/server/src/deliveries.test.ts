import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  ListSubscriptionsByTopicCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import { startTestServer } from "./testing/start-test-server.ts";

const deadlineMs = 20_000;

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly document: Readonly<Record<string, unknown>>;
}

/** An HTTP subscriber that keeps what it gets. */
async function startSubscriber() {
  const received: Received[] = [];
  const statuses: number[] = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request.setEncoding("utf8")) text += String(chunk);
    const document = text.startsWith("{") ? (JSON.parse(text) as Record<string, unknown>) : {};
    received.push({ headers: request.headers, text, document });
    response.writeHead(statuses.shift() ?? 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    async next(count: number): Promise<Received> {
      await until(() => received.length >= count);
      return received[count - 1] as Received;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + deadlineMs; !(await isTrue()); await sleep(10)) {
    assert.ok(Date.now() < deadline, "It did not happen in time");
  }
}

async function startTopic() {
  const server = await startTestServer();
  const sns = new SNSClient(server.clientConfig);
  const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: "news" }));
  const subscriptions = async () =>
    (await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions ?? [];
  return {
    server,
    sns,
    TopicArn,
    subscriptions,
    async [Symbol.asyncDispose]() {
      sns.destroy();
      await server.close();
    },
  };
}

test("an http subscriber confirms by the link, gets messages as JSON, and leaves by the link", async () => {
  await using subscriber = await startSubscriber();
  await using topic = await startTopic();
  const { sns, TopicArn } = topic;
  await sns.send(new PublishCommand({ TopicArn, Message: "too early" }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "http", Endpoint: subscriber.url }));
  const { headers, document } = await subscriber.next(1);
  assert.equal(headers["x-amz-sns-message-type"], "SubscriptionConfirmation");
  assert.equal(headers["x-amz-sns-topic-arn"], TopicArn);
  assert.equal(document.Type, "SubscriptionConfirmation");
  assert.equal((await fetch(String(document.SubscribeURL).replace(/Token=\w{8}/, "Token=00000000"))).status, 404);
  await sns.send(new PublishCommand({ TopicArn, Message: "not confirmed yet" }));
  assert.equal((await fetch(String(document.SubscribeURL))).status, 200);
  const [subscription] = await topic.subscriptions();
  const { MessageId } = await sns.send(
    new PublishCommand({
      TopicArn,
      Message: "hello",
      Subject: "greeting",
      MessageAttributes: { kind: { DataType: "String", StringValue: "a" } },
    }),
  );
  const notification = await subscriber.next(2);
  assert.equal(notification.headers["x-amz-sns-subscription-arn"], subscription?.SubscriptionArn);
  const { UnsubscribeURL, Timestamp: _, ...rest } = notification.document;
  assert.deepEqual(rest, {
    Type: "Notification",
    MessageId,
    TopicArn,
    Subject: "greeting",
    Message: "hello",
    MessageAttributes: { kind: { Type: "String", Value: "a" } },
  });
  assert.equal((await fetch(String(UnsubscribeURL))).status, 200);
  assert.deepEqual(await topic.subscriptions(), []);
});

test("raw delivery, a filter and a message for each protocol", async () => {
  await using subscriber = await startSubscriber();
  await using topic = await startTopic();
  const { sns, TopicArn } = topic;
  const Attributes = { RawMessageDelivery: "true", FilterPolicy: '{"price":[{"numeric":[">",10]}]}' };
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "http", Endpoint: subscriber.url, Attributes }));
  const { document } = await subscriber.next(1);
  await sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token: String(document.Token) }));
  const publish = (price: string) =>
    sns.send(
      new PublishCommand({
        TopicArn,
        MessageStructure: "json",
        Message: JSON.stringify({ default: "for others", http: `costs ${price}` }),
        MessageAttributes: { price: { DataType: "Number", StringValue: price } },
      }),
    );
  await publish("5");
  await publish("15");
  const { text, headers } = await subscriber.next(2);
  assert.equal(text, "costs 15");
  assert.equal(headers["x-amz-sns-rawdelivery"], "true");
});

test("mails are files, with a link that confirms", async () => {
  await using topic = await startTopic();
  const { sns, TopicArn, server } = topic;
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "email", Endpoint: "ann@example.org" }));
  const folder = join(server.home, "mail");
  const mails = async (): Promise<string[]> =>
    (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".eml")).sort();
  const read = async (index: number): Promise<string> => {
    await until(async () => (await mails()).length > index);
    return (await readFile(join(folder, (await mails())[index] ?? ""), "utf8"))
      .replaceAll("=\r\n", "")
      .replaceAll("=3D", "=");
  };
  const confirmation = await read(0);
  assert.match(confirmation, /^To: ann@example\.org\r$/m);
  assert.equal((await fetch(/http:\S+/.exec(confirmation)?.[0] ?? "")).status, 200);
  await sns.send(new PublishCommand({ TopicArn, Message: "grüße", Subject: "hello" }));
  const mail = await read(1);
  assert.match(mail, /^Subject: hello\r$/m);
  assert.match(mail, /gr=C3=BC=C3=9Fe/);
});

test("an alarm's topic tells its subscribers", async () => {
  await using subscriber = await startSubscriber();
  await using topic = await startTopic();
  const { sns, TopicArn, server } = topic;
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "http", Endpoint: subscriber.url }));
  const { document } = await subscriber.next(1);
  await fetch(String(document.SubscribeURL));
  const cloudWatch = new CloudWatchClient(server.clientConfig);
  await cloudWatch.send(
    new PutMetricAlarmCommand({
      AlarmName: "errors",
      Namespace: "app",
      MetricName: "Errors",
      Statistic: "Sum",
      Period: 10,
      EvaluationPeriods: 1,
      Threshold: 0.5,
      ComparisonOperator: "GreaterThanThreshold",
      AlarmActions: [TopicArn],
    }),
  );
  await cloudWatch.send(
    new SetAlarmStateCommand({ AlarmName: "errors", StateValue: "ALARM", StateReason: "an exercise" }),
  );
  const notification = await subscriber.next(2);
  assert.equal(notification.document.Subject, 'ALARM: "errors" in US East (N. Virginia)');
  const alarm = JSON.parse(String(notification.document.Message)) as Record<string, unknown>;
  assert.equal(alarm.NewStateReason, "an exercise");
  assert.equal(alarm.OldStateValue, "INSUFFICIENT_DATA");
  cloudWatch.destroy();
});
