import type { Sql } from "./sql.ts";

/** Empties every table but the record of migrations, for people's test suites (POST /_rondo/reset). Numbers start again at 1. */
export async function resetDatabase(sql: Sql): Promise<void> {
  await sql.transaction(async (transaction) => {
    const tables = await transaction.query<{ name: string }>(
      `select format('%I', tablename) as name from pg_tables where schemaname = current_schema() and tablename <> 'migration' order by 1`,
    );
    if (tables.length === 0) return;
    await transaction.query(`truncate ${tables.map(({ name }) => name).join(", ")} restart identity cascade`);
  });
}
