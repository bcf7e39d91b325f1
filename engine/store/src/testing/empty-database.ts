import type { SqlConnection } from "../sql.ts";

/**
 * Empties a test's database for the next one. Only tables that have rows are truncated: for PostgreSQL each is a file to be made, and most are empty.
 */
export async function emptyDatabase(sql: SqlConnection): Promise<void> {
  await sql.query(`
    do $$
    declare
      name text;
      is_filled boolean;
      filled text[] := '{}';
    begin
      for name in select format('%I', tablename) from pg_tables where schemaname = current_schema() and tablename <> 'migration' loop
        execute 'select exists (select from ' || name || ')' into is_filled;
        if is_filled then
          filled := filled || name;
        end if;
      end loop;
      if filled <> '{}' then
        execute 'truncate ' || array_to_string(filled, ', ') || ' restart identity cascade';
      end if;
    end $$`);
}
