import type { Database, DatabaseConnection } from "../database/database.ts";

/** Two products in one order are no pair to speak of below this: a lift of few orders is chance. */
const LEAST_TOGETHER = 10;
const PER_PRODUCT = 10;
/** A wholesaler's order of everything says little of what goes together, and costs its square. */
const MOST_PRODUCTS_OF_AN_ORDER = 60;

/** What is bought together with a product. */
export interface Bundle {
  readonly other_id: string;
  readonly product_name: string;
  readonly price: number;
  /** Orders with both: the support, in orders. */
  readonly orders_together: number;
  readonly orders_product: number;
  readonly orders_other: number;
  readonly orders_total: number;
  /** How many times as often as if the two had nothing to do with each other: P(both) ÷ (P(one) · P(other)). */
  readonly lift: number;
  /** Of the orders with the product, the share with the other one too. */
  readonly confidence: number;
}

/**
 * Counts pairs in the orders anew: lift with support, Brin, Motwani, Ullman and Tsur, "Dynamic itemset counting and implication rules for market basket
 * data" (SIGMOD 1997), which calls it interest. Of each product the best pairs by lift · √support are kept, so that neither the rarest nor
 * the most popular ones crowd out the rest.
 */
export async function refreshBundles(database: Database): Promise<void> {
  await database.transaction(async (transaction) => {
    await transaction.query("delete from recommendations.bundles");
    await transaction.query(
      `with line as (
         select distinct order_id, product_id from recommendations.order_items
       ), basket as (
         select order_id from line group by 1 having count(*) between 2 and ${MOST_PRODUCTS_OF_AN_ORDER}
       ), kept as (
         select line.* from line join basket using (order_id)
       ), frequent as (
         select product_id, count(*)::integer as orders from kept group by 1 having count(*) >= ${LEAST_TOGETHER}
       ), total as (
         select count(*)::integer as orders from basket
       ), pair as (
         select one.product_id, two.product_id as other_id, count(*)::integer as together
         from kept as one join kept as two on one.order_id = two.order_id and one.product_id < two.product_id
         join frequent as f1 on f1.product_id = one.product_id join frequent as f2 on f2.product_id = two.product_id
         group by 1, 2 having count(*) >= ${LEAST_TOGETHER}
       ), both_ways as (
         select product_id, other_id, together from pair union all select other_id, product_id, together from pair
       ), scored as (
         select both_ways.*, one.orders as of_one, two.orders as of_other, total.orders as of_all,
           together::double precision * total.orders / (one.orders::double precision * two.orders) as lift
         from both_ways cross join total
         join frequent as one using (product_id) join frequent as two on two.product_id = both_ways.other_id
       )
       insert into recommendations.bundles (product_id, other_id, orders_together, orders_product, orders_other, orders_total, lift)
       select product_id, other_id, together, of_one, of_other, of_all, lift from (
         select *, row_number() over (partition by product_id order by lift * sqrt(together) desc, other_id) as place from scored where lift > 1
       ) as ranked where place <= ${PER_PRODUCT}`,
    );
  });
}

/** What is frequently bought together with a product, the strongest first. */
export function readBundles(database: DatabaseConnection, productId: string, limit: number): Promise<Bundle[]> {
  return database.query<Bundle>(
    `select other_id, product_name, price, orders_together, orders_product, orders_other, orders_total, lift,
       orders_together::double precision / orders_product as confidence
     from recommendations.bundles join recommendations.products on products.product_id = other_id
     where bundles.product_id = $1 order by lift * sqrt(orders_together) desc, other_id limit $2`,
    [productId, limit],
  );
}
