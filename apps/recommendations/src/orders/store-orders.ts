import type { Database, DatabaseConnection } from "../database/database.ts";
import type { MappedOrder, QuarantinedLine } from "./map-order.ts";

/** `known`: was there before. `changed`: was there with other content; the first is kept. `quarantined`: has no sound line. */
export type OrderStatus = "accepted" | "known" | "changed" | "quarantined";

export interface StoredOrder {
  readonly order_id: string;
  readonly status: OrderStatus;
  readonly accepted_lines: number;
  readonly quarantined_lines: number;
}

export interface StoreOptions {
  /** How Personalize will learn of the lines: with the next exported CSV, or as events from the outbox. */
  readonly delivery: "export" | "event";
  readonly receivedAt: Date;
}

/**
 * Writes orders with their customers, products, quarantined lines and outgoing events in one transaction. An order that is there already changes
 * nothing, so a batch may be sent again. Returns what became of each, in their order.
 */
export function storeOrders(
  database: Database,
  orders: readonly MappedOrder[],
  options: StoreOptions,
): Promise<StoredOrder[]> {
  return database.transaction(async (transaction) => {
    const firsts = new Map<string, MappedOrder>();
    for (const order of orders) if (!firsts.has(order.order_id)) firsts.set(order.order_id, order);
    const hashes = await knownHashes(transaction, [...firsts.keys()]);
    const news = [...firsts.values()].filter(({ order_id }) => !hashes.has(order_id));
    const sound = news.filter(({ customer }) => customer !== undefined);
    await upsertCustomers(transaction, sound);
    await upsertProducts(transaction, sound);
    const inserted = await insertOrders(transaction, sound, options.receivedAt);
    // One that another process has stored since we looked is left to it.
    const fresh = sound.filter(({ order_id }) => inserted.has(order_id));
    await insertItems(transaction, fresh, options.delivery);
    if (options.delivery === "event") await queueEvents(transaction, fresh, options.receivedAt);
    const statuses = orders.map((order) => statusOf(order, { firsts, hashes }));
    const kept = news.filter(({ order_id, customer }) => customer === undefined || inserted.has(order_id));
    const changed = orders.filter((_, index) => statuses[index] === "changed").map(changedLine);
    await insertQuarantine(
      transaction,
      [...kept.flatMap(({ quarantined }) => quarantined), ...changed],
      options.receivedAt,
    );
    return orders.map(({ order_id, items, quarantined }, index) => {
      const status = statuses[index] ?? "known";
      const isNew = status === "accepted" || status === "quarantined";
      return {
        order_id,
        status,
        accepted_lines: isNew ? items.length : 0,
        quarantined_lines: isNew ? quarantined.length : 0,
      };
    });
  });
}

interface Known {
  /** The first order of the batch with that id. */
  readonly firsts: ReadonlyMap<string, MappedOrder>;
  /** Of orders that were there before. */
  readonly hashes: ReadonlyMap<string, string>;
}

function statusOf(order: MappedOrder, { firsts, hashes }: Known): OrderStatus {
  const first = firsts.get(order.order_id);
  const before = hashes.get(order.order_id) ?? (first === order ? undefined : first?.content_hash);
  if (before !== undefined) return before === order.content_hash ? "known" : "changed";
  return order.customer === undefined ? "quarantined" : "accepted";
}

function changedLine({ order_id, ordered_at, source }: MappedOrder): QuarantinedLine {
  const detail = "An order with this number and other content was there before; that one is kept.";
  return { order_id, ordered_at, line_number: 0, reason: "changed_order", detail, content: source };
}

async function knownHashes(transaction: DatabaseConnection, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await transaction.query<{ order_id: string; content_hash: string }>(
    "select order_id, content_hash from recommendations.orders where order_id = any($1)",
    [ids],
  );
  return new Map(rows.map(({ order_id, content_hash }) => [order_id, content_hash]));
}

/** Rows are written in the order of their keys, so that two transactions wait for each other instead of both for ever. */
async function upsertCustomers(transaction: DatabaseConnection, orders: readonly MappedOrder[]): Promise<void> {
  if (orders.length === 0) return;
  const rows = orders.map(({ customer, ordered_at }) => ({ ...customer, ordered_at }));
  await transaction.query(
    `insert into recommendations.customers as known (unified_customer_id, location, age, gender, first_ordered_at, last_ordered_at)
     select distinct on (unified_customer_id) unified_customer_id, location, age, gender,
       min(ordered_at) over customer, max(ordered_at) over customer
     from jsonb_to_recordset($1::jsonb) as line (unified_customer_id text, location text, age integer, gender text, ordered_at timestamptz)
     window customer as (partition by unified_customer_id)
     order by unified_customer_id, ordered_at desc
     on conflict (unified_customer_id) do update set
       location = case when excluded.last_ordered_at >= known.last_ordered_at then coalesce(excluded.location, known.location) else known.location end,
       age = coalesce(excluded.age, known.age),
       gender = coalesce(excluded.gender, known.gender),
       first_ordered_at = least(known.first_ordered_at, excluded.first_ordered_at),
       last_ordered_at = greatest(known.last_ordered_at, excluded.last_ordered_at)`,
    [JSON.stringify(rows)],
  );
}

async function upsertProducts(transaction: DatabaseConnection, orders: readonly MappedOrder[]): Promise<void> {
  if (orders.length === 0) return;
  const rows = orders.flatMap(({ products, ordered_at }) => products.map((product) => ({ ...product, ordered_at })));
  await transaction.query(
    `insert into recommendations.products as known (product_id, product_name, category, price, described_at, first_ordered_at)
     select distinct on (product_id) product_id, product_name, category, price, ordered_at, min(ordered_at) over (partition by product_id)
     from jsonb_to_recordset($1::jsonb)
       as line (product_id text, product_name text, category text, price double precision, ordered_at timestamptz)
     order by product_id, ordered_at desc
     on conflict (product_id) do update set
       product_name = case when excluded.described_at >= known.described_at and excluded.product_name <> excluded.product_id
         then excluded.product_name else known.product_name end,
       category = case when excluded.described_at >= known.described_at then coalesce(excluded.category, known.category) else known.category end,
       price = case when excluded.described_at >= known.described_at then excluded.price else known.price end,
       described_at = greatest(known.described_at, excluded.described_at),
       first_ordered_at = least(known.first_ordered_at, excluded.first_ordered_at)`,
    [JSON.stringify(rows)],
  );
}

async function insertOrders(
  transaction: DatabaseConnection,
  orders: readonly MappedOrder[],
  receivedAt: Date,
): Promise<Set<string>> {
  if (orders.length === 0) return new Set();
  const rows = orders.map(({ order_id, ordered_at, content_hash, customer }) => ({
    order_id,
    ordered_at,
    content_hash,
    ...customer,
  }));
  const inserted = await transaction.query<{ order_id: string }>(
    `insert into recommendations.orders (order_id, unified_customer_id, location, ordered_at, content_hash, received_at)
     select order_id, unified_customer_id, location, ordered_at, content_hash, $2::timestamptz
     from jsonb_to_recordset($1::jsonb)
       as line (order_id text, unified_customer_id text, location text, ordered_at timestamptz, content_hash text)
     order by order_id
     on conflict (order_id) do nothing
     returning order_id`,
    [JSON.stringify(rows), receivedAt],
  );
  return new Set(inserted.map(({ order_id }) => order_id));
}

async function insertItems(
  transaction: DatabaseConnection,
  orders: readonly MappedOrder[],
  delivery: StoreOptions["delivery"],
): Promise<void> {
  if (orders.length === 0) return;
  await transaction.query(
    `insert into recommendations.order_items (order_id, line_number, product_id, quantity, unit_price, delivery)
     select order_id, line_number, product_id, quantity, unit_price, $2
     from jsonb_to_recordset($1::jsonb)
       as line (order_id text, line_number integer, product_id text, quantity double precision, unit_price double precision)`,
    [JSON.stringify(orders.flatMap(({ items }) => items)), delivery],
  );
}

async function insertQuarantine(
  transaction: DatabaseConnection,
  lines: readonly QuarantinedLine[],
  receivedAt: Date,
): Promise<void> {
  if (lines.length === 0) return;
  await transaction.query(
    `insert into recommendations.quarantine (order_id, line_number, reason, detail, ordered_at, received_at, content)
     select order_id, line_number, reason, detail, ordered_at, $2::timestamptz, content
     from jsonb_to_recordset($1::jsonb)
       as line (order_id text, line_number integer, reason text, detail text, ordered_at timestamptz, content jsonb)
     on conflict (order_id, line_number, reason) do nothing`,
    [JSON.stringify(lines), receivedAt],
  );
}

/**
 * The events leave from the outbox. What was computed for these customers before they bought is taken out of the cache in the same moment, so that the
 * next answer is not from before.
 */
async function queueEvents(
  transaction: DatabaseConnection,
  orders: readonly MappedOrder[],
  receivedAt: Date,
): Promise<void> {
  if (orders.length === 0) return;
  const rows = orders.flatMap(({ items, customer, ordered_at }) =>
    items.map(({ order_id, line_number, product_id, quantity }) => ({
      event_id: `${order_id}:${line_number}`,
      order_id,
      unified_customer_id: customer?.unified_customer_id,
      product_id,
      quantity,
      ordered_at,
    })),
  );
  await transaction.query(
    `insert into recommendations.event_outbox (event_id, order_id, unified_customer_id, product_id, quantity, ordered_at, queued_at)
     select event_id, order_id, unified_customer_id, product_id, quantity, ordered_at, $2::timestamptz
     from jsonb_to_recordset($1::jsonb)
       as line (event_id text, order_id text, unified_customer_id text, product_id text, quantity double precision, ordered_at timestamptz)`,
    [JSON.stringify(rows), receivedAt],
  );
  const customers = orders.map(({ customer }) => customer?.unified_customer_id);
  await transaction.query(
    "update recommendations.customers set last_event_at = 'infinity' where unified_customer_id = any($1)",
    [customers],
  );
  await transaction.query("delete from recommendations.offline_user_recommendations where user_id = any($1)", [
    customers,
  ]);
}
