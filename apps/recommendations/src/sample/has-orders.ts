import type { Database } from "../database/database.ts";
import { latestRun } from "../runs/run-store.ts";

/** Whether there are orders to learn from, all that are meant to be there at the start: the sample is not being loaded. */
export async function hasOrders(database: Database): Promise<boolean> {
  const sample = await latestRun(database, "sample");
  if (sample?.status === "Running") return false;
  const orders = await database.query("select 1 as one from recommendations.orders limit 1");
  return orders.length > 0;
}
