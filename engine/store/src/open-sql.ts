import { access } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isConnectionLost } from "./homes/connection-lost.ts";
import { type EmbeddedOptions, openEmbedded } from "./homes/embedded.ts";
import { openPglite } from "./homes/pglite.ts";
import { openServer } from "./homes/server.ts";
import { type Logger, silentLogger } from "./logger.ts";
import { migrate, readMigrations } from "./migrator.ts";
import type { Sql, SqlHome } from "./sql.ts";
import { StoreError } from "./store-error.ts";

export interface OpenSqlOptions {
  /** RONDO_HOME: where the embedded homes keep their files. */
  readonly directory: string;
  /** Default: "server" with a `databaseUrl`, else "embedded", or "pglite" where that cannot run or the directory holds one. */
  readonly home?: SqlHome;
  /** DATABASE_URL. */
  readonly databaseUrl?: string;
  /** Connections for statements, 10 by default; listening has one more. */
  readonly poolSize?: number;
  readonly logger?: Logger;
}

const defaultPoolSize = 10;
const openDeadlineMs = 30_000;
const retryMs = 50;

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** Where nobody chose: what the directory holds already, else a PostgreSQL of our own, else, where that cannot run, PGlite. */
async function openEmbeddedOrPglite(options: EmbeddedOptions): Promise<Sql> {
  const { directory, logger } = options;
  const hasEmbedded = await exists(path.join(directory, "postgres", "data"));
  if (!hasEmbedded && (await exists(path.join(directory, "pglite", "data")))) return openPglite(options);
  try {
    return await openEmbedded(options);
  } catch (error) {
    const cannotRun = error instanceof StoreError && error.code === "EmbeddedUnavailable";
    if (!cannotRun || hasEmbedded) throw error;
    logger.warn({}, error.message);
    return openPglite(options);
  }
}

function openHome(options: OpenSqlOptions): Promise<Sql> {
  const { directory, databaseUrl, poolSize = defaultPoolSize, logger = silentLogger } = options;
  const home = options.home ?? (databaseUrl === undefined ? undefined : "server");
  if (home === "server") return openServer({ url: databaseUrl ?? "", poolSize, logger });
  if (home === "pglite") return openPglite({ directory, logger });
  if (home === "embedded") return openEmbedded({ directory, poolSize, logger });
  return openEmbeddedOrPglite({ directory, poolSize, logger });
}

async function openMigrated(options: OpenSqlOptions): Promise<Sql> {
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

/**
 * Opens the database in its home and brings it to the newest migration. Throws StoreError: "HomeInUse" when another Rondo uses the
 * directory, "DatabaseTooNew" when a newer one wrote it, "ServerTooOld", "ServerUnreachable",
 * "EmbeddedUnavailable" when asked for by name where it cannot run, "EmbeddedFailed", "PgliteFailed".
 */
export async function openSql(options: OpenSqlOptions): Promise<Sql> {
  for (const deadline = Date.now() + openDeadlineMs; ; await sleep(retryMs)) {
    try {
      return await openMigrated(options);
    } catch (error) {
      // The embedded PostgreSQL of a Rondo that was stopping when we came: it is gone in a moment, and ours starts.
      if (!isConnectionLost(error) || Date.now() > deadline) throw error;
      options.logger?.info({}, "The database stopped while it was being opened; opening it again");
    }
  }
}
