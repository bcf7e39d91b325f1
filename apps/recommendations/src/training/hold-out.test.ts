import assert from "node:assert/strict";
import { test } from "node:test";
import { openTestSql } from "@rondo/store/testing";
import { syncOrders } from "../orders/sync-orders.ts";
import { openTestContext } from "../testing/open-test-context.ts";
import { popularList, readHoldOut, readPopularBefore, readSubjects } from "./hold-out.ts";

/** ann and bob have bought before; in the last week ann, bob and a new customer buy, also a product that is new. */
async function openShop() {
  const database = await openTestSql();
  const context = await openTestContext(database);
  let number = 0;
  const order = (id: string, ordered_at: string, ...skus: string[]) => ({
    order_no: `${++number}`,
    ordered_at,
    customer: { id },
    lines: skus.map((sku) => ({ sku, quantity: 1, unit_price: 1 })),
  });
  const orders = [
    order("ann", "2026-01-10T00:00:00Z", "A1", "A2", "A3"),
    order("bob", "2026-01-11T00:00:00Z", "A1", "A4"),
    order("ann", "2026-02-25T00:00:00Z", "A2", "A4", "NEW"),
    order("bob", "2026-02-26T00:00:00Z", "A3"),
    order("new", "2026-02-28T00:00:00Z", "A1"),
  ];
  await syncOrders(context, orders, { delivery: "export", receivedAt: context.clock.now() });
  const holdOut = await readHoldOut(database, 7);
  assert.ok(holdOut !== undefined);
  return { database, holdOut, [Symbol.asyncDispose]: () => database.close() };
}

test("the hold-out is the newest days, and judged is what could have been known", async () => {
  await using shop = await openShop();
  assert.deepEqual(shop.holdOut, { from: new Date("2026-02-21T00:00:00Z"), to: new Date("2026-02-28T00:00:00Z") });
  const users = await readSubjects(shop.database, "user-personalization", shop.holdOut);
  assert.deepEqual(
    users.toSorted((one, two) => (one.id < two.id ? -1 : 1)),
    [
      { id: "ann", wanted: ["A2", "A4"], input: { userId: "ann" } },
      { id: "bob", wanted: ["A3"], input: { userId: "bob" } },
    ],
  );
  const products = await readSubjects(shop.database, "similar-items", shop.holdOut);
  assert.deepEqual(products.map(({ id, wanted }) => [id, wanted]).toSorted(), [
    ["A2", ["A4"]],
    ["A4", ["A2"]],
  ]);
});

test("a ranking is judged on lists in which what was bought stands among what was not", async () => {
  await using shop = await openShop();
  const [subject] = await readSubjects(shop.database, "ranking", shop.holdOut);
  assert.ok(subject !== undefined && "itemList" in subject.input);
  assert.deepEqual(subject.input.itemList, ["A1", "A2", "A3", "A4"]);
  const popular = await readPopularBefore(shop.database, shop.holdOut);
  assert.deepEqual([...popular.values()], [2, 1, 1, 1]);
  assert.deepEqual(popularList(subject, popular)[0], "A1");
});
