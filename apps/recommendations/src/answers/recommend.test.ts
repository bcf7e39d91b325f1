import assert from "node:assert/strict";
import { test } from "node:test";
import type { GetRecommendationsCommand } from "@aws-sdk/client-personalize-runtime";
import { openTestSql } from "@rondo/store/testing";
import type { ApplicationContext } from "../application-context.ts";
import { writeFact } from "../database/facts.ts";
import { syncOrders } from "../orders/sync-orders.ts";
import { openTestContext } from "../testing/open-test-context.ts";
import { invalidateCache, readCached } from "./cache.ts";
import { refreshPopularProducts } from "./popular-products.ts";
import { recommendForUser, recommendSimilar } from "./recommend.ts";

const HOUR_MS = 3_600_000;

/** A campaign that answers with what the test says, and counts. */
function createRuntime() {
  const state = { calls: 0, items: ["P3", "P4"], failure: undefined as Error | undefined };
  const send = async (command: GetRecommendationsCommand) => {
    state.calls++;
    if (state.failure !== undefined) throw state.failure;
    const itemList = state.items
      .slice(0, command.input.numResults)
      .map((itemId, index) => ({ itemId, score: 1 / (index + 1) }));
    return { $metadata: {}, itemList };
  };
  return { state, runtime: { send } as unknown as ApplicationContext["runtime"] };
}

async function openShop() {
  const database = await openTestSql();
  const { state, runtime } = createRuntime();
  const context = await openTestContext(database, { runtime, settings: { listLength: 2 } });
  const order = (order_no: string, id: string, country: string, skus: readonly string[]) => ({
    order_no,
    ordered_at: "2026-03-01T09:00:00Z",
    customer: { id, country },
    lines: skus.map((sku) => ({ sku, quantity: 1, unit_price: 2 })),
  });
  await syncOrders(
    context,
    [
      order("1", "ann", "France", ["P1", "P2"]),
      order("2", "bob", "France", ["P1"]),
      order("3", "eve", "Spain", ["P3", "P4"]),
      order("4", "dan", "Spain", ["P3"]),
      order("5", "pat", "Spain", ["P3", "P1"]),
    ],
    { delivery: "export", receivedAt: context.clock.now() },
  );
  await refreshPopularProducts(database);
  const train = () =>
    writeFact(database, "campaigns", { "user-personalization": "u", "similar-items": "s", ranking: "r" });
  return { database, context, state, train, [Symbol.asyncDispose]: () => database.close() };
}

test("a miss is answered live and kept; within six hours it comes from the cache, after them live again", async () => {
  await using shop = await openShop();
  await shop.train();
  const first = await recommendForUser(shop.context, "ann", 2);
  assert.deepEqual([first.source, first.fallback_reason], ["live", "not in the cache"]);
  assert.deepEqual(
    first.offers.map(({ product_id, raw_score, confidence }) => [product_id, raw_score, confidence]),
    [
      ["P3", 1, 2 / 7],
      ["P4", 0.5, 2 / 7],
    ],
  );
  shop.context.wait(6 * HOUR_MS);
  assert.equal((await recommendForUser(shop.context, "ann", 2)).source, "cache");
  shop.context.wait(1);
  const later = await recommendForUser(shop.context, "ann", 2);
  assert.deepEqual([later.source, later.fallback_reason, shop.state.calls], ["live", "the cached list is too old", 2]);
});

test("a purchase takes the answer out of the cache, and what was computed before it counts is not kept", async () => {
  await using shop = await openShop();
  await shop.train();
  await recommendForUser(shop.context, "ann", 2);
  const order = {
    order_no: "9",
    ordered_at: "2026-03-01T10:00:00Z",
    customer: { id: "ann" },
    lines: [{ sku: "P4", quantity: 1, unit_price: 1 }],
  };
  await syncOrders(shop.context, [order], { delivery: "event", receivedAt: shop.context.clock.now() });
  assert.equal((await recommendForUser(shop.context, "ann", 2)).source, "live");
  assert.equal((await recommendForUser(shop.context, "ann", 2)).source, "live", "its event has not been taken yet");

  await shop.database.query("update recommendations.customers set last_event_at = $1", [shop.context.clock.now()]);
  shop.context.wait(999);
  await recommendForUser(shop.context, "ann", 2);
  assert.equal(await readCached(shop.database, "users", "ann"), undefined);
  shop.context.wait(1);
  await recommendForUser(shop.context, "ann", 2);
  assert.equal((await recommendForUser(shop.context, "ann", 2)).source, "cache");
});

test("before anything is trained, and while Personalize is away, the answer is not empty and says so", async () => {
  await using shop = await openShop();
  const near = await recommendForUser(shop.context, "ann", 3);
  assert.deepEqual(
    [near.source, near.fallback_reason],
    ["popular_in_region", "not in the cache; No model is trained yet."],
  );
  assert.deepEqual(
    near.offers.map(({ product_id }) => product_id),
    ["P1", "P2", "P3"],
    "filled up with what is popular everywhere",
  );
  const stranger = await recommendForUser(shop.context, "nobody", 2);
  assert.deepEqual([stranger.source, stranger.offers.map(({ product_id }) => product_id)], ["popular", ["P1", "P3"]]);
  assert.deepEqual(await readCached(shop.database, "users", "nobody"), undefined);

  await shop.train();
  await recommendForUser(shop.context, "ann", 2);
  shop.context.wait(7 * HOUR_MS);
  shop.state.failure = new Error("The campaign is being deleted.");
  const stale = await recommendForUser(shop.context, "ann", 2);
  assert.deepEqual([stale.source, stale.offers.length], ["stale_cache", 2]);
  assert.match(stale.fallback_reason ?? "", /too old; The campaign is being deleted/);
  const similar = await recommendSimilar(shop.context, "P3", 3);
  assert.deepEqual([similar.source, similar.offers.some(({ product_id }) => product_id === "P3")], ["popular", false]);
});

test("similar products leave the product itself out, and the cache is emptied by hand", async () => {
  await using shop = await openShop();
  await shop.train();
  const similar = await recommendSimilar(shop.context, "P3", 1);
  assert.deepEqual(
    similar.offers.map(({ product_id }) => product_id),
    ["P4"],
  );
  await recommendForUser(shop.context, "ann", 1);
  assert.equal(await invalidateCache(shop.database, { cache: "items" }), 1);
  assert.equal(await invalidateCache(shop.database, { id: "bob" }), 0);
  assert.equal(await invalidateCache(shop.database, {}), 1);
});
