import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { openTestSql } from "@rondo/store/testing";
import { syncService } from "../sync-service/sync-service.ts";
import { openTestContext } from "../testing/open-test-context.ts";
import { startWebService } from "../web/create-web-service.ts";
import { pullPage, startOrderPull } from "./pull-orders.ts";

/** A company with five orders, two a page. */
async function openCompany() {
  const asked: (string | null)[] = [];
  const state = { isBroken: false };
  const places = new Map<string, PromiseWithResolvers<void>>();
  const place = (after: string) => {
    const known = places.get(after) ?? Promise.withResolvers<void>();
    places.set(after, known);
    return known;
  };
  const orders = [1, 2, 3, 4, 5].map((number) => ({
    order_no: `${number}`,
    ordered_at: "2026-03-01T09:00:00Z",
    customer: { id: number },
    lines: [{ sku: "P1", quantity: 1, unit_price: 1 }],
  }));
  const server = createServer((request, response) => {
    const after = new URL(request.url ?? "", "http://company").searchParams.get("after");
    asked.push(after);
    place(after ?? "").resolve();
    if (state.isBroken) return void response.writeHead(200).end(JSON.stringify({ rows: [] }));
    const from = Number(after ?? 0);
    const page = orders.slice(from, from + 2);
    response.end(JSON.stringify({ orders: page, next: page.length > 0 ? String(from + page.length) : after }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    asked,
    state,
    wasAskedFor: (after: string) => place(after).promise,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function openSync() {
  const database = await openTestSql();
  const context = await openTestContext(database);
  const service = await startWebService(syncService(context, { wake: () => undefined }), {
    host: "127.0.0.1",
    port: 0,
    portSetting: "",
  });
  return {
    context,
    url: service.url,
    async [Symbol.asyncDispose]() {
      await service.close();
      await database.close();
    },
  };
}

test("the company's orders are fetched page by page, and from there on after a restart", async () => {
  await using company = await openCompany();
  await using sync = await openSync();
  const options = { companyUrl: company.url, syncUrl: sync.url, everyMs: 60_000 };
  const { signal } = new AbortController();
  assert.equal(await pullPage(sync.context, options, signal), 2);
  {
    await using _pull = startOrderPull(sync.context, options);
    await company.wasAskedFor("5");
  }
  assert.equal(await pullPage(sync.context, options, signal), 0);
  assert.deepEqual([company.asked[0], company.asked[1], company.asked.at(-1)], [null, "2", "5"]);
  assert.deepEqual(
    await sync.context.database.query("select count(*)::integer as orders from recommendations.orders"),
    [{ orders: 5 }],
  );
  assert.deepEqual(sync.context.faults, []);
});

test("what is no page is refused with what it should be, and the place stays", async () => {
  await using company = await openCompany();
  await using sync = await openSync();
  company.state.isBroken = true;
  const options = { companyUrl: company.url, syncUrl: sync.url, everyMs: 60_000 };
  const { signal } = new AbortController();
  await assert.rejects(pullPage(sync.context, options, signal), /should answer/);
  company.state.isBroken = false;
  assert.equal(await pullPage(sync.context, options, signal), 2);
});
