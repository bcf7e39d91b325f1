import type { Clock } from "../application-context.ts";
import type { Database } from "../database/database.ts";
import { writeFact } from "../database/facts.ts";
import type { CompanyOrder } from "../orders/company-order.ts";
import { inspectLine } from "../orders/inspect-line.ts";
import { fenceOf, LEAST_OBSERVATIONS, NO_FENCES, writeFence } from "../orders/outlier-fence.ts";
import { syncOrders } from "../orders/sync-orders.ts";
import { unifyProductId } from "../orders/unify-id.ts";
import type { Run, RunKind } from "../runs/run.ts";
import type { RecommendationsSettings } from "../settings.ts";
import { readSample } from "./read-sample.ts";

export interface SampleContext {
  readonly database: Database;
  readonly clock: Clock;
  readonly settings: Pick<RecommendationsSettings, "sampleOrders" | "nonProducts">;
}

/** How far the loading of the sample is. */
export interface SampleState {
  /** Orders that are in, or in quarantine. */
  readonly done: number;
  /** 0 until they are counted. */
  readonly orders: number;
  readonly lines: number;
  readonly weeksMoved: number;
}

/** Orders of one transaction. */
const ORDERS_PER_STEP = 400;
const WEEK_MS = 7 * 24 * 3_600_000;

/**
 * Loads the orders of a real shop into an empty database, in the background: counts them and finds what is unusual among them, then takes them in
 * batches through the same door as the company's orders.
 */
export function sampleRun(
  context: SampleContext,
  read: () => AsyncIterable<CompanyOrder> = readSample,
): RunKind<SampleState> {
  let open: { readonly orders: AsyncIterator<CompanyOrder>; position: number } | undefined;

  /** The next orders after `position`; after a restart the file is read up to there once more. */
  async function nextOrders(position: number): Promise<CompanyOrder[]> {
    if (open?.position !== position) {
      open = { orders: read()[Symbol.asyncIterator](), position: 0 };
      for (; open.position < position; open.position++) await open.orders.next();
    }
    const orders: CompanyOrder[] = [];
    while (orders.length < ORDERS_PER_STEP) {
      const { done, value } = await open.orders.next();
      if (done === true) break;
      orders.push(value);
    }
    open.position += orders.length;
    return orders;
  }

  async function load({ state }: Run<SampleState>) {
    const orders = await nextOrders(state.done);
    if (orders.length === 0) {
      const { weeksMoved, lines } = state;
      await writeFact(context.database, "sample", { weeksMoved, lines, orders: state.orders });
      open = undefined;
      return { state, step: undefined };
    }
    const moved = orders.map((order) => moveBy(order, state.weeksMoved));
    await syncOrders(context, moved, { delivery: "export", receivedAt: context.clock.now() });
    return { state: { ...state, done: state.done + orders.length }, step: "load" };
  }

  return {
    name: "sample",
    begin: () => ({ state: { done: 0, orders: 0, lines: 0, weeksMoved: 0 }, step: "count" }),
    async isDue(latest) {
      if (latest !== undefined || context.settings.sampleOrders === "none") return false;
      const orders = await context.database.query("select 1 as one from recommendations.orders limit 1");
      return orders.length === 0;
    },
    advance: async (run) => (run.step === "count" ? { state: await count(context, read), step: "load" } : load(run)),
  };
}

/** One pass over all: how many there are, when the newest is, and from where on a quantity or a price is an outlier. */
async function count(
  { database, clock, settings }: SampleContext,
  read: () => AsyncIterable<CompanyOrder>,
): Promise<SampleState> {
  const nonProducts = new Set(settings.nonProducts.map((id) => unifyProductId(id) ?? ""));
  const values = { quantity: [] as number[], unit_price: [] as number[] };
  let [orders, lines, newest] = [0, 0, 0];
  for await (const order of read()) {
    orders++;
    lines += order.lines.length;
    newest = Math.max(newest, Date.parse(order.ordered_at));
    for (const line of order.lines) {
      const inspected = inspectLine(line, { fences: NO_FENCES, nonProducts });
      if ("reason" in inspected) continue;
      values.quantity.push(inspected.quantity);
      values.unit_price.push(inspected.unit_price);
    }
  }
  const now = clock.now();
  for (const measure of ["quantity", "unit_price"] as const) {
    const observations = values[measure].length;
    if (observations < LEAST_OBSERVATIONS) continue;
    await writeFence(database, { measure, upper: fenceOf(values[measure]), observations, now });
  }
  const weeksMoved = settings.sampleOrders === "moved" ? Math.floor((now.getTime() - newest) / WEEK_MS) : 0;
  return { done: 0, orders, lines, weeksMoved };
}

/** By whole weeks, so that weekdays and hours stay. */
function moveBy(order: CompanyOrder, weeks: number): CompanyOrder {
  return { ...order, ordered_at: new Date(Date.parse(order.ordered_at) + weeks * WEEK_MS).toISOString() };
}
