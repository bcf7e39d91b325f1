import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { openTestSql } from "@rondo/store/testing";
import { createExposureLog } from "../monitoring/exposure-log.ts";
import { syncOrders } from "../orders/sync-orders.ts";
import { openTestContext } from "../testing/open-test-context.ts";
import { endExperiment, readRunningExperiment, reportExperiment, startExperiment, variantOf } from "./experiment.ts";

const TREATMENT = { revenue_weight: 0, diversity: 0.5 };

test("users are divided in halves that stay", () => {
  const experiment = { experiment_id: randomUUID() };
  const users = Array.from({ length: 2_000 }, (_, index) => `user-${index}`);
  const treated = users.filter((user) => variantOf(experiment, user) === "treatment");
  assert.ok(Math.abs(treated.length - 1_000) < 110, `${treated.length}`);
  assert.deepEqual(
    treated,
    users.filter((user) => variantOf(experiment, user) === "treatment"),
  );
});

test("what is bought after it was shown counts for its variant, and the test decides when it may", async () => {
  await using database = await openTestSql();
  const context = await openTestContext(database);
  const now = context.clock.now();
  const experiment = await startExperiment(database, { name: "variety", treatment: TREATMENT, now });
  assert.ok(experiment);
  assert.equal(await startExperiment(database, { name: "second", treatment: TREATMENT, now }), undefined);
  assert.equal((await readRunningExperiment(database))?.name, "variety");

  const log = createExposureLog(context);
  const orders = [];
  for (let user = 0; user < 1_000; user++) {
    const variant = user % 2 === 0 ? "control" : "treatment";
    const shown = {
      recommendation_id: randomUUID(),
      user_id: `u${user}`,
      variant,
      source: "cache",
      product_ids: ["A", "B"],
    } as const;
    log.add({ ...shown, shown_at: now });
    // 10 % of the control and 30 % of the treatment buy something that they saw; all buy C, which was not shown.
    const buys = user % 20 < (variant === "control" ? 2 : 6);
    orders.push({
      order_no: `${user}`,
      ordered_at: new Date(now.getTime() + 60_000).toISOString(),
      customer: { id: `u${user}` },
      lines: [buys ? "A" : "C", "D"].map((sku) => ({ sku, quantity: 2, unit_price: 3 })),
    });
  }
  await log.close();
  await syncOrders(context, orders, { delivery: "export", receivedAt: now });
  const [clicked] = await database.query<{ id: string }>(
    "select recommendation_id as id from recommendations.shown_recommendations where user_id = 'u1'",
  );
  await database.query("insert into recommendations.clicks values ($1, 'A', $2)", [clicked?.id, now]);

  const report = await reportExperiment(database, experiment);
  assert.deepEqual(
    report.variants.map(({ variant, shown, users, conversion_rate, click_through_rate, revenue }) => [
      variant,
      shown,
      users,
      conversion_rate.successes,
      click_through_rate.successes,
      revenue,
    ]),
    [
      ["control", 500, 500, 50, 0, 300],
      ["treatment", 500, 500, 150, 1, 900],
    ],
  );
  assert.ok(Math.abs(report.conversion.difference - 0.2) < 1e-12);
  assert.equal(report.conversion.isDecided, true);
  assert.equal((await endExperiment(database, now))?.name, "variety");
  assert.equal(await endExperiment(database, now), undefined);
});
