import type pg from "pg";
import type { Logger } from "../logger.ts";
import type { Sql } from "../sql.ts";
import { StoreError } from "../store-error.ts";
import { createPostgresChannels } from "./channels.ts";
import { createPoolSql } from "./pool-sql.ts";

export interface ServerOptions {
  /** `postgres://user:password@host:5432/database`, as in DATABASE_URL. */
  readonly url: string;
  readonly poolSize: number;
  readonly logger: Logger;
}

/** `create database … strategy` and `security invoker` views came with 15; older ones are not tested. */
const oldestVersion = 150_000;

function withoutPassword(url: string): string {
  const parsed = new URL(url);
  parsed.password = "";
  parsed.search = "";
  return parsed.href;
}

async function checkVersion(sql: Sql): Promise<void> {
  const [row] = await sql.query<{ server_version_num: string; server_version: string }>(
    "select current_setting('server_version_num') as server_version_num, current_setting('server_version') as server_version",
  );
  if (Number(row?.server_version_num) >= oldestVersion) return;
  throw new StoreError(
    "ServerTooOld",
    `The PostgreSQL at ${sql.location} is version ${row?.server_version}; Rondo needs 15 or newer.`,
  );
}

/** A PostgreSQL of yours, shared by any number of Rondos. */
export async function openServer({ url, poolSize, logger }: ServerOptions): Promise<Sql> {
  if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol)) {
    throw new StoreError("BadDatabaseUrl", "DATABASE_URL is to be postgres://user:password@host:5432/database.");
  }
  const location = withoutPassword(url);
  const connection: pg.ClientConfig = { connectionString: url, application_name: `rondo:${process.pid}` };
  const sql = createPoolSql({
    home: "server",
    location,
    config: { ...connection, max: poolSize },
    channels: createPostgresChannels(connection, logger),
    logger,
  });
  try {
    await checkVersion(sql);
    return sql;
  } catch (error) {
    await sql.close();
    if (error instanceof StoreError) throw error;
    throw new StoreError("ServerUnreachable", `PostgreSQL at ${location} cannot be used: ${(error as Error).message}`);
  }
}
