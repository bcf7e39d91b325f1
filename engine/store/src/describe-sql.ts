import { appliedMigrations, readMigrations } from "./migrator.ts";
import type { Sql, SqlHome } from "./sql.ts";

/** What `rondo doctor` says of the database. */
export interface SqlDescription {
  readonly home: SqlHome;
  readonly location: string;
  /** PostgreSQL's: `18.4`. */
  readonly version: string;
  readonly sizeBytes: number;
  readonly connections: { readonly used: number; readonly most: number };
  readonly migrations: { readonly applied: number; readonly known: number; readonly newest: string | undefined };
  /** Full sentences; empty when all is well. */
  readonly problems: readonly string[];
}

interface Facts {
  readonly version: string;
  readonly size: number;
  readonly used: number;
  readonly most: number;
  readonly fsync: string;
  readonly failing: number;
  readonly overdue: number;
}

const facts = `select current_setting('server_version') as version, pg_database_size(current_database()) as size,
  (select count(*) from pg_stat_activity where backend_type = 'client backend') as used,
  current_setting('max_connections')::int as most, current_setting('fsync') as fsync,
  (select count(*) from resource where due is not null and attempts > 0) as failing,
  (select count(*) from resource where due < now() - interval '5 minutes' and (lease_until is null or lease_until < now())) as overdue`;

function problemsOf(sql: Sql, found: Facts, missing: number): string[] {
  const problems: string[] = [];
  if (found.fsync !== "on" && sql.home !== "server") {
    problems.push("Writes are not flushed to the disk (no fsync): a power cut may lose what was acknowledged.");
  }
  if (found.used > found.most * 0.9) {
    problems.push(
      `${found.used} of ${found.most} connections are in use: raise max_connections or lower the pool size.`,
    );
  }
  if (missing > 0) problems.push(`${missing} migrations were not applied: start this version of Rondo once.`);
  if (found.failing > 0) {
    problems.push(
      `${found.failing} resources failed their last step and are tried again; the table "resource" has the reasons.`,
    );
  }
  if (found.overdue > 0) {
    problems.push(
      `${found.overdue} resources have been due for more than 5 minutes: no control loop seems to be running.`,
    );
  }
  return problems;
}

/** Looks at an open database: what it is, how large, and what is wrong. */
export async function describeSql(sql: Sql): Promise<SqlDescription> {
  const applied = await appliedMigrations(sql);
  const known = await readMigrations();
  const [found] = await sql.query<Facts>(facts);
  if (found === undefined) throw new Error("A select without from gives one row");
  return {
    home: sql.home,
    location: sql.location,
    version: found.version,
    sizeBytes: found.size,
    connections: { used: found.used, most: found.most },
    migrations: { applied: applied.length, known: known.length, newest: applied.at(-1)?.name },
    problems: problemsOf(sql, found, known.length - applied.length),
  };
}
