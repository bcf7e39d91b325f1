import type { Database, DatabaseConnection } from "../database/database.ts";

/** Everywhere, as a location. */
const EVERYWHERE = "";
const PER_LOCATION = 50;
/** What is popular now is what was bought in the newest weeks; the newest order says when now is. */
const RECENT = "interval '90 days'";

export interface PopularProduct {
  readonly product_id: string;
  readonly buyers: number;
}

const COUNTED = `
  select orders.location, item.product_id, count(distinct orders.unified_customer_id)::integer as buyers
  from recommendations.orders join recommendations.order_items as item using (order_id)
  where orders.ordered_at > (select max(ordered_at) from recommendations.orders) - ${RECENT}`;

/** Counts anew what most customers of a location, and of all, have bought recently. */
export async function refreshPopularProducts(database: Database): Promise<void> {
  await database.transaction(async (transaction) => {
    await transaction.query("delete from recommendations.popular_products");
    await transaction.query(
      `insert into recommendations.popular_products (location, rank, product_id, buyers)
       select location, rank, product_id, buyers from (
         select *, row_number() over (partition by location order by buyers desc, product_id)::integer as rank from (
           ${COUNTED} and orders.location is not null group by 1, 2
           union all
           select '${EVERYWHERE}', product_id, sum(buyers)::integer from (${COUNTED} group by 1, 2) as everywhere group by 2
         ) as counted
       ) as ranked where rank <= ${PER_LOCATION}`,
    );
  });
}

/** The popular products of a location, or of all; counted on the spot before the first refresh. */
export async function readPopular(
  database: DatabaseConnection,
  { location, limit }: { readonly location?: string | undefined; readonly limit: number },
): Promise<PopularProduct[]> {
  const rows = await database.query<PopularProduct>(
    "select product_id, buyers from recommendations.popular_products where location = $1 order by rank limit $2",
    [location ?? EVERYWHERE, limit],
  );
  if (rows.length > 0 || location !== undefined) return rows;
  return database.query<PopularProduct>(
    `select product.product_id, count(item.order_id)::integer as buyers
     from recommendations.products as product left join recommendations.order_items as item using (product_id)
     group by 1 order by buyers desc, product_id limit $1`,
    [limit],
  );
}
