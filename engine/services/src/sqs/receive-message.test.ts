import assert from "node:assert/strict";
import { test } from "node:test";
import { createResources, sendQueueMessage } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import type { RequestContext } from "@rondo/wire";
import { queueArn, queueType } from "./queue-arn.ts";
import { defaultQueueAttributes } from "./queue-body.ts";
import { createReceiveMessage } from "./receive-message.ts";

const owner = { accountId: "111122223333", region: "eu-west-1" };
const caller = { ...owner, accessKeyId: "AKIA", arn: "arn:aws:iam::111122223333:root" };
const start = new Date("2026-01-01T00:00:00Z");

test("a long poll gets a message that comes back between its look and its wait", async () => {
  await using sql = await openTestSql();
  // Each reading is 100 ms after the one before, so the message comes back right after the first look.
  let readings = 0;
  const clock = { now: () => new Date(start.getTime() + 100 * readings++) };
  const resources = createResources({ sql, clock: { now: () => start } });
  const { id: queueId } = await resources.insert({
    ...owner,
    type: queueType,
    name: "work",
    arn: queueArn(owner, "work"),
    status: "Active",
    body: { attributes: defaultQueueAttributes },
  });
  const visibleAt = new Date(start.getTime() + 150);
  const message = { body: "back", attributes: {}, senderId: "me", sentAt: start, visibleAt };
  await sql.transaction((transaction) => sendQueueMessage(sql, transaction, { queueId, message }));
  const receive = createReceiveMessage({ sql, resources, clock });
  const input = { QueueUrl: `http://localhost/${owner.accountId}/work`, WaitTimeSeconds: 20 };
  const signal = AbortSignal.timeout(5_000);
  const { Messages } = await receive(input, caller, { signal } as RequestContext);
  assert.equal(Messages?.[0]?.Body, "back");
  assert.ok(!signal.aborted);
});
