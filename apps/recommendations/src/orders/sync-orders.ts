import type { Database, DatabaseConnection } from "../database/database.ts";
import type { CompanyOrder } from "./company-order.ts";
import { mapOrder } from "./map-order.ts";
import { NO_FENCES, type OutlierFences } from "./outlier-fence.ts";
import { type StoredOrder, type StoreOptions, storeOrders } from "./store-orders.ts";
import { unifyProductId } from "./unify-id.ts";

export interface SyncContext {
  readonly database: Database;
  readonly settings: {
    /** Ids of what is booked like a product: postage, fees. */
    readonly nonProducts: readonly string[];
  };
}

/** Takes a batch of the company's orders: maps it, puts aside what is unsound and stores the rest (P-16, P-17). */
export async function syncOrders(
  { database, settings }: SyncContext,
  orders: readonly CompanyOrder[],
  options: StoreOptions,
): Promise<StoredOrder[]> {
  const fences = await readFences(database);
  const nonProducts = new Set(settings.nonProducts.map((id) => unifyProductId(id) ?? ""));
  return storeOrders(
    database,
    orders.map((order) => mapOrder(order, { fences, nonProducts })),
    options,
  );
}

/** The fences in force; none until enough is known. */
export async function readFences(database: DatabaseConnection): Promise<OutlierFences> {
  const rows = await database.query<{ measure: keyof OutlierFences; upper_fence: number }>(
    "select measure, upper_fence from recommendations.outlier_fences",
  );
  return { ...NO_FENCES, ...Object.fromEntries(rows.map(({ measure, upper_fence }) => [measure, upper_fence])) };
}
