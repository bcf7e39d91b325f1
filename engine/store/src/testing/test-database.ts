import { randomBytes } from "node:crypto";
import pg from "pg";
import { createPostgresChannels } from "../homes/channels.ts";
import { createPoolSql } from "../homes/pool-sql.ts";
import { silentLogger } from "../logger.ts";
import { hashMigrations, type Migration, migrate, readMigrations } from "../migrator.ts";
import type { Sql } from "../sql.ts";
import { connectTestCluster } from "./test-cluster.ts";

/** Serialises the makers of one template. */
const templateLock = 4_700_002;
const testPoolSize = 5;

interface Admin {
  readonly client: pg.Client;
  readonly home: "embedded" | "server";
  readonly connectTo: (database: string) => pg.ClientConfig;
  /** What the names of this cluster's databases begin with. */
  readonly prefix: string;
  readonly template: string;
}

async function connectServer(): Promise<Pick<Admin, "client" | "connectTo">> {
  const url = process.env.DATABASE_URL;
  if (url === undefined)
    throw new Error("RONDO_TEST_SQL=server needs DATABASE_URL, of a user who may create databases");
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  return {
    client,
    connectTo(database) {
      const target = new URL(url);
      target.pathname = `/${database}`;
      return { connectionString: target.href };
    },
  };
}

async function connectEmbedded(): Promise<Pick<Admin, "client" | "connectTo">> {
  const { admin, config } = await connectTestCluster();
  return { client: admin, connectTo: (database) => ({ ...config, database }) };
}

function openDatabase(admin: Admin, database: string, onClose?: () => Promise<void>): Sql {
  const config = admin.connectTo(database);
  return createPoolSql({
    home: admin.home,
    location: database,
    config: { ...config, max: testPoolSize },
    channels: createPostgresChannels(config, silentLogger),
    logger: silentLogger,
    onClose,
  });
}

/** Makes the template unless it is there. Its name is given last, so that a crash leaves none that is half migrated. */
async function makeTemplate(admin: Admin, migrations: readonly Migration[]): Promise<void> {
  const { client, template } = admin;
  const unfinished = `${admin.prefix}template_${randomBytes(6).toString("hex")}`;
  await client.query("select pg_advisory_lock($1)", [templateLock]);
  try {
    const { rows } = await client.query("select 1 from pg_database where datname = $1", [template]);
    if (rows.length > 0) return;
    await client.query(`create database "${unfinished}"`);
    const sql = openDatabase(admin, unfinished);
    await migrate(sql, migrations).finally(() => sql.close());
    await client.query(`alter database "${unfinished}" rename to "${template}"`);
  } finally {
    await client.query("select pg_advisory_unlock($1)", [templateLock]);
  }
}

const templates = new Map<string, Promise<void>>();

/** Each database has an admin connection of its own: it keeps the cluster running, and drops the database in the end. */
async function connectAdmin(home: "embedded" | "server"): Promise<Admin> {
  const connected = home === "server" ? await connectServer() : await connectEmbedded();
  const { rows } = await connected.client.query<{ epoch: string }>(
    "select extract(epoch from pg_postmaster_start_time())::bigint as epoch",
  );
  const migrations = await readMigrations();
  const template = `rondo_template_${hashMigrations(migrations)}`;
  const admin = { ...connected, home, prefix: `test_${rows[0]?.epoch}_`, template };
  let made = templates.get(template);
  if (made === undefined) templates.set(template, (made = makeTemplate(admin, migrations)));
  await made;
  return admin;
}

/** A migrated database of its own, dropped when it is closed. */
export async function cloneTemplate(home: "embedded" | "server"): Promise<Sql> {
  const admin = await connectAdmin(home);
  const name = `${admin.prefix}${randomBytes(6).toString("hex")}`;
  await admin.client.query(`create database "${name}" template "${admin.template}" strategy file_copy`);
  return openDatabase(admin, name, async () => {
    await admin.client.query(`drop database if exists "${name}" with (force)`);
    await admin.client.end();
  });
}
