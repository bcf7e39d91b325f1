import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createControlLoop } from "@rondo/control";
import { createManualClock, type ManualClock, testReconcile } from "@rondo/control/testing";
import { createResources, type Resources, type Sql, silentLogger } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import { queueArn, queueType } from "../sqs/queue-arn.ts";
import { defaultQueueAttributes } from "../sqs/queue-body.ts";
import { createDeliveryKind } from "./delivery-kind.ts";
import { createPublisher } from "./publisher.ts";
import type { SubscriptionAttributes, SubscriptionBody, SubscriptionProtocol } from "./subscription-body.ts";
import { deliveryType, subscriptionType, topicArn, topicType } from "./topic-arn.ts";

const owner = { accountId: "111122223333", region: "eu-west-1" };
const topic = topicArn(owner, "news");
const deadLetters = queueArn(owner, "dead");
const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: deadLetters });

/** Answers what the test says, and keeps what it was sent. */
async function startEndpoint(answer: (count: number) => number | "never" = () => 200) {
  const messageIds: string[] = [];
  const server = createServer((request, response) => {
    messageIds.push(String(request.headers["x-amz-sns-message-id"]));
    request.resume();
    const status = answer(messageIds.length);
    if (status !== "never") response.writeHead(status, { location: "http://127.0.0.1:1/elsewhere" }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    messageIds,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function kindOf(dependencies: { sql: Sql; resources: Resources; clock: ManualClock }, allowsPrivate = true) {
  return createDeliveryKind({
    ...dependencies,
    logger: silentLogger,
    mailer: { send: () => Promise.reject(new Error("There are no mails in these tests")) },
    addresses: { allowsPrivate },
    url: () => "http://rondo.test",
  });
}

async function createTopic(resources: Resources): Promise<void> {
  await resources.insert({
    ...owner,
    type: topicType,
    name: "news",
    arn: topic,
    status: "Active",
    body: { attributes: {} },
  });
  const body = { attributes: defaultQueueAttributes };
  await resources.insert({ ...owner, type: queueType, name: "dead", arn: deadLetters, status: "Active", body });
}

let subscriptions = 0;

async function subscribe(
  resources: Resources,
  endpoint: string,
  attributes: SubscriptionAttributes = {},
  protocol: SubscriptionProtocol = "http",
): Promise<void> {
  subscriptions += 1;
  const id = `00000000-0000-8000-a000-${String(subscriptions).padStart(12, "0")}`;
  const secrets = { token: "t", unsubscribeToken: "u", wasAuthenticated: true, authenticatesUnsubscribe: false };
  const body: SubscriptionBody = { protocol, endpoint, attributes, ...secrets };
  await resources.insert({
    ...owner,
    type: subscriptionType,
    name: `news/${id}`,
    arn: `${topic}:${id}`,
    status: "Confirmed",
    body,
  });
}

async function openDeliveries({ allowsPrivate = true }: { readonly allowsPrivate?: boolean } = {}) {
  const sql = await openTestSql();
  const clock = createManualClock();
  const resources = createResources({ sql, clock });
  const kind = kindOf({ sql, resources, clock }, allowsPrivate);
  const loop = createControlLoop({ resources, kinds: [kind as never], clock, concurrency: 8, stopGraceMs: 100 });
  const publisher = createPublisher({ resources, clock });
  await createTopic(resources);
  await loop.start();
  return {
    clock,
    loop,
    subscribe: (endpoint: string, attributes?: SubscriptionAttributes, protocol?: SubscriptionProtocol) =>
      subscribe(resources, endpoint, attributes, protocol),
    async publish(message = "hello"): Promise<void> {
      const prepared = await publisher.prepare(topic, { message, attributes: {} });
      await sql.transaction(async (transaction) => void (await prepared?.(transaction)));
    },
    waiting: async () => (await sql.query("select id from resource where type = $1", [deliveryType])).length,
    deadLetters: () => readMessages(sql),
    async [Symbol.asyncDispose]() {
      await loop.stop();
      await sql[Symbol.asyncDispose]();
    },
  };
}

async function readMessages(sql: Sql) {
  return await sql.query<{ body: string; attributes: Record<string, { Value: string }> }>(
    "select body, message_attributes as attributes from sqs_message order by id",
  );
}

test("a failed delivery is tried again after 20 seconds, three times", async () => {
  await using endpoint = await startEndpoint((count) => (count < 4 ? 500 : 200));
  await using deliveries = await openDeliveries();
  await deliveries.subscribe(endpoint.url);
  await deliveries.publish();
  for (const attempts of [1, 2, 3, 4]) {
    await deliveries.loop.idle();
    assert.equal(endpoint.messageIds.length, attempts);
    deliveries.clock.advance(19_000);
    await deliveries.loop.idle();
    assert.equal(endpoint.messageIds.length, attempts);
    deliveries.clock.advance(1000);
  }
  assert.equal(new Set(endpoint.messageIds).size, 1);
  assert.equal(await deliveries.waiting(), 0);
  assert.deepEqual(await deliveries.deadLetters(), []);
});

test("what cannot be delivered goes to the dead-letter queue with the reason", async () => {
  await using endpoint = await startEndpoint(() => 503);
  await using deliveries = await openDeliveries();
  const DeliveryPolicy = JSON.stringify({
    healthyRetryPolicy: { numRetries: 2, minDelayTarget: 1, maxDelayTarget: 5 },
  });
  await deliveries.subscribe(endpoint.url, { RedrivePolicy, DeliveryPolicy });
  await deliveries.publish("important");
  await deliveries.loop.idle();
  deliveries.clock.advance(1000);
  await deliveries.loop.idle();
  assert.equal(endpoint.messageIds.length, 2);
  deliveries.clock.advance(5000);
  await deliveries.loop.idle();
  const [letter, ...others] = await deliveries.deadLetters();
  assert.equal(others.length, 0);
  assert.equal((JSON.parse(letter?.body ?? "{}") as { Message: string }).Message, "important");
  assert.equal(letter?.attributes.ErrorCode?.Value, "503");
  assert.equal(await deliveries.waiting(), 0);
});

test("a message for a queue that is gone is dead too", async () => {
  await using deliveries = await openDeliveries();
  await deliveries.subscribe(queueArn(owner, "gone"), { RedrivePolicy }, "sqs");
  await deliveries.publish("important");
  await deliveries.loop.idle();
  const [letter, ...others] = await deliveries.deadLetters();
  assert.equal(others.length, 0);
  assert.equal(letter?.attributes.ErrorCode?.Value, "AWS.SimpleQueueService.NonExistentQueue");
  assert.equal(await deliveries.waiting(), 0);
});

test("a refusal is not tried again, and a redirect is not followed", async () => {
  await using refusing = await startEndpoint(() => 404);
  await using redirecting = await startEndpoint(() => 302);
  await using deliveries = await openDeliveries();
  await deliveries.subscribe(refusing.url, { RedrivePolicy });
  await deliveries.subscribe(redirecting.url);
  await deliveries.publish();
  await deliveries.loop.idle();
  assert.equal((await deliveries.deadLetters()).length, 1);
  assert.equal(await deliveries.waiting(), 1);
});

test("private addresses are not reached where that is forbidden", async () => {
  await using endpoint = await startEndpoint();
  await using deliveries = await openDeliveries({ allowsPrivate: false });
  await deliveries.subscribe(endpoint.url, { RedrivePolicy });
  await deliveries.subscribe(endpoint.url.replace("127.0.0.1", "localhost"), { RedrivePolicy });
  await deliveries.publish();
  await deliveries.loop.idle();
  assert.deepEqual(endpoint.messageIds, []);
  const letters = await deliveries.deadLetters();
  assert.deepEqual(
    letters.map(({ attributes }) => attributes.ErrorCode?.Value),
    ["ForbiddenAddress", "ForbiddenAddress"],
  );
});

test("a subscriber that does not answer keeps the others not waiting", async () => {
  await using silent = await startEndpoint(() => "never");
  await using endpoint = await startEndpoint();
  await using deliveries = await openDeliveries();
  await deliveries.subscribe(silent.url);
  await deliveries.subscribe(endpoint.url);
  for (let message = 0; message < 30; message++) await deliveries.publish(`${message}`);
  for (const deadline = Date.now() + 10_000; endpoint.messageIds.length < 30; await sleep(10)) {
    assert.ok(Date.now() < deadline, `${endpoint.messageIds.length} of 30 arrived`);
    deliveries.clock.advance(100);
  }
  assert.ok(silent.messageIds.length <= 4);
});

testReconcile({
  name: "a delivery by http",
  crashPoints: ["delivery-sent"],
  async createWorld({ resources, clock, sql }) {
    const endpoint = await startEndpoint((count) => (count === 1 ? 500 : 200));
    await createTopic(resources);
    subscriptions = 0;
    await subscribe(resources, endpoint.url);
    const name = "message/news/00000000-0000-8000-a000-000000000001";
    return {
      kind: kindOf({ sql, resources, clock }) as never,
      resource: deliveryRow(name),
      observe: () => [...new Set(endpoint.messageIds)],
      close: () => endpoint[Symbol.asyncDispose](),
    };
  },
});

testReconcile({
  name: "a delivery to a queue",
  crashPoints: [],
  async createWorld({ resources, clock, sql }) {
    await createTopic(resources);
    subscriptions = 0;
    await subscribe(resources, deadLetters, { RawMessageDelivery: "true" }, "sqs");
    return {
      kind: kindOf({ sql, resources, clock }) as never,
      resource: deliveryRow("message/news/00000000-0000-8000-a000-000000000001"),
      observe: async () => (await readMessages(sql)).map(({ body }) => body),
    };
  },
});

function deliveryRow(name: string) {
  return {
    ...owner,
    type: deliveryType,
    name,
    arn: topic,
    status: "Pending",
    body: {
      kind: "Notification",
      messageId: "message",
      topicArn: topic,
      subscription: name.slice("message/".length),
      publishedAt: "2026-01-01T00:00:00.000Z",
      message: "hello",
      attributes: {},
      failures: 0,
    },
    due: "now",
  } as const;
}
