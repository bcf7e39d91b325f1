import { spawn } from "node:child_process";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { socketDirectory, socketPort } from "../homes/socket-directory.ts";

/** The embedded PostgreSQL of all test processes of this checkout. */
const directory = path.resolve(import.meta.dirname, "../../../../.cache/test-postgres");
const startDeadlineMs = 60_000;

async function tryConnect(config: pg.ClientConfig): Promise<pg.Client | undefined> {
  const client = new pg.Client({ ...config, database: "postgres" });
  client.on("error", () => {});
  try {
    await client.connect();
    return client;
  } catch {
    await client.end().catch(() => {});
    return undefined;
  }
}

/** A keeper of its own process starts the cluster and stops it when nobody is connected any more, however the test processes ended. */
function startKeeper(): void {
  const keeper = path.join(import.meta.dirname, "keeper.ts");
  spawn(process.execPath, [keeper, directory], { detached: true, stdio: "ignore" }).unref();
}

/** Connects to the cluster, starting it when it is not running. As long as the connection is open, the cluster stays. */
export async function connectTestCluster(): Promise<{ admin: pg.Client; config: pg.ClientConfig }> {
  const config = { host: await socketDirectory(directory), port: socketPort, user: "rondo" };
  let nextStart = 0;
  for (const deadline = Date.now() + startDeadlineMs; Date.now() < deadline; await sleep(20)) {
    const admin = await tryConnect(config);
    if (admin !== undefined) return { admin, config };
    if (Date.now() < nextStart) continue;
    startKeeper(); // of several keepers one gets the directory; the others see that and end
    nextStart = Date.now() + 2_000;
  }
  throw new Error(`The PostgreSQL for tests did not start; see ${path.join(directory, "postgres.log")} and keeper.log`);
}
