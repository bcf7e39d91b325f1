import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startTestServer, type TestServer } from "@rondo/server/testing";
import { createInfrastructure } from "../infrastructure/create-infrastructure.ts";
import { call, callUntil } from "../testing/call.ts";
import { openGateTo } from "../testing/gate-to.ts";
import { type DeliveredMessage, subscribeByHttp } from "../testing/http-subscriber.ts";
import { openTestContext, type TestContext } from "../testing/test-context.ts";
import { startService } from "../web/start-service.ts";
import { notificationService } from "./notification-service.ts";
import type { Notification } from "./notification-store.ts";
import { sendNotification } from "./send-notification.ts";

interface Notified {
  readonly notification_id: string;
  readonly stored_in: string;
  readonly error?: { readonly message: string };
}

let server: TestServer;
let topicArn = "";

before(async () => {
  server = await startTestServer();
  await using context = await openTestContext(server.clientConfig);
  topicArn = (await createInfrastructure(context)).topicArns.training;
});
after(() => server.close());

function start(context: TestContext) {
  return startService(notificationService, context, { host: "127.0.0.1", port: 0, portSetting: "PORT" });
}

/** Messages that carry one of the ids, once there are so many. */
async function delivered(messages: readonly DeliveredMessage[], ids: readonly string[]): Promise<string[]> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const found = messages
      .map(({ MessageAttributes }) => MessageAttributes.notification_id?.Value ?? "")
      .filter((id) => ids.includes(id));
    if (found.length >= ids.length || Date.now() > deadline) return found.sort();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("a notification is published with its attributes, and once for one id", async () => {
  await using context = await openTestContext(server.clientConfig);
  await using service = await start(context);
  await using subscriber = await subscribeByHttp(context, topicArn);
  const notification_id = randomUUID();
  const body = {
    subject: "Model 3 is in service",
    message: "0.87",
    event_type: "retraining-deployed",
    notification_id,
  };
  const first = await call<Notified>(`${service.url}/notify`, body);
  assert.equal(first.status, 201);
  await sendNotification(service.url, body);
  const last = await call<Notified>(`${service.url}/notify`, { subject: "Another", message: "end" });
  const ids = [notification_id, last.body.notification_id];
  assert.deepEqual(await delivered(subscriber.messages, ids), [...ids].sort());
  const message = subscriber.messages.find(({ Subject }) => Subject === body.subject);
  assert.equal(message?.Message, "0.87");
  assert.equal(message?.MessageAttributes.event_type?.Value, "retraining-deployed");
});

test("asked for twice at once, and waiting twice in the file, a notification is published once", async () => {
  await using gate = await openGateTo(server.url);
  await using direct = await openTestContext(server.clientConfig);
  await using context = await openTestContext({ ...server.clientConfig, endpoint: gate.url });
  await using service = await start(context);
  await using subscriber = await subscribeByHttp(direct, topicArn);
  const twice = async () => {
    const body = { subject: "Twice", message: "asked for", notification_id: randomUUID() };
    await Promise.all([sendNotification(service.url, body), sendNotification(service.url, body)]);
    return body.notification_id;
  };
  const present = await twice();
  await gate.close();
  const away = await twice();
  await gate.open();
  await callUntil<{ pending: number }>(`${service.url}/health`, ({ pending }) => pending === 0);
  const last = await call<Notified>(`${service.url}/notify`, { subject: "Last", message: "end" });
  await delivered(subscriber.messages, [present, away, last.body.notification_id]);
  assert.equal(subscriber.messages.filter(({ Subject }) => Subject === "Twice").length, 2);
});

test("what SNS has taken is published, also where the table does not take the note of it", async () => {
  await using context = await openTestContext(server.clientConfig);
  const names = { ...context.names, tables: { ...context.names.tables, notifications: "no-such-table" } };
  await using service = await start({ ...context, names });
  const answer = await call<Notified>(`${service.url}/notify`, { subject: "Noted nowhere", message: "a" });
  assert.equal(answer.status, 201);
  assert.equal(context.faults.length, 1);
});

test("while SNS is away notifications wait in notifications.json and are published once it is back, each once", async () => {
  await using gate = await openGateTo(server.url);
  await using direct = await openTestContext(server.clientConfig);
  await using context = await openTestContext({ ...server.clientConfig, endpoint: gate.url });
  await using service = await start(context);
  await using subscriber = await subscribeByHttp(direct, topicArn);
  await gate.close();
  const answers = await Promise.all(
    [1, 2, 3].map((number) =>
      call<Notified>(`${service.url}/notify`, { subject: `Number ${number}`, message: "away" }),
    ),
  );
  assert.ok(answers.every(({ status, body }) => status === 202 && body.stored_in === "fallback"));
  await gate.open();
  await callUntil<{ pending: number }>(`${service.url}/health`, ({ pending }) => pending === 0);
  const ids = answers.map(({ body }) => body.notification_id).sort();
  assert.deepEqual(await delivered(subscriber.messages, ids), ids);
});

test("a replay that a kill repeats does not publish again what is noted as published", async () => {
  await using context = await openTestContext(server.clientConfig);
  await using subscriber = await subscribeByHttp(context, topicArn);
  const notification: Notification = {
    notification_id: randomUUID(),
    timestamp: new Date(0).toISOString(),
    topic: "model-training-notifications",
    event_type: "message",
    subject: "Once",
    message: "only",
  };
  const file = join(context.settings.fallbackDirectory, "notifications.json");
  let last = "";
  for (const _ of [1, 2]) {
    // The second round is what a kill after the note and before the file's removal leaves.
    await appendFile(file, `${JSON.stringify(notification)}\n`);
    await using service = await start(context);
    await callUntil<{ pending: number }>(`${service.url}/health`, ({ pending }) => pending === 0);
    last = (await call<Notified>(`${service.url}/notify`, { subject: "Last", message: "one" })).body.notification_id;
  }
  await delivered(subscriber.messages, [last]);
  assert.equal(subscriber.messages.filter(({ Subject }) => Subject === "Once").length, 1);
});

for (const [what, body, message] of [
  ["no message", { subject: "a" }, /required property 'message'/],
  ["a subject that no e-mail can have", { subject: "größer", message: "a" }, /subject must match pattern/],
  ["another topic", { subject: "a", message: "a", topic: "news" }, /topic must be equal to one of/],
] as const) {
  test(`${what} is a 400 that says so`, async () => {
    await using context = await openTestContext(server.clientConfig);
    await using service = await start(context);
    const answer = await call<Notified>(`${service.url}/notify`, body);
    assert.equal(answer.status, 400);
    assert.match(answer.body.error?.message ?? "", message);
  });
}
