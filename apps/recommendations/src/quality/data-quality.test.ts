import assert from "node:assert/strict";
import { test } from "node:test";
import { openTestSql } from "@rondo/store/testing";
import { writeCached } from "../answers/cache.ts";
import { withDisplayScores } from "../answers/display-score.ts";
import { readFences, syncOrders } from "../orders/sync-orders.ts";
import { openTestContext } from "../testing/open-test-context.ts";
import { readDataQuality } from "./data-quality.ts";
import { measureDrift } from "./drift.ts";
import { refreshFences } from "./refresh-fences.ts";

const DAY_MS = 24 * 3_600_000;

function order(order_no: string, { daysAgo = 0, id = "1", skus = ["A"], quantity = 1 } = {}) {
  const ordered_at = new Date(Date.parse("2026-03-01T00:00:00Z") - daysAgo * DAY_MS).toISOString();
  const lines = skus.map((sku) => ({ sku, category: sku, quantity, unit_price: 1 }));
  return { order_no, ordered_at, customer: { id: id === "" ? null : id, country: "France" }, lines };
}

test("missing, double and uncovered data is counted", async () => {
  await using database = await openTestSql();
  const context = await openTestContext(database);
  const send = (...orders: ReturnType<typeof order>[]) =>
    syncOrders(context, orders, { delivery: "event", receivedAt: context.clock.now() });
  await send(
    order("1", { skus: ["A", "A", "E"] }),
    order("2", { id: "" }),
    order("3", { daysAgo: 400, id: "2", skus: ["C"] }),
  );
  const list = withDisplayScores([{ itemId: "E" }], 1);
  await database.query("update recommendations.customers set last_event_at = '-infinity'");
  await writeCached(database, "users", new Map([["1", list]]), context.clock.now());

  const quality = await readDataQuality(context);
  assert.deepEqual([quality.lines, quality.quarantined], [5, 2]);
  assert.deepEqual([quality.missing, quality.duplicate, quality.outlier], [0.2, 0.2, 0]);
  assert.deepEqual(quality.coverage, {
    products: 3,
    products_bought_recently: 2,
    recommended_share: 1 / 3,
    customers: 2,
    active_customers: 1,
    cached_share: 1,
    customers_with_one_order: 2,
  });
  assert.equal(quality.freshness.events_waiting, 3);
  assert.equal(await measureDrift(context), undefined, "too little for a distribution");
});

test("from a thousand lines on, what lies far out is an outlier", async () => {
  await using database = await openTestSql();
  const context = await openTestContext(database);
  const usual = Array.from({ length: 1_000 }, (_, index) => order(`${index}`, { quantity: 1 + (index % 8) }));
  await syncOrders(context, usual, { delivery: "export", receivedAt: context.clock.now() });
  await refreshFences(context);
  // Quartiles 2 and 6.
  assert.equal((await readFences(database)).quantity, 6 * 3 ** 3);
});

test("a change of what is bought is a shift, and so are new customers and products", async () => {
  await using database = await openTestSql();
  const context = await openTestContext(database);
  const before = Array.from({ length: 400 }, (_, index) =>
    order(`b${index}`, { daysAgo: 10 + (index % 70), id: `${index % 50}`, skus: [`P${index % 20}`] }),
  );
  const same = Array.from({ length: 400 }, (_, index) =>
    order(`s${index}`, { daysAgo: index % 6, id: `${index % 50}`, skus: [`P${index % 20}`] }),
  );
  await syncOrders(context, [...before, ...same], { delivery: "export", receivedAt: context.clock.now() });
  const calm = await measureDrift(context);
  assert.ok(calm !== undefined && calm.products.index < 0.1 && calm.products.pValue > 0.05, JSON.stringify(calm));
  assert.deepEqual(calm.cold_start, { new_customers: 0, new_products: 0 });

  const other = Array.from({ length: 400 }, (_, index) =>
    order(`o${index}`, { daysAgo: index % 6, id: `n${index % 50}`, skus: ["NEW"] }),
  );
  await syncOrders(context, other, { delivery: "export", receivedAt: context.clock.now() });
  const moved = await measureDrift(context);
  assert.ok(moved !== undefined && moved.products.index > 0.25 && moved.products.pValue < 0.001);
  assert.deepEqual(moved.cold_start, { new_customers: 0.5, new_products: 0.5 });
});
