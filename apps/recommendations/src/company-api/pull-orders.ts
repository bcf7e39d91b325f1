import { setTimeout as pause } from "node:timers/promises";
import type { ApplicationContext } from "../application-context.ts";
import { readFact, writeFact } from "../database/facts.ts";
import { isTransient } from "../is-transient.ts";

export interface PullOptions {
  /** Of the company's API: `https://shop.example/orders`. */
  readonly companyUrl: string;
  /** Of the sync service, through whose door the orders go. */
  readonly syncUrl: string;
  /** Between two looks when there is nothing more. */
  readonly everyMs: number;
}

type PullContext = Pick<ApplicationContext, "database" | "onFault">;

const TIMEOUT_MS = 30_000;
const ORDERS_PER_PAGE = 500;

/** A page of the company's orders, in the form of `POST /orders`. */
interface OrderPage {
  readonly orders: readonly unknown[];
  /** Given as `after` to the next question; the same as before when there is nothing new. */
  readonly next: string | null;
}

/** Fetches the company's orders as they come, from where the last start has stopped (P-16). */
export function startOrderPull(context: PullContext, options: PullOptions): AsyncDisposable {
  const closing = new AbortController();
  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      let fetched = 0;
      try {
        fetched = await pullPage(context, options, closing.signal);
      } catch (error) {
        if (!closing.signal.aborted && !isTransient(error)) context.onFault(error);
      }
      if (fetched > 0) continue;
      await pause(options.everyMs, undefined, { signal: closing.signal, ref: false }).catch(() => undefined);
    }
  }
  const running = run();
  return {
    async [Symbol.asyncDispose]() {
      closing.abort(new Error("The application is closing."));
      await running;
    },
  };
}

/**
 * Fetches one page and stores it; returns how many orders it had. The place is noted when they are stored: after a crash the page is fetched again, which
 * changes nothing. Throws when the company's API answers with something else than a page.
 */
export async function pullPage({ database }: PullContext, options: PullOptions, signal: AbortSignal): Promise<number> {
  const { companyUrl, syncUrl } = options;
  const after = (await readFact(database, "companyOrders"))?.after;
  const url = new URL(companyUrl);
  url.searchParams.set("limit", String(ORDERS_PER_PAGE));
  if (after !== undefined) url.searchParams.set("after", after);
  const page = await askJson<OrderPage>(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]) });
  if (!Array.isArray(page.orders) || (page.next !== null && typeof page.next !== "string")) {
    throw new Error(`${url} should answer {"orders": […], "next": "…" or null}.`);
  }
  if (page.orders.length === 0) return 0;
  await askJson(new URL("/orders", syncUrl), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ orders: page.orders }),
    signal,
  });
  if (page.next !== null) await writeFact(database, "companyOrders", { after: page.next });
  return page.next === null || page.next === after ? 0 : page.orders.length;
}

async function askJson<Body>(url: URL, init: RequestInit): Promise<Body> {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${url} answers ${response.status}: ${(await response.text()).slice(0, 500)}`);
  return (await response.json()) as Body;
}
