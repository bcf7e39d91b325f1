import { type PopulationShift, populationShift } from "@rondo/statistics";
import type { ApplicationContext } from "../application-context.ts";
import type { DatabaseConnection } from "../database/database.ts";

/** How what is bought now differs from what was bought before, and how much of it is new (P-42). */
export interface Drift {
  /** The newest days, and the twelve weeks before them. */
  readonly recent: Window;
  readonly reference: Window;
  /** Purchases over the products, in tenths by how popular they were in the reference. */
  readonly products: PopulationShift;
  readonly categories: PopulationShift;
  readonly locations: PopulationShift;
  readonly cold_start: {
    /** Recent lines of customers who had never bought before ÷ recent lines. */
    readonly new_customers: number;
    /** Recent lines of products that nobody had bought before ÷ recent lines. */
    readonly new_products: number;
  };
}

interface Window {
  readonly from: Date;
  readonly to: Date;
  readonly lines: number;
}

const REFERENCE_DAYS = 84;
/** Fewer say nothing of a distribution. */
const LEAST_LINES = 200;
const DAY_MS = 24 * 3_600_000;

/** Compares the newest days with the weeks before; undefined while there are too few purchases for it. */
export async function measureDrift({
  database,
  settings,
}: Pick<ApplicationContext, "database" | "settings">): Promise<Drift | undefined> {
  const [newest] = await database.query<{ at: Date | null }>(
    "select max(ordered_at) as at from recommendations.orders",
  );
  if (newest === undefined || newest.at === null) return undefined;
  const to = newest.at;
  const from = new Date(to.getTime() - settings.holdOutDays * DAY_MS);
  const since = new Date(from.getTime() - REFERENCE_DAYS * DAY_MS);
  const bounds: Bounds = { since, from, to };
  const products = await countBoth(database, "product_id", bounds);
  const lines = sumOf(products);
  if (lines.reference < LEAST_LINES || lines.recent < LEAST_LINES) return undefined;
  return {
    recent: { from, to, lines: lines.recent },
    reference: { from: since, to: from, lines: lines.reference },
    products: shiftOf(byTenths(products, lines.reference)),
    categories: shiftOf(await countBoth(database, "coalesce(category, '')", bounds)),
    locations: shiftOf(await countBoth(database, "coalesce(orders.location, '')", bounds)),
    cold_start: await coldStart(database, bounds),
  };
}

interface Bounds {
  readonly since: Date;
  readonly from: Date;
  readonly to: Date;
}

interface BothCounts {
  readonly reference: number;
  readonly recent: number;
}

const LINES = `recommendations.orders join recommendations.order_items using (order_id) join recommendations.products using (product_id)`;

/** Lines of each value of an expression in both windows, the most frequent of the reference first. */
function countBoth(
  database: DatabaseConnection,
  expression: string,
  { since, from, to }: Bounds,
): Promise<BothCounts[]> {
  return database.query<BothCounts>(
    `select count(*) filter (where ordered_at <= $2)::integer as reference, count(*) filter (where ordered_at > $2)::integer as recent
     from ${LINES} where ordered_at > $1 and ordered_at <= $3 group by ${expression} order by 1 desc, 2 desc, ${expression}`,
    [since, from, to],
  );
}

function sumOf(counts: readonly BothCounts[]): BothCounts {
  return counts.reduce(
    (sum, { reference, recent }) => ({ reference: sum.reference + reference, recent: sum.recent + recent }),
    { reference: 0, recent: 0 },
  );
}

/** Joins products to bins of a tenth of the reference's lines each; those that it had not are in the last one. */
function byTenths(counts: readonly BothCounts[], total: number): BothCounts[] {
  const bins = Array.from({ length: 10 }, () => ({ reference: 0, recent: 0 }));
  let before = 0;
  for (const { reference, recent } of counts) {
    const bin = bins[Math.min(9, Math.floor((before / total) * 10))];
    before += reference;
    if (bin === undefined) continue;
    bin.reference += reference;
    bin.recent += recent;
  }
  return bins;
}

function shiftOf(counts: readonly BothCounts[]): PopulationShift {
  return populationShift(
    counts.map(({ reference }) => reference),
    counts.map(({ recent }) => recent),
  );
}

async function coldStart(database: DatabaseConnection, { from, to }: Bounds): Promise<Drift["cold_start"]> {
  const [row] = await database.query<{ lines: number; of_new_customers: number; of_new_products: number }>(
    `select count(*)::integer as lines, count(*) filter (where customers.first_ordered_at > $1)::integer as of_new_customers,
       count(*) filter (where products.first_ordered_at > $1)::integer as of_new_products
     from ${LINES} join recommendations.customers using (unified_customer_id) where ordered_at > $1 and ordered_at <= $2`,
    [from, to],
  );
  const { lines = 0, of_new_customers = 0, of_new_products = 0 } = row ?? {};
  return { new_customers: of_new_customers / Math.max(1, lines), new_products: of_new_products / Math.max(1, lines) };
}
