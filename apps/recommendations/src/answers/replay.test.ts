import assert from "node:assert/strict";
import { test } from "node:test";
import { openTestSql } from "@rondo/store/testing";
import type { ApplicationContext } from "../application-context.ts";
import { writeFact } from "../database/facts.ts";
import { claimEvents, confirmEvents } from "../events/outbox.ts";
import type { CompanyOrder } from "../orders/company-order.ts";
import { syncOrders } from "../orders/sync-orders.ts";
import { unifyCustomerId } from "../orders/unify-id.ts";
import { readSample } from "../sample/read-sample.ts";
import { openTestContext, type TestContext } from "../testing/open-test-context.ts";
import { writeCached } from "./cache.ts";
import { withDisplayScores } from "./display-score.ts";
import { recommendForUser } from "./recommend.ts";

const BEFORE = 900;
const REPLAYED = 100;

/** A campaign that answers everybody the same. */
const LIST = Array.from({ length: 25 }, (_, index) => ({ itemId: `P${index}` }));
const runtime = { send: async () => ({ $metadata: {}, itemList: LIST }) } as unknown as ApplicationContext["runtime"];

/** The first orders of the sample that have a customer. */
async function firstOrders(): Promise<CompanyOrder[]> {
  const orders: CompanyOrder[] = [];
  for await (const order of readSample()) {
    if (order.customer?.id === null) continue;
    orders.push(order);
    if (orders.length === BEFORE + REPLAYED) break;
  }
  return orders;
}

/** What the batch run does: a list for everybody who is known. */
async function fillCache(context: TestContext): Promise<void> {
  const customers = await context.database.query<{ id: string }>(
    "select unified_customer_id as id from recommendations.customers",
  );
  const lists = new Map(customers.map(({ id }) => [id, withDisplayScores(LIST, 1)]));
  await writeCached(context.database, "users", lists, context.clock.now());
}

test("more than 95 % of the answers to real traffic come from the cache", async (t) => {
  await using database = await openTestSql();
  const context = await openTestContext(database, { runtime });
  await writeFact(database, "campaigns", { "user-personalization": "u", "similar-items": "s", ranking: "r" });
  const orders = await firstOrders();
  const receivedAt = context.clock.now();
  await syncOrders(context, orders.slice(0, BEFORE), { delivery: "export", receivedAt });
  await fillCache(context);

  const sources: string[] = [];
  for (const order of orders.slice(BEFORE)) {
    const user = unifyCustomerId(order.customer?.id) ?? "";
    // For each product that he bought the page was shown once.
    for (const _line of order.lines) sources.push((await recommendForUser(context, user, 10)).source);
    await syncOrders(context, [order], { delivery: "event", receivedAt: context.clock.now() });
    await confirmEvents(database, await claimEvents(database, context.clock.now()), context.clock.now());
    // A second later his list is computed anew: warm-cache.ts.
    context.wait(1_100);
    await recommendForUser(context, user, context.settings.listLength);
  }
  const hits = sources.filter((source) => source === "cache").length;
  t.diagnostic(`${hits} of ${sources.length} from the cache`);
  assert.ok(hits / sources.length > 0.95, `${hits} of ${sources.length}`);
  assert.deepEqual(new Set(sources), new Set(["cache", "live"]));
});
