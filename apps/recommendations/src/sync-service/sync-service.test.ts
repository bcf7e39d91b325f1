import assert from "node:assert/strict";
import { test } from "node:test";
import { openTestSql } from "@rondo/store/testing";
import { openTestContext } from "../testing/open-test-context.ts";
import { createWebService } from "../web/create-web-service.ts";
import { syncService } from "./sync-service.ts";

async function openService() {
  const database = await openTestSql();
  const context = await openTestContext(database, { settings: { trackingId: "tracker" } });
  let wakes = 0;
  const service = createWebService(syncService(context, { wake: () => wakes++ }), new Set(["localhost"]));
  const call = async (method: "GET" | "POST", url: string, body?: object) => {
    const answer = await service.inject({ method, url, ...(body && { body }), headers: { host: "localhost" } });
    return { status: answer.statusCode, body: answer.json() as Record<string, unknown> };
  };
  return {
    call,
    service,
    wakes: () => wakes,
    async [Symbol.asyncDispose]() {
      await service.close();
      await database.close();
    },
  };
}

const ORDER = {
  order_no: "9001",
  ordered_at: "2026-03-01T09:00:00Z",
  customer: { id: 12680, country: "France" },
  lines: [
    { sku: "22423", name: "Cakestand", quantity: 2, unit_price: 12.75 },
    { sku: "22423", quantity: -2, unit_price: 12.75 },
  ],
};

test("orders come in by HTTP, what was put aside can be looked at", async () => {
  await using sync = await openService();
  const { status, body } = await sync.call("POST", "/orders", { orders: [ORDER] });
  assert.deepEqual(
    [status, body],
    [200, { orders: [{ order_id: "9001", status: "accepted", accepted_lines: 1, quarantined_lines: 1 }] }],
  );
  assert.equal(sync.wakes(), 1);
  const quarantine = await sync.call("GET", "/quarantine?reason=return&limit=1");
  assert.deepEqual(quarantine.body.lines_by_reason, { return: 1 });
  assert.equal((quarantine.body.lines as { detail: string }[])[0]?.detail, "2 of 22423 came back.");
  const state = await sync.call("GET", "/sync");
  assert.deepEqual(state.body, {
    orders: 1,
    order_items: 1,
    products: 1,
    customers: 1,
    outbox: { waiting: 1, oldest_queued_at: "2026-03-01T10:00:00.000Z", last_error: null },
    sample: null,
  });
});

test("what is no order is refused with the reason, and nothing is stored", async () => {
  await using sync = await openService();
  for (const [orders, pattern] of [
    [[{ ...ORDER, ordered_at: "yesterday" }], /date-time/],
    [[ORDER, { ...ORDER, order_no: "" }], /order_no/],
    [[{ ...ORDER, total: 3 }], /additional properties/],
    [[], /fewer than 1/],
  ] as const) {
    const { status, body } = await sync.call("POST", "/orders", { orders });
    assert.equal(status, 400);
    assert.match(JSON.stringify(body), pattern);
  }
  assert.equal((await sync.call("GET", "/sync")).body.orders, 0);
  assert.equal((await sync.call("GET", "/quarantine?limit=0")).status, 400);
});

test("a page of another site is not answered", async () => {
  await using sync = await openService();
  const answer = await sync.service.inject({
    url: "/sync",
    headers: { host: "localhost", origin: "http://evil.example" },
  });
  assert.equal(answer.statusCode, 403);
  assert.equal((await sync.service.inject({ url: "/sync", headers: { host: "evil.example" } })).statusCode, 403);
});
