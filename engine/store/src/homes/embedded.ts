import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Logger } from "../logger.ts";
import type { Sql } from "../sql.ts";
import { StoreError } from "../store-error.ts";
import { createPostgresChannels } from "./channels.ts";
import { createPoolSql } from "./pool-sql.ts";
import { type PostgresProcess, startPostgres } from "./postgres-process.ts";

export interface EmbeddedOptions {
  /** RONDO_HOME; the database is in postgres/ under it. */
  readonly directory: string;
  readonly poolSize: number;
  readonly logger: Logger;
}

const database = "rondo";
/** Held for as long as a Rondo uses the home. */
const homeLock = 4_700_000;
/** PostgreSQL notices within milliseconds that a killed process is gone; a running one keeps its lock. */
const lockDeadlineMs = 3_000;
const restartDelayMs = 200;

async function createDatabase(config: pg.ClientConfig): Promise<void> {
  const client = new pg.Client({ ...config, database: "postgres" });
  await client.connect();
  try {
    const { rows } = await client.query("select 1 from pg_database where datname = $1", [database]);
    if (rows.length === 0) await client.query(`create database ${database}`);
  } catch (error) {
    if ((error as { code?: string }).code !== "42P04" && (error as { code?: string }).code !== "23505") throw error;
  } finally {
    await client.end();
  }
}

async function describeHolder(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ name: string; since: Date }>(
    `select a.application_name as name, a.backend_start as since from pg_locks l join pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'advisory' and l.objid = $1 and l.granted`,
    [homeLock],
  );
  const [holder] = rows;
  if (holder === undefined) return "another process";
  return `process ${holder.name.replace("rondo:", "")}, since ${holder.since.toISOString()}`;
}

/** The session that holds it says whose it is by its application name, so a second Rondo can name the first. */
async function takeHomeLock(config: pg.ClientConfig, directory: string): Promise<pg.Client> {
  const client = new pg.Client({ ...config, database, application_name: `rondo:${process.pid}`, keepAlive: true });
  client.on("error", () => {}); // "end" follows
  await client.connect();
  for (const deadline = Date.now() + lockDeadlineMs; ; await sleep(50)) {
    const { rows } = await client.query<{ taken: boolean }>("select pg_try_advisory_lock($1) as taken", [homeLock]);
    if (rows[0]?.taken === true) return client;
    if (Date.now() < deadline) continue;
    const holder = await describeHolder(client);
    await client.end();
    throw new StoreError(
      "HomeInUse",
      `Another Rondo (${holder}) uses ${directory}. Stop it, or give this one another home with --home or RONDO_HOME.`,
    );
  }
}

/** A PostgreSQL under RONDO_HOME, started by us and used by one Rondo at a time. */
export async function openEmbedded({ directory, poolSize, logger }: EmbeddedOptions): Promise<Sql> {
  const options = { directory: path.resolve(directory, "postgres"), settings: { max_connections: `${poolSize + 20}` } };
  let closing = false;
  let restarting: Promise<void> | undefined;
  let server: PostgresProcess;
  let lock: pg.Client;

  async function start(): Promise<void> {
    server = await startPostgres({ ...options, logger });
    await createDatabase(server.config);
    lock = await takeHomeLock(server.config, directory);
    lock.once("end", () => {
      if (!closing) restarting = restart();
    });
  }

  /** PostgreSQL was killed (or ran out of memory): what was acknowledged is on disk, so it is started again. */
  async function restart(): Promise<void> {
    logger.error(
      { log: path.join(options.directory, "postgres.log") },
      "PostgreSQL has ended unexpectedly; starting it again",
    );
    for (;;) {
      await sleep(restartDelayMs, undefined, { ref: false });
      if (closing) return;
      try {
        return await start();
      } catch (error) {
        logger.error({ error }, "Starting PostgreSQL again failed");
      }
    }
  }

  await start();
  const config = { ...server!.config, database, max: poolSize };
  return createPoolSql({
    home: "embedded",
    location: options.directory,
    config,
    channels: createPostgresChannels({ ...server!.config, database }, logger),
    logger,
    async onClose() {
      closing = true;
      await restarting;
      await server.stop(); // under the lock: the next starter, who waits for it, must not find a PostgreSQL that is about to stop
      await lock.end();
    },
  });
}
