/** Keeps the PostgreSQL of the tests running while somebody is connected to it: `node keeper.ts <directory>`, started by test-cluster.ts. */
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { startPostgres } from "../homes/postgres-process.ts";
import { silentLogger } from "../logger.ts";

const idleChecksBeforeStop = 8;
const checkEveryMs = 500;
const keeperLock = 4_700_003;

/** Nothing of the tests needs to survive a crash of the machine. */
const settings = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  max_connections: "300",
  shared_buffers: "64MB",
  wal_level: "minimal",
  max_wal_senders: "0",
};

const directory = process.argv[2];
if (directory === undefined) throw new Error("keeper.ts needs the cluster's directory");
const server = await startPostgres({ directory, settings, logger: silentLogger });
const client = new pg.Client({ ...server.config, database: "postgres", application_name: "keeper" });
client.once("error", () => process.exit(1));
await client.connect();
const { rows: locks } = await client.query<{ taken: boolean }>("select pg_try_advisory_lock($1) as taken", [
  keeperLock,
]);
if (locks[0]?.taken !== true) process.exit(0); // another keeper's

/** Databases carry the cluster's start time in their names; those of an earlier run were left by tests that were killed. */
async function dropLeftovers(): Promise<void> {
  const { rows } = await client.query<{ datname: string }>(
    `select datname from pg_database
     where datname like 'test\\_%' and datname not like 'test\\_' || extract(epoch from pg_postmaster_start_time())::bigint || '\\_%'`,
  );
  for (const { datname } of rows) await client.query(`drop database if exists "${datname}" with (force)`);
}

await dropLeftovers();
for (let idle = 0; idle < idleChecksBeforeStop; await sleep(checkEveryMs)) {
  const { rows } = await client.query<{ others: string }>(
    "select count(*) as others from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
  );
  idle = rows[0]?.others === "0" ? idle + 1 : 0;
}
client.removeAllListeners("error").on("error", () => {});
await server.stop();
process.exit(0);
