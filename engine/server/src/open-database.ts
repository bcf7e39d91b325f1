import { openSql, type Sql } from "@rondo/store";
import type { Configuration } from "./configuration.ts";
import { sqlOptions } from "./open-ports.ts";

/**
 * The database of a server that does not run, for those who look at an application's tables in it; brings it up to date as a start would. Throws StoreError
 * "HomeInUse" while a server runs on this home.
 */
export async function openDatabase(
  configuration: Configuration,
): Promise<Pick<Sql, "query" | "transaction"> & AsyncDisposable> {
  return await openSql(sqlOptions(configuration));
}
