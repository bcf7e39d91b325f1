import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Database } from "./database.ts";

/** Serialises starters that come at the same time: a number that nobody else locks. */
const LOCK = 4_800_001;

/**
 * Brings the schema `recommendations` to the newest migration; each one is a transaction of its own. Throws when a newer version of the application
 * has been here, and then changes nothing.
 */
export async function migrate(database: Database, directory = join(import.meta.dirname, "migrations")): Promise<void> {
  const files = (await readdir(directory)).filter((file) => file.endsWith(".sql")).toSorted();
  await database.transaction(async (transaction) => {
    await transaction.query("select pg_advisory_xact_lock($1)", [LOCK]);
    await transaction.query("create schema if not exists recommendations");
    await transaction.query(
      "create table if not exists recommendations.migration (name text primary key, applied_at timestamptz not null default now())",
    );
    const applied = await transaction.query<{ name: string }>("select name from recommendations.migration");
    const unknown = applied.find(({ name }) => !files.includes(name));
    if (unknown !== undefined) {
      throw new Error(
        `The schema recommendations was written by a newer version: it has the migration ${unknown.name}, which this one does not know. Start that version.`,
      );
    }
  });
  for (const file of files) {
    const text = await readFile(join(directory, file), "utf8");
    await database.transaction(async (transaction) => {
      await transaction.query("select pg_advisory_xact_lock($1)", [LOCK]);
      const done = await transaction.query("select 1 as one from recommendations.migration where name = $1", [file]);
      if (done.length > 0) return;
      await transaction.query(text);
      await transaction.query("insert into recommendations.migration (name) values ($1)", [file]);
    });
  }
}
