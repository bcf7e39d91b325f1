import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { openTestSql } from "@rondo/store/testing";
import type { Database } from "../database/database.ts";
import { readFact } from "../database/facts.ts";
import { migrate } from "../database/migrate.ts";
import type { CompanyOrder } from "../orders/company-order.ts";
import { latestRun } from "../runs/run-store.ts";
import { advanceOnce } from "../runs/runner.ts";
import { readSample } from "./read-sample.ts";
import { sampleRun } from "./sample-run.ts";

const now = new Date("2026-03-04T12:00:00Z");
const clock = { now: () => now };
const settings = { sampleOrders: "moved", nonProducts: ["POST"] } as const;
const signal = new AbortController().signal;

/** The first orders of the sample. */
async function* firstOrders(count: number): AsyncGenerator<CompanyOrder> {
  let taken = 0;
  for await (const order of readSample()) {
    if (taken++ === count) return;
    yield order;
  }
}

function takeSteps(database: Database, kind: ReturnType<typeof sampleRun>) {
  const worker = randomUUID();
  const onFault = (error: unknown) => {
    throw error;
  };
  return async (steps: number) => {
    for (let step = 0; step < steps; step++) {
      if (!(await advanceOnce({ database, clock, onFault }, kind, { worker, signal }))) return;
    }
  };
}

test("the sample is loaded once, goes on where a kill has left it, and its dates end now", async () => {
  await using database = await openTestSql();
  await migrate(database);
  const kind = () => sampleRun({ database, clock, settings }, () => firstOrders(1_000));
  await takeSteps(database, kind())(2);
  const half = await latestRun<{ done: number; orders: number }>(database, "sample");
  assert.deepEqual([half?.state.done, half?.state.orders], [400, 1_000]);

  await database.query("update recommendations.runs set claimed_until = '-infinity'");
  await takeSteps(database, kind())(20);
  assert.equal((await latestRun(database, "sample"))?.status, "Succeeded");
  const fact = await readFact(database, "sample");
  assert.equal(fact?.orders, 1_000);
  const [stored] = await database.query<{ orders: number; newest: Date; other: number }>(
    `select (select count(*) from recommendations.orders) as orders, (select max(ordered_at) from recommendations.orders) as newest,
       (select count(distinct order_id) from recommendations.quarantine where order_id not in (select order_id from recommendations.orders)) as other`,
  );
  assert.equal(Number(stored?.orders) + Number(stored?.other), 1_000);
  const age = now.getTime() - (stored?.newest.getTime() ?? 0);
  assert.ok(age >= 0 && age < 7 * 24 * 3_600_000, `${age}`);
  assert.deepEqual(await database.query("select * from recommendations.event_outbox"), [], "they go with the export");
});

test("no sample is loaded into a shop that has orders, or where none is wanted", async () => {
  await using database = await openTestSql();
  await migrate(database);
  const none = sampleRun({ database, clock, settings: { ...settings, sampleOrders: "none" } });
  assert.equal(await none.isDue(undefined), false);
  assert.equal(await sampleRun({ database, clock, settings }).isDue(undefined), true);
});
