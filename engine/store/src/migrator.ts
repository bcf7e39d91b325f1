import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Sql, SqlConnection } from "./sql.ts";
import { StoreError } from "./store-error.ts";

/** One file of migrations/: `0001-resources.sql`. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly text: string;
  /** SHA-256 of the text, in hex; line ends do not count. */
  readonly hash: string;
}

interface AppliedMigration {
  readonly number: number;
  readonly name: string;
  readonly hash: string;
}

/** Serialises concurrent starters: any number that nobody else locks. */
const migrationLock = 4_700_001;

/** Reads the numbered migrations of a directory, in order. */
export async function readMigrations(
  directory: string = path.join(import.meta.dirname, "migrations"),
): Promise<Migration[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith(".sql")).toSorted();
  const migrations: Migration[] = [];
  for (const file of files) {
    const match = /^(\d{4})-([a-z0-9-]+)\.sql$/.exec(file);
    if (match === null) throw new Error(`A migration is named NNNN-name.sql, not ${file}`);
    const text = (await readFile(path.join(directory, file), "utf8")).replaceAll("\r\n", "\n");
    const number = Number(match[1]);
    if (migrations.at(-1)?.number === number) throw new Error(`Two migrations have the number ${match[1]}`);
    migrations.push({ number, name: file.slice(0, -4), text, hash: createHash("sha256").update(text).digest("hex") });
  }
  return migrations;
}

/** One hash for a whole list of migrations: names the template database of tests. */
export function hashMigrations(migrations: readonly Migration[]): string {
  const hash = createHash("sha256");
  for (const { name, hash: one } of migrations) hash.update(`${name} ${one}\n`);
  return hash.digest("hex").slice(0, 16);
}

/** What was applied, oldest first; empty for a new database. */
export async function appliedMigrations(connection: SqlConnection): Promise<AppliedMigration[]> {
  const [table] = await connection.query<{ found: boolean }>("select to_regclass('migration') is not null as found");
  if (table?.found !== true) return [];
  return connection.query<AppliedMigration>("select number, name, hash from migration order by number");
}

function checkHistory(migrations: readonly Migration[], applied: readonly AppliedMigration[]): void {
  const ours = new Map(migrations.map((migration) => [migration.number, migration]));
  for (const { number, name, hash } of applied) {
    const migration = ours.get(number);
    if (migration === undefined) {
      throw new StoreError(
        "DatabaseTooNew",
        `The database was written by a newer Rondo (it has migration ${name}, which this version does not know). Start that version or a newer one; an older program does not touch the data.`,
      );
    }
    if (migration.hash !== hash) {
      throw new StoreError(
        "MigrationChanged",
        `Migration ${name} is not the one that made this database: it was changed after it had been applied. Restore the file and put the change into a new migration.`,
      );
    }
  }
  const last = applied.at(-1)?.number ?? 0;
  const missed = migrations.find(({ number }) => number < last && !applied.some((one) => one.number === number));
  if (missed !== undefined) {
    throw new StoreError(
      "MigrationOutOfOrder",
      `Migration ${missed.name} is older than the newest one in the database and was never applied. Give it the next free number.`,
    );
  }
}

/**
 * Brings the database to the newest migration; each is one transaction, and starters that come at the same time wait for each other. Throws
 * StoreError "DatabaseTooNew", "MigrationChanged" or "MigrationOutOfOrder" and changes nothing. Returns the names of those applied now.
 */
export async function migrate(sql: Sql, migrations: readonly Migration[]): Promise<string[]> {
  await sql.transaction(async (transaction) => {
    await transaction.query("select pg_advisory_xact_lock($1)", [migrationLock]);
    await transaction.query(
      `create table if not exists migration (
        number integer primary key, name text not null, hash text not null, applied_at timestamptz not null default now()
      )`,
    );
  });
  const done: string[] = [];
  for (const migration of migrations) {
    await sql.transaction(async (transaction) => {
      await transaction.query("set local statement_timeout = 0");
      await transaction.query("select pg_advisory_xact_lock($1)", [migrationLock]);
      const applied = await appliedMigrations(transaction);
      checkHistory(migrations, applied);
      if (applied.some(({ number }) => number === migration.number)) return;
      await transaction.query(migration.text);
      await transaction.query("insert into migration (number, name, hash) values ($1, $2, $3)", [
        migration.number,
        migration.name,
        migration.hash,
      ]);
      done.push(migration.name);
    });
  }
  return done;
}
