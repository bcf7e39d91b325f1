import assert from "node:assert/strict";
import { test } from "node:test";
import type { GetPersonalizedRankingCommandInput } from "@aws-sdk/client-personalize-runtime";
import { openTestSql } from "@rondo/store/testing";
import { writeCached } from "../answers/cache.ts";
import { withDisplayScores } from "../answers/display-score.ts";
import type { ApplicationContext } from "../application-context.ts";
import { writeFact } from "../database/facts.ts";
import { createAnswerMeter } from "../monitoring/answer-meter.ts";
import { createExposureLog } from "../monitoring/exposure-log.ts";
import { syncOrders } from "../orders/sync-orders.ts";
import { latestRun } from "../runs/run-store.ts";
import { openTestContext } from "../testing/open-test-context.ts";
import { createWebService } from "../web/create-web-service.ts";
import { recommendationsApi } from "./recommendations-api.ts";

interface Offer {
  readonly product_id: string;
  readonly score: number;
  readonly reason?: { readonly kind: string; readonly because_of?: string };
}

interface ListAnswer {
  readonly source: string;
  readonly recommendation_id: string;
  readonly variant: string | null;
  readonly recommendations: readonly Offer[];
  readonly reranking: { readonly relevance_kept: number; readonly expected_revenue_gain: number } | null;
}

const PRODUCTS = [
  ["A1", "RED BAG", 1],
  ["A2", "BLUE BAG", 2],
  ["A3", "LANTERN", 10],
  ["A4", "MIRROR", 100],
] as const;

/** A campaign for rankings: the input backwards. */
const runtime = {
  send: async ({ input }: { input: GetPersonalizedRankingCommandInput }) => ({
    $metadata: {},
    personalizedRanking: input.inputList?.toReversed().map((itemId, index) => ({ itemId, score: 1 / (index + 1) })),
  }),
} as unknown as ApplicationContext["runtime"];

/** A shop in which ann has bought the red bag; her list and what is similar to it are in the cache. */
async function openApi() {
  const database = await openTestSql();
  const context = await openTestContext(database, { runtime, settings: { trackingId: "tracker" } });
  const lines = PRODUCTS.map(([sku, name, unit_price]) => ({
    sku,
    name,
    category: name.split(" ").at(-1) ?? "",
    quantity: 1,
    unit_price,
  }));
  const orders = [
    {
      order_no: "1",
      ordered_at: "2026-02-01T00:00:00Z",
      customer: { id: "ann", country: "France" },
      lines: lines.slice(0, 1),
    },
    { order_no: "2", ordered_at: "2026-02-02T00:00:00Z", customer: { id: "bob", country: "Spain" }, lines },
  ];
  await syncOrders(context, orders, { delivery: "export", receivedAt: context.clock.now() });
  const list = (...ids: string[]) =>
    withDisplayScores(
      ids.map((itemId, index) => ({ itemId, score: 1 / (index + 1) })),
      5,
    );
  await writeCached(database, "users", new Map([["ann", list("A2", "A3", "A4")]]), context.clock.now());
  await writeCached(database, "items", new Map([["A1", list("A2", "A3")]]), context.clock.now());
  await writeFact(database, "campaigns", { "user-personalization": "u", "similar-items": "s", ranking: "r" });
  const meter = createAnswerMeter(context);
  const exposures = createExposureLog(context);
  let wakes = 0;
  const service = createWebService(
    recommendationsApi({
      context,
      meter,
      exposures,
      dispatcher: { wake: () => wakes++ },
      runner: {
        begin: async (kind, reason) => ({
          run_id: "00000000-0000-4000-8000-000000000000",
          kind,
          status: "Running",
          step: "count",
          state: {},
          reason,
          started_at: context.clock.now(),
          finished_at: null,
          failure_reason: null,
        }),
      },
    }),
  );
  async function call<Body>(
    method: "GET" | "POST",
    url: string,
    body?: object,
  ): Promise<{ status: number; body: Body }> {
    const answer = await service.inject({ method, url, ...(body && { body }) });
    return { status: answer.statusCode, body: (answer.body === "" ? null : answer.json()) as Body };
  }
  return {
    call,
    context,
    database,
    wakes: () => wakes,
    async [Symbol.asyncDispose]() {
      assert.deepEqual(context.faults, []);
      await service.close();
      await meter.close();
      await exposures.close();
      await database.close();
    },
  };
}

const ids = ({ recommendations }: ListAnswer) => recommendations.map(({ product_id }) => product_id);

test("a user's offers come with names, prices and reasons, and are counted", async () => {
  await using api = await openApi();
  const { status, body } = await api.call<ListAnswer>("GET", "/recommendations/users/ANN?num_results=3&explain=true");
  assert.deepEqual([status, body.source, body.variant], [200, "cache", null]);
  assert.deepEqual(ids(body), ["A2", "A3", "A4"]);
  assert.deepEqual(
    body.recommendations.map(({ reason }) => [reason?.kind, reason?.because_of]),
    [
      ["similar_to_purchase", "A1"],
      ["similar_to_purchase", "A1"],
      ["taste", undefined],
    ],
  );
  const figures = await api.call<{ answers: { answers: number; cache_hit_rate: number }; business: { shown: number } }>(
    "GET",
    "/monitoring",
  );
  assert.deepEqual(
    [figures.body.answers.answers, figures.body.answers.cache_hit_rate, figures.body.business.shown],
    [1, 1, 1],
  );
});

test("the slider re-ranks the cached list, and the answer says what that costs", async () => {
  await using api = await openApi();
  const { body } = await api.call<ListAnswer>("GET", "/recommendations/users/ann?num_results=2&revenue_weight=1");
  assert.deepEqual(ids(body), ["A4", "A3"]);
  assert.ok(body.reranking !== null && body.reranking.relevance_kept < 1 && body.reranking.expected_revenue_gain > 0);
  assert.equal((await api.call("GET", "/recommendations/users/ann?diversity=2")).status, 400);
});

test("a purchase leaves as an event, and the next answer is not from before", async () => {
  await using api = await openApi();
  const bought = await api.call<{ order_id: string }>("POST", "/purchases", {
    user_id: "ann",
    lines: [{ product_id: "a3" }, { product_id: "A3", quantity: 2 }],
  });
  assert.deepEqual([bought.status, api.wakes()], [201, 1]);
  assert.deepEqual(await api.database.query("select product_id, quantity from recommendations.event_outbox"), [
    { product_id: "A3", quantity: 3 },
  ]);
  const { body } = await api.call<ListAnswer>("GET", "/recommendations/users/ann");
  assert.notEqual(body.source, "cache");
  const customer = await api.call<{ purchases: { product_id: string }[] }>("GET", "/customers/ann");
  assert.deepEqual(
    customer.body.purchases.map(({ product_id }) => product_id),
    ["A3", "A1"],
  );
  assert.equal(
    (await api.call("POST", "/purchases", { user_id: "ann", lines: [{ product_id: "nothing" }] })).status,
    404,
  );
});

test("a click counts for what was shown, and for nothing else", async () => {
  await using api = await openApi();
  const { body } = await api.call<ListAnswer>("GET", "/recommendations/users/ann");
  const { recommendation_id } = body;
  assert.equal((await api.call("POST", "/clicks", { recommendation_id, product_id: "A2" })).status, 204);
  assert.equal((await api.call("POST", "/clicks", { recommendation_id, product_id: "A2" })).status, 204);
  assert.equal((await api.call("POST", "/clicks", { recommendation_id, product_id: "A1" })).status, 404);
  const figures = await api.call<{ business: { click_through_rate: { successes: number } } }>("GET", "/monitoring");
  assert.equal(figures.body.business.click_through_rate.successes, 1);
});

test("similar products and a ranking in a user's order", async () => {
  await using api = await openApi();
  const similar = await api.call<ListAnswer>("GET", "/recommendations/products/a1/similar?num_results=1");
  assert.deepEqual([similar.body.source, ids(similar.body)], ["cache", ["A2"]]);
  const ranking = await api.call<ListAnswer>("POST", "/recommendations/ranking", {
    user_id: "ann",
    product_ids: ["A1", "a2", "A3"],
  });
  assert.deepEqual(ids(ranking.body), ["A3", "A2", "A1"]);
});

test("products and customers are found by part of their names, page by page", async () => {
  await using api = await openApi();
  const names = async (url: string) =>
    (await api.call<{ products: { product_id: string }[] }>("GET", url)).body.products.map(
      ({ product_id }) => product_id,
    );
  assert.deepEqual(await names("/products?search=bag"), ["A1", "A2"]);
  assert.deepEqual(await names("/products?limit=2&after=A2"), ["A3", "A4"]);
  assert.deepEqual(await names("/products?search=%25"), [], "a wildcard is a character like any other");
  const customers = await api.call<{ customers: { user_id: string; orders: number }[] }>(
    "GET",
    "/customers?location=France",
  );
  assert.deepEqual(
    customers.body.customers.map(({ user_id, orders }) => [user_id, orders]),
    [["ann", 1]],
  );
  assert.equal((await api.call("GET", "/customers/nobody")).status, 404);
});

test("an experiment re-ranks for half of the users until it is ended", async () => {
  await using api = await openApi();
  assert.equal((await api.call("GET", "/experiments/current")).status, 404);
  assert.equal((await api.call("POST", "/experiments", { name: "same" })).status, 400);
  assert.equal((await api.call("POST", "/experiments", { name: "price", revenue_weight: 1 })).status, 201);
  assert.equal((await api.call("POST", "/experiments", { name: "other", diversity: 1 })).status, 409);
  const { body } = await api.call<ListAnswer>("GET", "/recommendations/users/ann");
  assert.deepEqual(ids(body), body.variant === "treatment" ? ["A4", "A3", "A2"] : ["A2", "A3", "A4"]);
  const report = await api.call<{ variants: { variant: string; shown: number }[]; conversion: { isDecided: boolean } }>(
    "GET",
    "/experiments/current",
  );
  assert.deepEqual(
    report.body.variants.map(({ variant, shown }) => [variant, shown]),
    [[body.variant, 1]],
  );
  assert.equal(report.body.conversion.isDecided, false);
  assert.equal((await api.call("POST", "/experiments/current/end")).status, 200);
});

test("regions, quality, diagnosis, runs and the cache's trigger answer", async () => {
  await using api = await openApi();
  const region = await api.call<{ products: { product_id: string; match_rate: number }[] }>(
    "GET",
    "/regions/France?sample_size=0",
  );
  assert.deepEqual(
    region.body.products.map(({ product_id, match_rate }) => [product_id, match_rate]),
    [
      ["A2", 100],
      ["A3", 100],
      ["A4", 100],
    ],
  );
  assert.equal((await api.call("GET", "/regions/Atlantis")).status, 404);
  const quality = await api.call<{ now: { lines: number } }>("GET", "/quality/data");
  assert.equal(quality.body.now.lines, 5);
  assert.deepEqual((await api.call<{ solutions: unknown[] }>("GET", "/quality/model")).body.solutions, []);
  const diagnosis = await api.call<{ checks: { name: string; state: string }[] }>("GET", "/diagnosis");
  assert.ok(diagnosis.body.checks.some(({ name, state }) => name === "cache of users" && state === "ok"));
  assert.equal((await api.call("POST", "/runs", { kind: "batch" })).status, 202);
  assert.deepEqual((await api.call<{ runs: unknown[] }>("GET", "/runs")).body.runs, []);
  assert.deepEqual((await api.call("POST", "/cache/invalidate", { cache: "users", id: "Ann" })).body, {
    invalidated: 1,
  });
  assert.equal((await api.call("GET", "/health")).status, 200);
  assert.equal(await latestRun(api.database, "batch"), undefined);
});
