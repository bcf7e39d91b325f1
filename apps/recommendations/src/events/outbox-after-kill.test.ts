import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { startTestServer, type TestServer } from "@rondo/server/testing";
import { openTestSql } from "@rondo/store/testing";
import { openContext } from "../application-context.ts";
import { writeFact } from "../database/facts.ts";
import { ensureTracker } from "../personalize/campaigns.ts";
import { ensureDatasetGroup } from "../personalize/dataset-group.ts";
import { readSettings } from "../settings.ts";
import { waitUntil } from "../testing/wait-until.ts";

/** So many orders are acknowledged before the kill. */
const ACKNOWLEDGED = 150;

interface Application {
  readonly syncUrl: string;
  readonly child: ChildProcess;
}

async function launch(server: TestServer, databaseUrl: string): Promise<Application> {
  const { accessKeyId, secretAccessKey } = server.clientConfig.credentials;
  const child = spawn(process.execPath, [join(import.meta.dirname, "../main.ts")], {
    env: {
      PATH: process.env.PATH,
      PORT: "0",
      SAMPLE_ORDERS: "none",
      RECOMMENDATIONS_DATABASE_URL: databaseUrl,
      AWS_ENDPOINT_URL: server.url,
      AWS_REGION: server.region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: child.stdout ?? process.stdin })) {
    const url = /http:\/\/[\d.]+:\d+/.exec(line)?.[0];
    if (url !== undefined) return { syncUrl: url, child };
  }
  throw new Error("The application ended before it listened.");
}

/** Sends order after order until the application is gone; returns the numbers of those that it acknowledged. */
async function sendUntilKilled({ syncUrl, child }: Application): Promise<string[]> {
  const acknowledged: string[] = [];
  const workers = Array.from({ length: 8 }, async (_, worker) => {
    for (let round = 0; ; round++) {
      const order_no = `${worker}-${round}`;
      const lines = [1, 2].map((line) => ({ sku: `P${line}`, quantity: 1, unit_price: 1 }));
      const order = { order_no, ordered_at: new Date().toISOString(), customer: { id: `c${worker}` }, lines };
      const body = JSON.stringify({ orders: [order] });
      const headers = { "content-type": "application/json" };
      try {
        const response = await fetch(`${syncUrl}/orders`, { method: "POST", headers, body });
        if (!response.ok) throw new Error(await response.text());
        await response.json();
      } catch (error) {
        if (acknowledged.length >= ACKNOWLEDGED) return;
        throw error;
      }
      acknowledged.push(order_no);
      if (acknowledged.length === ACKNOWLEDGED) child.kill("SIGKILL");
    }
  });
  await Promise.all([...workers, once(child, "exit")]);
  return acknowledged;
}

/** The test's database by its socket; undefined where it has none. */
async function urlOf(database: Awaited<ReturnType<typeof openTestSql>>): Promise<string | undefined> {
  if (database.home !== "embedded") return undefined;
  const [row] = await database.query<{ host: string; port: string; database: string; user: string }>(
    `select current_setting('unix_socket_directories') as host, current_setting('port') as port,
       current_database() as database, current_user as user`,
  );
  return `postgres://${row?.user}@localhost:${row?.port}/${row?.database}?host=${encodeURIComponent(row?.host ?? "")}`;
}

test("no purchase of an acknowledged order is lost over kill -9", async (t) => {
  await using database = await openTestSql();
  const databaseUrl = await urlOf(database);
  if (databaseUrl === undefined) return t.skip("needs a database of its own with a socket");
  await using server = await startTestServer();
  {
    await using context = await openContext(readSettings({}), { clientConfig: server.clientConfig, database });
    const name = "mastergroup-recommendations";
    const { groupArn } = await waitUntil("the dataset group", () => ensureDatasetGroup(context, name));
    const tracker = await waitUntil("the event tracker", () => ensureTracker(context, groupArn));
    await writeFact(database, "tracker", tracker);
  }
  const acknowledged = await sendUntilKilled(await launch(server, databaseUrl));
  const [waiting] = await database.query<{ events: number }>(
    "select count(*)::integer as events from recommendations.event_outbox",
  );
  t.diagnostic(`${acknowledged.length} orders acknowledged, ${waiting?.events} events in the outbox after the kill`);
  // What the killed one had taken is left to it for a minute.
  await database.query("update recommendations.event_outbox set claimed_until = '-infinity'");

  const { child } = await launch(server, databaseUrl);
  await waitUntil("the outbox empty", async () => {
    const left = await database.query("select 1 as one from recommendations.event_outbox limit 1");
    return left.length === 0 || undefined;
  });
  child.kill("SIGTERM");
  await once(child, "exit");
  const events = await server.database.query<{ id: string }>("select event_id as id from dataset_record");
  const there = new Set(events.map(({ id }) => id));
  const missing = acknowledged.flatMap((order) => [`${order}:1`, `${order}:2`]).filter((id) => !there.has(id));
  assert.deepEqual(missing, []);
});
