import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { Page } from "playwright-core";
import { openBrowser, withoutBrowser } from "./browser.ts";
import { type LaunchedShop, launchShop } from "./launch-shop.ts";
import { longOrders, type ShopOrder, shopOrders } from "./shop-orders.ts";

const PRODUCTS = 10_000;
const READY_WITHIN_MS = 240_000;

async function postOrders({ syncUrl }: LaunchedShop, orders: readonly ShopOrder[]): Promise<void> {
  const headers = { "content-type": "application/json" };
  for (let start = 0; start < orders.length; start += 100) {
    const body = JSON.stringify({ orders: orders.slice(start, start + 100) });
    const answer = await fetch(`${syncUrl}/orders`, { method: "POST", headers, body });
    assert.equal(answer.status, 200, await answer.text());
  }
}

/** Until everything is trained, the event tracker is known, and lists of trained models are in the cache. */
async function filledCache({ shopUrl }: LaunchedShop): Promise<void> {
  for (const deadline = Date.now() + READY_WITHIN_MS; Date.now() < deadline; await delay(500)) {
    const { runs } = (await (await fetch(`${shopUrl}/runs?limit=20`)).json()) as {
      readonly runs: readonly { kind: string; status: string; state: { versions?: object }; failure_reason?: string }[];
    };
    const failed = runs.find(({ status }) => status === "Failed");
    assert.equal(failed, undefined, `${failed?.kind}: ${failed?.failure_reason}`);
    const isFilled = ({ kind, status, state }: (typeof runs)[number]): boolean =>
      kind === "batch" && status === "Succeeded" && Object.keys(state.versions ?? {}).length > 0;
    const isTrained = runs.some(({ kind, status }) => kind === "training" && status === "Succeeded");
    if (isTrained && runs.some(isFilled)) return;
  }
  assert.fail("the cache was not filled from models in time");
}

const offered = (page: Page): Promise<string[]> =>
  page
    .locator('[aria-label="Offered products"] li')
    .evaluateAll((rows) => rows.map((row) => row.getAttribute("data-product") ?? ""));

/** The shop's page in a real browser, against a shop of two tastes with a catalogue of 10,000 products. */
test("the shop's page", { skip: withoutBrowser(), timeout: 480_000 }, async (context) => {
  await using shop = await launchShop({ environment: { SAMPLE_ORDERS: "none", HOLD_OUT_DAYS: "7" } });
  await using browser = await openBrowser();
  await postOrders(shop, longOrders(PRODUCTS, new Date()));
  await postOrders(shop, shopOrders(new Date()));
  await filledCache(shop);

  await context.test("a customer is offered things of his taste, each with a reason", async () => {
    const page = await browser.openPage(shop.shopUrl);
    await page.getByLabel("Customer id").fill("customer-4");
    await page
      .getByRole("button", { name: /^customer-4\b/ })
      .first()
      .click();
    await page.locator('[aria-label="Offered products"] li').first().waitFor();
    const products = await offered(page);
    const suiting = products.filter((product) => product.startsWith("TEA"));
    assert.ok(suiting.length > products.length / 2, products.join(" "));
    assert.match(await page.getByLabel("Offers").innerText(), /bought/);
  });

  await context.test("what is bought changes the next answer", async () => {
    const page = await browser.openPage(shop.shopUrl);
    await page.getByLabel("Customer id").fill("newcomer");
    await page.getByRole("button", { name: /^newcomer/ }).click();
    await page.locator('[aria-label="Offered products"] li').first().waitFor();
    const before = await offered(page);
    for (const name of ["GARDEN THING 3", "GARDEN THING 8", "GARDEN THING 12"]) {
      await page.getByLabel("Product", { exact: true }).fill(name);
      await page.getByRole("button", { name: `Buy ${name}`, exact: true }).click();
      await page.getByText(`1 × ${name}`).waitFor();
    }
    const gardens = (products: readonly string[]): number =>
      products.filter((product) => product.startsWith("GARDEN")).length;
    let after = before;
    for (const deadline = Date.now() + 15_000; Date.now() < deadline; await delay(200)) {
      after = await offered(page);
      if (gardens(after) > gardens(before)) break;
    }
    assert.notDeepEqual(after, before);
    assert.ok(gardens(after) > gardens(before), `${before.join(" ")} → ${after.join(" ")}`);
  });

  await context.test("10,000 products are scrolled through, of which only those that are seen are drawn", async () => {
    const page = await browser.openPage(shop.shopUrl);
    const scroll = page.locator(".scroll");
    await page.locator(".row").first().waitFor();
    const last = page.getByRole("button", { name: "WARE THING 9999", exact: true });
    for (const deadline = Date.now() + 60_000; Date.now() < deadline && !(await last.isVisible()); ) {
      await scroll.evaluate((element) => element.scrollTo(0, element.scrollHeight));
      assert.ok((await page.locator(".row").count()) < 100, "rows that nobody sees are not drawn");
      await delay(50);
    }
    assert.ok(await last.isVisible(), "the last product is reached");
  });

  await context.test("re-ranking for revenue tells what it costs", async () => {
    const page = await browser.openPage(shop.shopUrl);
    await page.getByLabel("Customer id").fill("customer-4");
    await page
      .getByRole("button", { name: /^customer-4\b/ })
      .first()
      .click();
    await page.getByLabel(/^Revenue/).fill("0.8");
    await page.getByText(/Keeps \d+\.\d % of the relevance/).waitFor();
  });

  await context.test(
    "regions show match rates with intervals, the quality page what was trained and what is wrong",
    async () => {
      const page = await browser.openPage(`${shop.shopUrl}/#/regions`);
      await page.getByRole("img", { name: /% \(/ }).first().waitFor();
      await page.getByRole("link", { name: "Quality" }).click();
      await page.getByRole("heading", { name: "user-personalization" }).waitFor();
      await page.getByText("From the cache", { exact: true }).waitFor();
    },
  );

  // Of somebody who has bought nothing yet there is nothing to be told.
  const problems = browser.problems.filter((problem) => !problem.startsWith(`${shop.shopUrl}/customers/newcomer: `));
  assert.deepEqual(problems, [], "no page has reported an error");
});
