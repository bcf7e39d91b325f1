import assert from "node:assert/strict";
import { test } from "node:test";
import { startTestServer } from "@rondo/server/testing";
import type { Database } from "./database/database.ts";
import { migrate } from "./database/migrate.ts";
import type { CompanyOrder } from "./orders/company-order.ts";
import { syncOrders } from "./orders/sync-orders.ts";
import type { SolutionQuality } from "./quality/model-quality.ts";
import type { Run, RunKindName } from "./runs/run.ts";
import { readSample } from "./sample/read-sample.ts";
import { readSettings } from "./settings.ts";
import { startRecommendations } from "./start-recommendations.ts";
import { waitUntil } from "./testing/wait-until.ts";

const ORDERS = 400;
const MINUTES = 60_000;

/** The first days of the sample, moved to end now, as they would be there from before. */
async function storeFirstOrders(database: Database): Promise<void> {
  await migrate(database);
  const orders: CompanyOrder[] = [];
  for await (const order of readSample()) {
    orders.push(order);
    if (orders.length === ORDERS) break;
  }
  const receivedAt = new Date();
  const byMs = receivedAt.getTime() - Math.max(...orders.map(({ ordered_at }) => Date.parse(ordered_at)));
  const moved = orders.map((order) => ({
    ...order,
    ordered_at: new Date(Date.parse(order.ordered_at) + byMs).toISOString(),
  }));
  await syncOrders({ database, settings: readSettings({}) }, moved, { delivery: "export", receivedAt });
}

interface Offers {
  readonly source: string;
  readonly recommendations: readonly { readonly product_id: string; readonly raw_score: number }[];
}

async function get<Body>(url: string): Promise<Body> {
  const response = await fetch(url);
  assert.equal(response.status, 200, `${url} answers ${response.status}`);
  return (await response.json()) as Body;
}

async function post(url: string, body: object): Promise<void> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  assert.ok(response.ok, `${url} answers ${response.status}: ${await response.text()}`);
}

/** Resolves when runs of a kind have succeeded as often as said. */
function succeeded(url: string, kind: RunKindName, times: number): Promise<true> {
  return waitUntil(
    `${times} of ${kind}`,
    async () => {
      const { runs } = await get<{ runs: Run[] }>(`${url}/runs?kind=${kind}`);
      const failed = runs.find(({ status }) => status === "Failed");
      assert.equal(failed, undefined, `${failed?.step}: ${failed?.failure_reason}`);
      return runs.filter(({ status }) => status === "Succeeded").length >= times || undefined;
    },
    5 * MINUTES,
  );
}

test("a shop trains, fills its cache, learns from a purchase and judges its next version", async () => {
  await using server = await startTestServer();
  await storeFirstOrders(server.database);
  const faults: unknown[] = [];
  await using shop = await startRecommendations({
    clientConfig: server.clientConfig,
    database: server.database,
    environment: { SAMPLE_ORDERS: "none", HOLD_OUT_DAYS: "1" },
    port: 0,
    onFault: (error) => faults.push(error),
  });
  await succeeded(shop.url, "training", 1);
  await succeeded(shop.url, "batch", 2);

  const { customers } = await get<{ customers: { user_id: string }[] }>(`${shop.url}/customers?limit=1`);
  const user = customers[0]?.user_id ?? "";
  const url = `${shop.url}/recommendations/users/${user}`;
  const before = await get<Offers>(url);
  assert.deepEqual([before.source, before.recommendations.length], ["cache", 10]);
  const similar = await get<Offers>(`${shop.url}/recommendations/products/22423/similar`);
  assert.equal(similar.source, "cache");

  await post(`${shop.url}/purchases`, { user_id: user, lines: [{ product_id: "22423" }] });
  const scores = ({ recommendations }: Offers) =>
    recommendations.map(({ product_id, raw_score }) => [product_id, raw_score]);
  await waitUntil("another answer after the purchase", async () => {
    const after = await get<Offers>(url);
    assert.notEqual(after.source, "popular");
    return JSON.stringify(scores(after)) !== JSON.stringify(scores(before)) || undefined;
  });
  const stranger = await get<Offers>(`${shop.url}/recommendations/users/nobody`);
  assert.deepEqual([stranger.source, stranger.recommendations.length], ["live", 10]);

  await post(`${shop.url}/runs`, { kind: "training" });
  await succeeded(shop.url, "training", 2);
  const { solutions } = await get<{ solutions: SolutionQuality[] }>(`${shop.url}/quality/model`);
  assert.deepEqual(
    solutions.map(({ solution }) => solution),
    ["ranking", "similar-items", "user-personalization"],
  );
  for (const { versions, solution } of solutions) {
    const [one, two] = versions;
    assert.deepEqual([one?.judgement?.live, versions.length], [null, 2], solution);
    assert.ok((one?.metrics.precision_at_10 ?? -1) >= 0);
    assert.ok(two?.judgement?.live && two.judgement.difference, `${solution} was not compared`);
    assert.equal(two.live_from !== null, two.judgement.isNotWorse, `${solution}: ${two.judgement.reason}`);
  }
  await post(`${shop.url}/runs`, { kind: "update" });
  await succeeded(shop.url, "update", 1);
  const updated = await get<{ solutions: SolutionQuality[] }>(`${shop.url}/quality/model`);
  const newest = updated.solutions.map(({ versions }) => versions.at(-1)?.training_mode);
  assert.deepEqual(newest, ["FULL", "FULL", "UPDATE"]);
  assert.deepEqual(faults, []);
});
