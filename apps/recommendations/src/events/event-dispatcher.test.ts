import assert from "node:assert/strict";
import { test } from "node:test";
import type { PutEventsCommand, PutEventsCommandInput } from "@aws-sdk/client-personalize-events";
import { openTestSql } from "@rondo/store/testing";
import { writeFact } from "../database/facts.ts";
import { migrate } from "../database/migrate.ts";
import { syncOrders } from "../orders/sync-orders.ts";
import { type DispatcherContext, sendOutbox } from "./event-dispatcher.ts";
import { readOutbox } from "./outbox.ts";

const signal = new AbortController().signal;

/** A client that notes what it is asked, and fails as often as it is told. */
function createEventsClient(failures: Error[]) {
  const calls: PutEventsCommandInput[] = [];
  const send = async (command: PutEventsCommand) => {
    const failure = failures.shift();
    if (failure !== undefined) throw failure;
    calls.push(command.input);
    return { $metadata: {} };
  };
  return { calls, client: { send } as unknown as DispatcherContext["events"] };
}

async function openOutbox(failures: Error[] = []) {
  const database = await openTestSql();
  await migrate(database);
  let now = Date.parse("2026-03-01T10:00:00Z");
  const { calls, client } = createEventsClient(failures);
  const context: DispatcherContext = {
    database,
    events: client,
    clock: { now: () => new Date(now) },
    settings: { trackingId: undefined },
    onFault: (error) => assert.fail(String(error)),
  };
  const lines = Array.from({ length: 12 }, (_, index) => ({ sku: `P${index}`, quantity: index + 1, unit_price: 1 }));
  await syncOrders(
    { database, settings: { nonProducts: [] } },
    [{ order_no: "1", ordered_at: "2026-03-01T09:59:59Z", customer: { id: "7" }, lines }],
    { delivery: "event", receivedAt: new Date(now) },
  );
  return {
    database,
    calls,
    send: () => sendOutbox(context, signal),
    wait: (ms: number) => (now += ms),
    [Symbol.asyncDispose]: () => database.close(),
  };
}

const TRACKER = { trackingId: "tracker", eventTrackerArn: "arn" };

test("events wait for a tracker, then leave in calls of ten with the order as session", async () => {
  await using outbox = await openOutbox();
  assert.equal(await outbox.send(), 0);
  assert.equal((await readOutbox(outbox.database)).waiting, 12);

  await writeFact(outbox.database, "tracker", TRACKER);
  assert.equal(await outbox.send(), 12);
  assert.deepEqual(
    outbox.calls.map(({ trackingId, userId, sessionId, eventList }) => [
      trackingId,
      userId,
      sessionId,
      eventList?.length,
    ]),
    [
      ["tracker", "7", "1", 10],
      ["tracker", "7", "1", 2],
    ],
  );
  assert.deepEqual(outbox.calls[0]?.eventList?.[1], {
    eventId: "1:2",
    eventType: "purchase",
    eventValue: 2,
    itemId: "P1",
    sentAt: new Date("2026-03-01T09:59:59Z"),
  });
  assert.equal((await readOutbox(outbox.database)).waiting, 0);
  const [customer] = await outbox.database.query<{ last_event_at: Date }>(
    "select last_event_at from recommendations.customers",
  );
  assert.deepEqual(customer?.last_event_at, new Date("2026-03-01T10:00:00Z"));
});

test("what was not taken stays and is sent again, the sooner the likelier that it helps", async () => {
  const away = Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
  await using outbox = await openOutbox([away, new Error("The tracker is gone.")]);
  await writeFact(outbox.database, "tracker", TRACKER);
  assert.equal(await outbox.send(), 0);
  assert.deepEqual(await readOutbox(outbox.database).then(({ waiting, last_error }) => [waiting, last_error]), [
    12,
    "socket hang up",
  ]);
  outbox.wait(2_000);
  assert.equal(await outbox.send(), 10, "the call that met the network's fault");
  outbox.wait(58_000);
  assert.equal(await outbox.send(), 2);
  const ids = outbox.calls.flatMap(({ eventList }) => eventList?.map(({ eventId }) => eventId));
  assert.equal(new Set(ids).size, 12);
});
