import type { ApplicationContext } from "../application-context.ts";
import { LEAST_OBSERVATIONS, outerFence, writeFence } from "../orders/outlier-fence.ts";

/** Computes anew, from the accepted lines, from where on a quantity or a price is unusual; until there are enough, nothing is. */
export async function refreshFences({
  database,
  clock,
}: Pick<ApplicationContext, "database" | "clock">): Promise<void> {
  const [row] = await database.query<{ lines: number; quantities: number[]; prices: number[] }>(
    `select count(*)::integer as lines, percentile_disc(array[0.25, 0.75]) within group (order by quantity) as quantities,
       percentile_disc(array[0.25, 0.75]) within group (order by unit_price) as prices
     from recommendations.order_items`,
  );
  if (row === undefined || row.lines < LEAST_OBSERVATIONS) return;
  for (const [measure, [lower = 1, upper = 1]] of [
    ["quantity", row.quantities],
    ["unit_price", row.prices],
  ] as const) {
    await writeFence(database, { measure, upper: outerFence(lower, upper), observations: row.lines, now: clock.now() });
  }
}
