import assert from "node:assert/strict";
import { test } from "node:test";
import { openTestSql } from "@rondo/store/testing";
import { syncOrders } from "../orders/sync-orders.ts";
import { openTestContext } from "../testing/open-test-context.ts";
import { readBundles, refreshBundles } from "./bundles.ts";

test("pairs are counted with lift and support, rare ones left out", async () => {
  await using database = await openTestSql();
  const context = await openTestContext(database);
  // 20 orders of cup and saucer, 20 of cup and bag, 40 of lamp and bag, 5 of vase and bag.
  const baskets: readonly (readonly [number, readonly string[]])[] = [
    [20, ["CUP", "SAUCER"]],
    [20, ["CUP", "BAG"]],
    [40, ["LAMP", "BAG"]],
    [5, ["VASE", "BAG"]],
    [15, ["CUP"]],
  ];
  let number = 0;
  const orders = baskets.flatMap(([times, skus]) =>
    Array.from({ length: times }, () => ({
      order_no: `${++number}`,
      ordered_at: "2026-02-01T00:00:00Z",
      customer: { id: number },
      lines: skus.map((sku) => ({ sku, quantity: 1, unit_price: 1 })),
    })),
  );
  await syncOrders(context, orders, { delivery: "export", receivedAt: context.clock.now() });
  await refreshBundles(database);

  const [saucer, ...others] = await readBundles(database, "CUP", 10);
  assert.deepEqual(others, [], "cup and bag meet less often than by chance");
  assert.deepEqual(saucer, {
    other_id: "SAUCER",
    product_name: "SAUCER",
    price: 1,
    orders_together: 20,
    orders_product: 40,
    orders_other: 20,
    orders_total: 85,
    lift: (20 * 85) / (40 * 20),
    confidence: 0.5,
  });
  assert.deepEqual(await readBundles(database, "VASE", 10), []);
});
