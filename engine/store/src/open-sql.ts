import { openEmbedded } from "./homes/embedded.ts";
import { openServer } from "./homes/server.ts";
import { type Logger, silentLogger } from "./logger.ts";
import { migrate, readMigrations } from "./migrator.ts";
import type { Sql, SqlHome } from "./sql.ts";

export interface OpenSqlOptions {
  /** RONDO_HOME: where the embedded homes keep their files. */
  readonly directory: string;
  /** Default: "server" with a `databaseUrl`, else "embedded". */
  readonly home?: SqlHome;
  /** DATABASE_URL. */
  readonly databaseUrl?: string;
  /** Connections for statements, 10 by default; listening has one more. */
  readonly poolSize?: number;
  readonly logger?: Logger;
}

const defaultPoolSize = 10;

async function openHome(options: OpenSqlOptions): Promise<Sql> {
  const { directory, databaseUrl, poolSize = defaultPoolSize, logger = silentLogger } = options;
  const home = options.home ?? (databaseUrl === undefined ? "embedded" : "server");
  if (home === "server") return openServer({ url: databaseUrl ?? "", poolSize, logger });
  return openEmbedded({ directory, poolSize, logger });
}

/**
 * Opens the database in its home and brings it to the newest migration. Throws StoreError: "HomeInUse" when another Rondo uses the
 * directory, "DatabaseTooNew" when a newer one wrote it, "ServerTooOld", "ServerUnreachable", "EmbeddedFailed".
 */
export async function openSql(options: OpenSqlOptions): Promise<Sql> {
  const sql = await openHome(options);
  try {
    const applied = await migrate(sql, await readMigrations());
    if (applied.length > 0) options.logger?.info({ applied, location: sql.location }, "Migrated the database");
    return sql;
  } catch (error) {
    await sql.close();
    throw error;
  }
}
