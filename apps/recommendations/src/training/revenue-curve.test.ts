import assert from "node:assert/strict";
import { test } from "node:test";
import { openTestSql } from "@rondo/store/testing";
import { syncOrders } from "../orders/sync-orders.ts";
import { openTestContext } from "../testing/open-test-context.ts";
import { measureRevenueCurve } from "./revenue-curve.ts";

test("the price of the slider is measured on what was bought", async () => {
  await using database = await openTestSql();
  const context = await openTestContext(database);
  const lines = Array.from({ length: 20 }, (_, index) => ({ sku: `P${index}`, quantity: 1, unit_price: index + 1 }));
  const order = { order_no: "1", ordered_at: "2026-02-01T00:00:00Z", customer: { id: 1 }, lines };
  await syncOrders(context, [order], { delivery: "export", receivedAt: context.clock.now() });
  // The cheapest is first and bought by all; the dearest is last and bought by one of ten.
  const recommended = lines.map(({ sku }) => sku);
  const lists = Array.from({ length: 40 }, (_, index) => ({
    recommended,
    wanted: new Set(index % 10 === 0 ? ["P0", "P19"] : ["P0"]),
  }));
  const curve = await measureRevenueCurve(database, lists, 1);
  const [none] = curve;
  const all = curve.at(-1);
  assert.deepEqual([none?.revenue_weight, none?.revenue_at_10.mean], [0, 1]);
  assert.deepEqual([all?.revenue_weight, all?.revenue_at_10.mean], [1, 2]);
  assert.ok((none?.ndcg_at_10.mean ?? 0) > 0.9 && (all?.ndcg_at_10.mean ?? 1) < 0.1);
  assert.ok(all !== undefined && all.revenue_at_10.low < 2 && all.revenue_at_10.high > 2);
});
