import assert from "node:assert/strict";
import { test } from "node:test";
import { openTestSql } from "@rondo/store/testing";
import { writeCached } from "../answers/cache.ts";
import { withDisplayScores } from "../answers/display-score.ts";
import { syncOrders } from "../orders/sync-orders.ts";
import { openTestContext } from "../testing/open-test-context.ts";
import { drawSample } from "./region-sample.ts";
import { listRegions, readRegionalView } from "./regional-view.ts";

const OPTIONS = { listLength: 10, limit: 10 };

/** 80 active customers of one region, of whom the first 40 are recommended A and all B, and one who has not bought for years. */
async function openRegion() {
  const database = await openTestSql();
  const context = await openTestContext(database);
  const order = (id: string, ordered_at: string) => ({
    order_no: `order-${id}`,
    ordered_at,
    customer: { id, country: "France" },
    lines: [{ sku: "A", name: "Lantern", quantity: 1, unit_price: 1 }],
  });
  const ids = Array.from({ length: 80 }, (_, index) => `user-${index}`);
  const orders = [...ids.map((id) => order(id, "2026-02-20T00:00:00Z")), order("gone", "2020-01-01T00:00:00Z")];
  await syncOrders(context, orders, { delivery: "export", receivedAt: context.clock.now() });
  const lists = ids.map((id, index) => {
    const items = index < 40 ? ["A", "B"] : ["B"];
    return [
      id,
      withDisplayScores(
        items.map((itemId) => ({ itemId })),
        5,
      ),
    ] as const;
  });
  await writeCached(database, "users", new Map(lists), context.clock.now());
  return { database, context, [Symbol.asyncDispose]: () => database.close() };
}

test("50 active users are drawn, and drawn again by the stored seed", async () => {
  await using region = await openRegion();
  const view = await readRegionalView(region.context, "France", OPTIONS);
  assert.deepEqual(
    [view.sample.n, view.sample.sample_size, view.sample.active_users, view.sample.seed],
    [50, 50, 80, 1],
  );
  const [all, some] = view.products;
  assert.deepEqual([all?.product_id, all?.matched, all?.affinity], ["B", 50, "High"]);
  assert.deepEqual([some?.product_id, some?.product_name, some?.affinity], ["A", "Lantern", "Medium"]);

  assert.deepEqual(await readRegionalView(region.context, "France", OPTIONS), view, "the sample stays");
  region.context.wait(6 * 3_600_000 + 1);
  const later = await readRegionalView(region.context, "France", OPTIONS);
  assert.equal(later.sample.seed, 2, "after six hours another one is drawn");
  const again = await readRegionalView(region.context, "France", { ...OPTIONS, seed: 1 });
  assert.deepEqual(again.products, view.products);
});

test("all active users are looked at where that is asked for", async () => {
  await using region = await openRegion();
  const view = await readRegionalView(region.context, "France", { ...OPTIONS, size: 0 });
  assert.equal(view.sample.n, 80);
  assert.deepEqual(
    view.products.map(({ product_id, match_rate, borderline }) => [product_id, match_rate, borderline]),
    [
      ["B", 100, false],
      ["A", 50, true],
    ],
  );
  assert.deepEqual(await listRegions(region.context), [{ location: "France", customers: 81, active_customers: 80 }]);
});

test("every user is as likely in a sample as any other", () => {
  const values = ["a", "b", "c", "d", "e"];
  const counts = new Map(values.map((value) => [value, 0]));
  for (let seed = 0; seed < 5_000; seed++) {
    for (const value of drawSample(values, 2, seed)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  // 2,000 expected, standard deviation 35.
  for (const count of counts.values()) assert.ok(Math.abs(count - 2_000) < 175, `${count}`);
});
