import assert from "node:assert/strict";
import { test } from "node:test";
import { openTestSql } from "@rondo/store/testing";
import { migrate } from "../database/migrate.ts";
import type { CompanyOrder } from "./company-order.ts";
import { countQuarantine, listQuarantine } from "./quarantine.ts";
import { syncOrders } from "./sync-orders.ts";

const settings = { nonProducts: ["POST"] };
const receivedAt = new Date("2026-03-01T10:00:00Z");

function order(order_no: string, overrides: Partial<CompanyOrder> = {}): CompanyOrder {
  return {
    order_no,
    ordered_at: "2026-03-01T09:00:00Z",
    customer: { id: "12680.0", country: "France" },
    lines: [{ sku: "85123a", name: "Lantern", category: "Lights", quantity: 6, unit_price: 2.5 }],
    ...overrides,
  };
}

test("a batch that is sent twice is there once, with its events; a changed order is kept aside", async () => {
  await using database = await openTestSql();
  await migrate(database);
  const batch = [order("1"), order("2", { customer: { id: 12680 } }), order("1")];
  const send = (orders: readonly CompanyOrder[]) =>
    syncOrders({ database, settings }, orders, { delivery: "event", receivedAt });

  const first = await send(batch);
  const again = await send(batch);
  const changed = await send([order("1", { ordered_at: "2026-03-02T00:00:00Z" })]);

  assert.deepEqual(
    first.map(({ status }) => status),
    ["accepted", "accepted", "known"],
  );
  assert.deepEqual(
    again.map(({ status }) => status),
    ["known", "known", "known"],
  );
  assert.deepEqual(
    changed.map(({ status, accepted_lines }) => [status, accepted_lines]),
    [["changed", 0]],
  );
  assert.deepEqual(await database.query("select event_id, product_id from recommendations.event_outbox order by 1"), [
    { event_id: "1:1", product_id: "85123A" },
    { event_id: "2:1", product_id: "85123A" },
  ]);
  assert.deepEqual(
    await database.query("select unified_customer_id, location, last_event_at from recommendations.customers"),
    [{ unified_customer_id: "12680", location: "France", last_event_at: Number.POSITIVE_INFINITY }],
  );
  assert.deepEqual(await countQuarantine(database), { changed_order: 1 });
});

test("what cannot be learned from is in quarantine with its reason, the rest of the order is not", async () => {
  await using database = await openTestSql();
  await migrate(database);
  await database.query(
    "insert into recommendations.outlier_fences values ('quantity', 1000, 5000, now()), ('unit_price', 100, 5000, now())",
  );
  const line = { sku: "A", quantity: 1, unit_price: 1 };
  const outcome = await syncOrders(
    { database, settings },
    [
      order("1", { customer: { id: " " } }),
      order("2", {
        lines: [
          line,
          line,
          { ...line, sku: null },
          { ...line, sku: "post" },
          { ...line, quantity: -3 },
          { ...line, quantity: 80_995 },
          { ...line, unit_price: 0 },
          { ...line, unit_price: 5_000 },
          { ...line, quantity: null },
        ],
      }),
    ],
    { delivery: "event", receivedAt },
  );
  assert.deepEqual(
    outcome.map(({ status, accepted_lines, quarantined_lines }) => [status, accepted_lines, quarantined_lines]),
    [
      ["quarantined", 0, 1],
      ["accepted", 1, 8],
    ],
  );
  assert.deepEqual(await countQuarantine(database), {
    duplicate: 1,
    invalid_price: 1,
    invalid_quantity: 1,
    missing_customer: 1,
    missing_product: 1,
    not_a_product: 1,
    outlier_price: 1,
    outlier_quantity: 1,
    return: 1,
  });
  const [newest, ...others] = await listQuarantine(database, { limit: 4 });
  assert.equal(others.length, 3);
  const older = await listQuarantine(database, { limit: 100, before: others[2]?.quarantine_id });
  assert.equal(older.length, 5);
  assert.match(newest?.detail ?? "", /quantity is missing/);
  const [unusual] = await listQuarantine(database, { limit: 9, reason: "outlier_quantity" });
  assert.deepEqual(unusual?.content, {
    customer: { id: "12680.0", country: "France" },
    line: { ...line, quantity: 80_995 },
  });
});

test("a late order changes neither the newest price nor where the customer lives now", async () => {
  await using database = await openTestSql();
  await migrate(database);
  const send = (each: CompanyOrder) => syncOrders({ database, settings }, [each], { delivery: "export", receivedAt });
  await send(order("1"));
  await send(
    order("0", {
      ordered_at: "2025-01-01T00:00:00Z",
      customer: { id: "12680", country: "Spain" },
      lines: [{ sku: "85123A", name: "Old lantern", quantity: 1, unit_price: 1 }],
    }),
  );
  assert.deepEqual(
    await database.query(
      `select product_name, category, price, to_char(first_ordered_at at time zone 'UTC', 'YYYY-MM-DD') as first from recommendations.products`,
    ),
    [{ product_name: "Lantern", category: "Lights", price: 2.5, first: "2025-01-01" }],
  );
  assert.deepEqual(await database.query("select location from recommendations.customers"), [{ location: "France" }]);
  assert.deepEqual(await database.query("select * from recommendations.event_outbox"), []);
});
