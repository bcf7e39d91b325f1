import { access, mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { createPgliteSql } from "../homes/pglite.ts";
import { startPglite } from "../homes/pglite-thread.ts";
import { silentLogger } from "../logger.ts";
import { hashMigrations, migrate, readMigrations } from "../migrator.ts";
import type { Sql } from "../sql.ts";

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

/** A migrated database in memory, from a tar that is made once for each set of migrations. */
export async function openMemoryPglite(): Promise<Sql> {
  template ??= makeTemplate();
  const pglite = await startPglite({ template: await template });
  return createPgliteSql(pglite, { location: "memory", logger: silentLogger });
}
