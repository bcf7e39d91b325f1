import type { DatabaseConnection } from "../database/database.ts";
import type { BatchInput } from "../personalize/batch-inference.ts";
import type { Solution } from "../personalize/solutions.ts";

/** A question to a model, and what would have been the right answer. */
export interface JudgedSubject {
  /** User or product. */
  readonly id: string;
  readonly input: BatchInput;
  /** What was bought in the hold-out. */
  readonly wanted: readonly string[];
}

/** The hold-out: purchases after `from` and until `to`. */
export interface HoldOut {
  readonly from: Date;
  readonly to: Date;
}

/** Enough for an interval of half a point, few enough for a minute. */
const MOST_SUBJECTS = 2_000;
/** A ranking is judged on what was bought among so many products. */
const RANKED = 100;
const MOST_WANTED = 20;
const MOST_PRODUCTS_OF_AN_ORDER = 60;

/** When the newest so many days begin; undefined without orders. */
export async function readHoldOut(database: DatabaseConnection, days: number): Promise<HoldOut | undefined> {
  const [row] = await database.query<{ to: Date | null }>("select max(ordered_at) as to from recommendations.orders");
  if (row === undefined || row.to === null) return undefined;
  return { from: new Date(row.to.getTime() - days * 24 * 3_600_000), to: row.to };
}

/** Whom a solution is judged on, always the same for the same hold-out: users and products known before it who appear in it. */
export function readSubjects(
  database: DatabaseConnection,
  solution: Solution,
  holdOut: HoldOut,
): Promise<JudgedSubject[]> {
  if (solution === "similar-items") return readProductSubjects(database, holdOut);
  return solution === "ranking" ? readRankingSubjects(database, holdOut) : readUserSubjects(database, holdOut);
}

const BOUGHT = `
  select unified_customer_id as id, product_id from recommendations.orders
  join recommendations.order_items using (order_id) join recommendations.products using (product_id)
  join recommendations.customers using (unified_customer_id)
  where ordered_at > $1 and ordered_at <= $2 and products.first_ordered_at <= $1 and customers.first_ordered_at <= $1`;

async function readUserSubjects(database: DatabaseConnection, { from, to }: HoldOut): Promise<JudgedSubject[]> {
  const rows = await database.query<{ id: string; wanted: string[] }>(
    `select id, jsonb_agg(distinct product_id) as wanted from (${BOUGHT}) as bought
     group by id order by md5(id) limit ${MOST_SUBJECTS}`,
    [from, to],
  );
  return rows.map(({ id, wanted }) => ({ id, wanted, input: { userId: id } }));
}

/** What was bought with a product in the same orders. */
async function readProductSubjects(database: DatabaseConnection, { from, to }: HoldOut): Promise<JudgedSubject[]> {
  const rows = await database.query<{ id: string; wanted: string[] }>(
    `with line as (
       select distinct order_id, product_id from recommendations.orders join recommendations.order_items using (order_id)
       join recommendations.products using (product_id) where ordered_at > $1 and ordered_at <= $2 and products.first_ordered_at <= $1
     ), basket as (
       select order_id from line group by 1 having count(*) between 2 and ${MOST_PRODUCTS_OF_AN_ORDER}
     ), kept as (
       select line.* from line join basket using (order_id)
     ), chosen as (
       select product_id from kept group by 1 order by md5(product_id) limit ${MOST_SUBJECTS}
     )
     select one.product_id as id, jsonb_agg(distinct two.product_id) as wanted
     from chosen join kept as one using (product_id) join kept as two on two.order_id = one.order_id and two.product_id <> one.product_id
     group by 1 order by md5(one.product_id)`,
    [from, to],
  );
  return rows.map(({ id, wanted }) => ({ id, wanted, input: { itemId: id } }));
}

/** What he bought among products that he did not, drawn from all that are for sale: the order within the list is all that counts. */
async function readRankingSubjects(database: DatabaseConnection, holdOut: HoldOut): Promise<JudgedSubject[]> {
  const subjects = await readUserSubjects(database, holdOut);
  const products = await database.query<{ id: string }>(
    "select product_id as id from recommendations.products where first_ordered_at <= $1 order by md5(product_id)",
    [holdOut.from],
  );
  return subjects.map(({ id, wanted: all }, index) => {
    const wanted = all.slice(0, MOST_WANTED);
    const known = new Set(all);
    const others = Array.from({ length: Math.min(RANKED * 2, products.length) }, (_, place) => {
      // A stride that shares no factor with the number of products would walk all of them; any will do for a sample.
      return products[(index * 7_919 + place * 131) % products.length]?.id ?? "";
    });
    const unwanted = [...new Set(others)].filter((other) => !known.has(other)).slice(0, RANKED - wanted.length);
    // By id, so that the order given says nothing.
    const itemList = [...wanted, ...unwanted].toSorted();
    return { id, wanted, input: { userId: id, itemList } };
  });
}

/** The products with most buyers in the 90 days before the hold-out, which is what everybody would be offered without a model. */
export async function readPopularBefore(database: DatabaseConnection, { from }: HoldOut): Promise<Map<string, number>> {
  const rows = await database.query<{ id: string; buyers: number }>(
    `select product_id as id, count(distinct unified_customer_id)::integer as buyers
     from recommendations.orders join recommendations.order_items using (order_id)
     where ordered_at <= $1 and ordered_at > $1::timestamptz - interval '90 days' group by 1 order by buyers desc, product_id`,
    [from],
  );
  return new Map(rows.map(({ id, buyers }) => [id, buyers]));
}

/** The list that popularity alone would give. */
export function popularList({ id, input }: JudgedSubject, popular: ReadonlyMap<string, number>): string[] {
  if ("itemList" in input && input.itemList !== undefined) {
    return input.itemList.toSorted((one, two) => (popular.get(two) ?? 0) - (popular.get(one) ?? 0));
  }
  return [...popular.keys()].filter((product) => product !== id).slice(0, 25);
}
