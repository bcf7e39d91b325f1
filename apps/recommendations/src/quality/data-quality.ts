import { type CacheName, readCacheState } from "../answers/cache.ts";
import type { ApplicationContext } from "../application-context.ts";
import type { Database } from "../database/database.ts";
import { readOutbox } from "../events/outbox.ts";
import type { QuarantineReason } from "../orders/inspect-line.ts";
import { countQuarantine } from "../orders/quarantine.ts";

/** How sound the shop's data is (P-41). */
export interface DataQuality {
  readonly lines: number;
  readonly quarantined: number;
  readonly quarantined_by_reason: Readonly<Partial<Record<QuarantineReason, number>>>;
  /** Lines without a customer or a product ÷ all that came in. */
  readonly missing: number;
  /** Lines and orders that came twice ÷ all that came in. */
  readonly duplicate: number;
  /** Unusual quantities and prices ÷ all that came in. */
  readonly outlier: number;
  /** Who can be learned from and who cannot. */
  readonly coverage: {
    readonly products: number;
    /** Products that somebody has bought in the newest 90 days. */
    readonly products_bought_recently: number;
    /** Products in any list of the cache ÷ products. */
    readonly recommended_share: number | null;
    readonly customers: number;
    readonly active_customers: number;
    /** Active customers whose list is in the cache ÷ active customers. */
    readonly cached_share: number | null;
    /** Customers with one order only: little is known of them. */
    readonly customers_with_one_order: number;
  };
  readonly freshness: {
    readonly newest_order_at: Date | null;
    readonly newest_received_at: Date | null;
    readonly events_waiting: number;
    readonly oldest_event_queued_at: Date | null;
  };
}

/** Reads what is in the tables now. */
export async function readDataQuality({
  database,
  settings,
}: Pick<ApplicationContext, "database" | "settings">): Promise<DataQuality> {
  const reasons = await countQuarantine(database);
  const quarantined = Object.values(reasons).reduce((sum, count) => sum + count, 0);
  const [counts] = await database.query<Counts>(COUNTS, [Math.round(settings.activeDays)]);
  if (counts === undefined) throw new Error("The counts of the tables did not come back.");
  const outbox = await readOutbox(database);
  const lines = counts.lines + quarantined;
  const share = (...names: QuarantineReason[]): number =>
    lines === 0 ? 0 : names.reduce((sum, name) => sum + (reasons[name] ?? 0), 0) / lines;
  return {
    lines,
    quarantined,
    quarantined_by_reason: reasons,
    missing: share("missing_customer", "missing_product"),
    duplicate: share("duplicate", "changed_order"),
    outlier: share("outlier_quantity", "outlier_price"),
    coverage: {
      products: counts.products,
      products_bought_recently: counts.products_bought_recently,
      recommended_share: ratio(await countRecommended(database), counts.products),
      customers: counts.customers,
      active_customers: counts.active_customers,
      cached_share: ratio(counts.cached_active_customers, counts.active_customers),
      customers_with_one_order: counts.customers_with_one_order,
    },
    freshness: {
      newest_order_at: counts.newest_order_at,
      newest_received_at: counts.newest_received_at,
      events_waiting: outbox.waiting,
      oldest_event_queued_at: outbox.oldest_queued_at,
    },
  };
}

interface Counts {
  readonly lines: number;
  readonly products: number;
  readonly products_bought_recently: number;
  readonly customers: number;
  readonly active_customers: number;
  readonly cached_active_customers: number;
  readonly customers_with_one_order: number;
  readonly newest_order_at: Date | null;
  readonly newest_received_at: Date | null;
}

const COUNTS = `
  with newest as (
    select max(ordered_at) as ordered_at, max(received_at) as received_at from recommendations.orders
  ), active as (
    select unified_customer_id from recommendations.customers, newest
    where last_ordered_at > newest.ordered_at - make_interval(days => $1::integer)
  )
  select (select count(*)::integer from recommendations.order_items) as lines,
    (select count(*)::integer from recommendations.products) as products,
    (select count(distinct product_id)::integer from recommendations.orders join recommendations.order_items using (order_id)
     where orders.ordered_at > newest.ordered_at - interval '90 days') as products_bought_recently,
    (select count(*)::integer from recommendations.customers) as customers,
    (select count(*)::integer from active) as active_customers,
    (select count(*)::integer from active join recommendations.offline_user_recommendations on user_id = unified_customer_id) as cached_active_customers,
    (select count(*)::integer from (
       select 1 from recommendations.orders group by unified_customer_id having count(*) = 1) as once) as customers_with_one_order,
    newest.ordered_at as newest_order_at, newest.received_at as newest_received_at
  from newest`;

async function countRecommended(database: Database): Promise<number> {
  const [row] = await database.query<{ products: number }>(
    `select count(distinct offer ->> 'product_id')::integer as products
     from recommendations.offline_user_recommendations cross join lateral jsonb_array_elements(recommendations) as offer`,
  );
  return row?.products ?? 0;
}

/** How full and how old the cache is. */
export async function readCaches({
  database,
  settings,
  clock,
}: Pick<ApplicationContext, "database" | "settings" | "clock">) {
  const freshSince = new Date(clock.now().getTime() - settings.cacheHours * 3_600_000);
  const read = (cache: CacheName) => readCacheState(database, cache, freshSince);
  return { ttl_hours: settings.cacheHours, users: await read("users"), items: await read("items") };
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
