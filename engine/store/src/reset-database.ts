import type { Sql } from "./sql.ts";

/** Migrations stay, and bodies of objects are still on disk: their rows tell the sweep what to remove. */
const kept = ["migration", "object_body"];

/** Empties every table but the record of migrations, for people's test suites (POST /_rondo/reset). Numbers start again at 1. */
export async function resetDatabase(sql: Sql): Promise<void> {
  await sql.transaction(async (transaction) => {
    const tables = await transaction.query<{ name: string }>(
      `select format('%I', tablename) as name from pg_tables
       where schemaname = current_schema() and not tablename = any($1) order by 1`,
      [kept],
    );
    if (tables.length === 0) return;
    await transaction.query(`truncate ${tables.map(({ name }) => name).join(", ")} restart identity cascade`);
    // Discarded long ago: the next sweep need not wait for readers in other processes.
    await transaction.query("update object_body set uses = 0, discarded_at = '-infinity'");
  });
}
