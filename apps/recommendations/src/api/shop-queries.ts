import type { ProductFacts } from "../answers/present-answer.ts";
import type { DatabaseConnection } from "../database/database.ts";

/** A page of a list that is ordered by id. */
export interface PageOf {
  /** Part of a name or an id. */
  readonly search?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

export function listProducts(database: DatabaseConnection, { search, after, limit }: PageOf): Promise<ProductFacts[]> {
  return database.query<ProductFacts>(
    `select product_id, product_name, category, price from recommendations.products
     where ($1::text is null or product_name ilike $1 or product_id ilike $1) and ($2::text is null or product_id > $2)
     order by product_id limit $3`,
    [containing(search), after ?? null, limit],
  );
}

/** A customer in a list. */
export interface CustomerRow {
  readonly user_id: string;
  readonly location: string | null;
  readonly orders: number;
  readonly last_ordered_at: Date;
}

const CUSTOMER_COLUMNS = `unified_customer_id as user_id, location, last_ordered_at, (
  select count(*)::integer from recommendations.orders where orders.unified_customer_id = customers.unified_customer_id) as orders`;

export function listCustomers(
  database: DatabaseConnection,
  { search, after, limit, location }: PageOf & { readonly location?: string | undefined },
): Promise<CustomerRow[]> {
  return database.query<CustomerRow>(
    `select ${CUSTOMER_COLUMNS} from recommendations.customers
     where ($1::text is null or unified_customer_id ilike $1) and ($2::text is null or unified_customer_id > $2) and ($3::text is null or location = $3)
     order by unified_customer_id limit $4`,
    [containing(search), after ?? null, location ?? null, limit],
  );
}

/** A line that a customer has bought. */
export interface PurchaseRow extends ProductFacts {
  readonly order_id: string;
  readonly quantity: number;
  readonly unit_price: number;
  readonly ordered_at: Date;
}

/** A customer with his newest purchases; undefined for an unknown one. */
export async function readCustomer(
  database: DatabaseConnection,
  userId: string,
): Promise<(CustomerRow & { readonly purchases: readonly PurchaseRow[] }) | undefined> {
  const [customer] = await database.query<CustomerRow>(
    `select ${CUSTOMER_COLUMNS} from recommendations.customers where unified_customer_id = $1`,
    [userId],
  );
  if (customer === undefined) return undefined;
  const purchases = await database.query<PurchaseRow>(
    `select product_id, product_name, category, price, order_id, quantity, unit_price, ordered_at
     from recommendations.orders join recommendations.order_items using (order_id) join recommendations.products using (product_id)
     where unified_customer_id = $1 order by ordered_at desc, order_id, line_number limit 100`,
    [userId],
  );
  return { ...customer, purchases };
}

/** A pattern for `ilike`; null finds everything. */
function containing(search: string | undefined): string | null {
  return search === undefined || search === "" ? null : `%${search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}
