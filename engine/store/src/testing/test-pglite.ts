import { access, mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { createPgliteSql } from "../homes/pglite.ts";
import { type PgliteThread, startPglite } from "../homes/pglite-thread.ts";
import { silentLogger } from "../logger.ts";
import { hashMigrations, migrate, readMigrations } from "../migrator.ts";
import type { Sql } from "../sql.ts";
import { emptyDatabase } from "./empty-database.ts";

const directory = path.resolve(import.meta.dirname, "../../../../.cache/test-pglite");

async function makeTemplate(): Promise<string> {
  const migrations = await readMigrations();
  const file = path.join(directory, `${hashMigrations(migrations)}.tar`);
  const exists = await access(file).then(
    () => true,
    () => false,
  );
  if (exists) return file;
  await mkdir(directory, { recursive: true });
  const pglite = await startPglite({});
  const sql = createPgliteSql(pglite, { location: "memory", logger: silentLogger });
  await migrate(sql, migrations);
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, await pglite.dump());
  await sql.close();
  await rename(draft, file);
  return file;
}

let template: Promise<string> | undefined;
/** Emptied databases that the next tests of this process take: opening one takes a second, emptying one far less. */
const parked: { readonly pglite: PgliteThread; readonly schema: unknown }[] = [];

/** A migrated database in memory, from a tar that is made once for each set of migrations. */
export async function openMemoryPglite(): Promise<Sql> {
  template ??= makeTemplate();
  const { pglite, schema } = parked.pop() ?? (await openNew(await template));
  pglite.keepAlive(true);
  return openSql(pglite, () => park(pglite, schema));
}

async function openNew(from: string) {
  const pglite = await startPglite({ template: from });
  await using sql = openSql(pglite);
  return { pglite, schema: await schemaOf(sql) };
}

/** A connection to it; closing it does `onClose` and leaves the database open. */
function openSql(pglite: PgliteThread, onClose: () => Promise<void> = async () => {}): Sql {
  return createPgliteSql({ ...pglite, close: onClose }, { location: "memory", logger: silentLogger });
}

/** A database whose tables a test has changed is not used again. */
async function park(pglite: PgliteThread, schema: unknown): Promise<void> {
  const isAsBefore = await empty(pglite, schema).catch(() => false);
  if (!isAsBefore) return await pglite.close();
  pglite.keepAlive(false);
  parked.push({ pglite, schema });
}

async function empty(pglite: PgliteThread, schema: unknown): Promise<boolean> {
  await using sql = openSql(pglite);
  if ((await schemaOf(sql)) !== schema) return false;
  await sql.query("discard all");
  await emptyDatabase(sql);
  return true;
}

async function schemaOf(sql: Sql): Promise<unknown> {
  const [row] = await sql.query<{ counts: string }>(
    `select concat_ws(' ', (select count(*) from pg_namespace), (select count(*) from pg_class), (select count(*) from pg_attribute),
       (select count(*) from pg_constraint), (select count(*) from pg_proc), (select count(*) from pg_trigger), (select count(*) from migration)) as counts`,
  );
  return row?.counts;
}
