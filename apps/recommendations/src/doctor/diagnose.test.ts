import assert from "node:assert/strict";
import { test } from "node:test";
import { openTestSql } from "@rondo/store/testing";
import { writeCached } from "../answers/cache.ts";
import { withDisplayScores } from "../answers/display-score.ts";
import { writeFact } from "../database/facts.ts";
import { createAnswerMeter } from "../monitoring/answer-meter.ts";
import { syncOrders } from "../orders/sync-orders.ts";
import { beginRun } from "../runs/run-store.ts";
import { openTestContext, type TestContext } from "../testing/open-test-context.ts";
import { diagnose } from "./diagnose.ts";
import { diagnoseRecommendations } from "./diagnose-recommendations.ts";

async function takeOrder(context: TestContext): Promise<void> {
  const order = {
    order_no: "1",
    ordered_at: "2026-03-01T09:00:00Z",
    customer: { id: "ann", country: "France" },
    lines: [
      { sku: "P1", quantity: 1, unit_price: 1 },
      { sku: null, quantity: 1, unit_price: 1 },
      { sku: null, quantity: 1, unit_price: 1 },
    ],
  };
  await syncOrders(context, [order], { delivery: "event", receivedAt: context.clock.now() });
}

test("every trouble of the list is found and comes with what to do", async () => {
  await using database = await openTestSql();
  const context = await openTestContext(database);
  const empty = await diagnose(context);
  assert.ok(empty.some(({ name, state }) => name === "orders" && state === "error"));

  await takeOrder(context);
  await writeFact(database, "tracker", { trackingId: "t", eventTrackerArn: "a" });
  const kind = { name: "training", begin: () => ({ state: {}, step: "train" }) } as const;
  await beginRun(database, kind, { reason: "asked for", now: context.clock.now() });
  await database.query("update recommendations.runs set status = 'Failed', failure_reason = 'Too few interactions.'");
  const meter = createAnswerMeter(context);
  meter.record({ route: "user", source: "popular", milliseconds: 3 });
  meter.record({ route: "user", source: "cache", milliseconds: 700 });
  meter.record({ route: "user", source: "failed", milliseconds: 3 });
  await meter.close();
  context.wait(61_000);

  const found = (await diagnose(context)).filter(({ state }) => state !== "ok");
  assert.deepEqual(
    found.map(({ name }) => name),
    [
      "run training",
      "orders",
      "events",
      "campaigns",
      "cache of users",
      "cache of items",
      "regions",
      "hit rate",
      "latency",
      "failures",
    ],
  );
  for (const { name, advice } of found) assert.ok(advice !== undefined, name);
  assert.match(found[0]?.detail ?? "", /Too few interactions/);
});

test("a shop in order is in order", async () => {
  await using database = await openTestSql();
  const context = await openTestContext(database, { settings: { regionSampleSize: 1 } });
  await takeOrder(context);
  await database.query("delete from recommendations.quarantine");
  await database.query("delete from recommendations.event_outbox");
  await database.query("update recommendations.customers set last_event_at = '-infinity'");
  await writeFact(database, "tracker", { trackingId: "t", eventTrackerArn: "a" });
  await writeFact(database, "campaigns", { "user-personalization": "u", "similar-items": "s", ranking: "r" });
  const list = withDisplayScores([{ itemId: "P1" }], 1);
  await writeCached(database, "users", new Map([["ann", list]]), context.clock.now());
  await writeCached(database, "items", new Map([["P2", list]]), context.clock.now());
  assert.deepEqual(
    (await diagnose(context)).filter(({ state }) => state !== "ok"),
    [],
  );
});

test("without a database, or before the first start, the doctor says so", async () => {
  const [none] = await diagnoseRecommendations({});
  assert.deepEqual([none?.name, none?.state], ["database", "error"]);
  await using database = await openTestSql();
  const [before] = await diagnoseRecommendations({ database });
  assert.deepEqual([before?.name, before?.state], ["database", "warning"]);
});
