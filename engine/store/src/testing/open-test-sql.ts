import type { Sql } from "../sql.ts";
import { cloneTemplate } from "./test-database.ts";
import { openMemoryPglite } from "./test-pglite.ts";

/**
 * A migrated database of the test's own, dropped on dispose: `await using sql = await openTestSql();`. Its home is RONDO_TEST_SQL: `embedded`
 * (default), `pglite`, or `server` (databases made through DATABASE_URL).
 */
export async function openTestSql(): Promise<Sql> {
  const home = process.env.RONDO_TEST_SQL ?? "embedded";
  if (home === "embedded" || home === "server") return cloneTemplate(home);
  if (home === "pglite") return openMemoryPglite();
  throw new Error(`RONDO_TEST_SQL is embedded, pglite or server, not ${home}`);
}
