import assert from "node:assert/strict";
import { test } from "node:test";
import { appendAlarmHistory, deleteExpiredAlarmHistory, listAlarmHistory } from "../alarms/alarm-history.ts";
import { createResources } from "../create-resources.ts";
import type { Sql } from "../sql.ts";
import { openTestSql } from "../testing/index.ts";
import { deleteExpiredQueueMessages } from "./delete-expired-queue-messages.ts";
import {
  changeQueueMessageVisibility,
  countQueueMessages,
  deleteQueueMessage,
  nextVisibleQueueMessage,
  receiveQueueMessages,
  redriveQueueMessages,
  sendQueueMessage,
} from "./queue-messages.ts";

const owner = { accountId: "111122223333", region: "eu-west-1" };
const start = new Date("2026-01-01T00:00:00Z");
const after = (seconds: number) => new Date(start.getTime() + seconds * 1000);

async function createQueue(sql: Sql, name: string): Promise<number> {
  const body = { attributes: { MessageRetentionPeriod: "60" } };
  const queue = { ...owner, type: "sqs/queue", name, arn: `arn:aws:sqs:${name}`, status: "Active", body };
  return (await createResources({ sql }).insert(queue)).id;
}

function send(sql: Sql, queueId: number, body: string, sentAt = start): Promise<string> {
  const message = { body, attributes: {}, senderId: "me", sentAt, visibleAt: sentAt };
  return sql.transaction((transaction) => sendQueueMessage(sql, transaction, { queueId, message }));
}

const receive = (sql: Sql, queueId: number, now = start, limit = 10) =>
  receiveQueueMessages(sql, {
    queueId,
    now,
    visibleAt: new Date(now.getTime() + 30_000),
    sentAfter: after(-60),
    limit,
  });

test("each message is given to one receiver, until its time is over; only the last receipt counts", async () => {
  await using sql = await openTestSql();
  const queueId = await createQueue(sql, "work");
  for (let number = 0; number < 20; number++) await send(sql, queueId, `${number}`);
  const received = (await Promise.all([receive(sql, queueId), receive(sql, queueId), receive(sql, queueId)])).flat();
  assert.equal(new Set(received.map(({ body }) => body)).size, received.length);
  assert.equal(received.length, 20);
  assert.deepEqual(await countQueueMessages(sql, { queueId, now: start }), { visible: 0, hidden: 20, delayed: 0 });
  assert.deepEqual(await nextVisibleQueueMessage(sql, { queueId, now: start }), after(30));
  const first = received[0]!;
  const [again] = (await receive(sql, queueId, after(30), 20)).filter(({ id }) => id === first.id);
  assert.equal(await deleteQueueMessage(sql, { queueId, id: first.id, receipt: first.receipt }), false);
  const change = { now: after(31), visibleAt: after(31) };
  assert.equal(
    await changeQueueMessageVisibility(sql, { queueId, id: first.id, receipt: first.receipt }, change),
    false,
  );
  assert.ok(again !== undefined);
  assert.equal(again.receivedCount, 2);
  assert.equal(await deleteQueueMessage(sql, { queueId, id: again.id, receipt: again.receipt }), true);
});

test("what was received often enough is moved, and what is too old is not received and then deleted", async () => {
  await using sql = await openTestSql();
  const queueId = await createQueue(sql, "work");
  const deadLetterQueueId = await createQueue(sql, "dead");
  await send(sql, queueId, "poison");
  await receive(sql, queueId);
  const move = { queueId, queueArn: "arn:aws:sqs:work", deadLetterQueueId, maxReceiveCount: 1 };
  assert.equal(await redriveQueueMessages(sql, { ...move, now: after(29) }), 0);
  assert.equal(await redriveQueueMessages(sql, { ...move, now: after(30) }), 1);
  assert.equal((await receive(sql, deadLetterQueueId, after(30)))[0]?.deadLetterSource, "arn:aws:sqs:work");
  await send(sql, queueId, "old", after(-61));
  await send(sql, queueId, "young", after(-59));
  assert.deepEqual(
    (await receive(sql, queueId)).map(({ body }) => body),
    ["young"],
  );
  assert.equal(await deleteExpiredQueueMessages({ sql, now: start }), 1);
});

test("the history of alarms is paged in both orders and forgotten after 30 days", async () => {
  await using sql = await openTestSql();
  const days = [1, 20, 40, 41];
  const events = days.map((day) => ({
    alarmName: day % 2 === 0 ? "even" : "odd",
    itemType: "StateUpdate" as const,
    at: after(day * 86_400),
    summary: `${day}`,
    data: {},
  }));
  await appendAlarmHistory(sql, owner, events);
  const list = async (query: object) =>
    (await listAlarmHistory(sql, { ...owner, order: "descending", limit: 10, ...query })).map(({ summary }) => summary);
  assert.deepEqual(await list({}), ["41", "40", "20", "1"]);
  assert.deepEqual(await list({ order: "ascending", alarmName: "even" }), ["20", "40"]);
  assert.deepEqual(await list({ from: after(2 * 86_400), to: after(41 * 86_400) }), ["40", "20"]);
  const [newest] = await listAlarmHistory(sql, { ...owner, order: "descending", limit: 1 });
  assert.deepEqual(await list({ after: newest }), ["40", "20", "1"]);
  assert.equal(await deleteExpiredAlarmHistory({ sql, now: after(55 * 86_400) }), 2);
  assert.deepEqual(await list({}), ["41", "40"]);
});
