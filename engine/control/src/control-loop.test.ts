import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createResources, type NewResource, type Resource, type Sql } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import { createControlLoop } from "./control-loop.ts";
import type { ResourceKind } from "./kind.ts";
import { createMaintenance } from "./maintenance.ts";
import { createManualClock } from "./testing/manual-clock.ts";

const owner = { accountId: "000000000000", region: "us-east-1" };
const type = "test/job";
const job = (name: string): NewResource<object> => ({
  ...owner,
  type,
  name,
  arn: name,
  status: "Pending",
  body: {},
  due: "now",
});

function kindOf(reconcile: ResourceKind<object>["reconcile"], maxAttempts?: number): ResourceKind<object> {
  return { type, reconcile, maxAttempts, giveUp: (_resource, reason) => ({ status: "Failed", body: { reason } }) };
}

function setUp(sql: Sql, kind: ResourceKind<object>, concurrency?: number) {
  const clock = createManualClock();
  const resources = createResources({ sql, clock });
  const loop = createControlLoop({ resources, kinds: [kind], clock, random: () => 1, concurrency, stopGraceMs: 500 });
  const statusOf = async (name: string) => (await resources.find(owner, type, name))?.status;
  return { clock, resources, loop, statusOf };
}

async function eventually(condition: () => Promise<boolean> | boolean): Promise<void> {
  for (const deadline = Date.now() + 10_000; !(await condition()); await sleep(5)) assert.ok(Date.now() < deadline);
}

test("a row is reconciled at once when it is inserted while the loop sleeps", async () => {
  await using sql = await openTestSql();
  const { resources, loop, statusOf } = setUp(
    sql,
    kindOf(async () => ({ status: "Completed" })),
  );
  await loop.start();
  await loop.idle();
  await resources.insert(job("one"));
  await eventually(async () => (await statusOf("one")) === "Completed");
  await loop.stop();
});

test("never more steps at a time than allowed, and all rows are reached", async () => {
  await using sql = await openTestSql();
  let running = 0;
  let most = 0;
  const kind = kindOf(async () => {
    most = Math.max(most, ++running);
    await sleep(5);
    running--;
    return { status: "Completed" };
  });
  const { resources, loop } = setUp(sql, kind, 3);
  for (let index = 0; index < 20; index++) await resources.insert(job(`job-${index}`));
  await loop.start();
  await loop.idle();
  assert.equal(most, 3);
  const { resources: done } = await resources.list({ ...owner, type, status: "Completed", limit: 100 });
  assert.equal(done.length, 20);
  await loop.stop();
});

test("a failing row backs off with its reason and is given up after the last attempt", async () => {
  await using sql = await openTestSql();
  const kind = kindOf(async () => {
    throw new Error("the disk is full");
  }, 3);
  const { resources, loop, clock } = setUp(sql, kind);
  await resources.insert(job("one"));
  await loop.start();
  await loop.idle();
  const first = await resources.find(owner, type, "one");
  assert.deepEqual([first?.attempts, first?.reason, first?.status], [1, "the disk is full", "Pending"]);
  assert.equal(first?.due?.getTime(), clock.now().getTime() + 1_000);
  clock.advance(1_000);
  await loop.idle();
  clock.advance(1_999);
  await loop.idle();
  assert.equal((await resources.find(owner, type, "one"))?.attempts, 2);
  clock.advance(1);
  await loop.idle();
  const last = await resources.find(owner, type, "one");
  assert.deepEqual([last?.status, last?.due, last?.body], ["Failed", null, { reason: "the disk is full" }]);
  await loop.stop();
});

test("a step whose transaction fails backs off as any other, though it had saved the row there", async () => {
  await using sql = await openTestSql();
  const kind = kindOf(async (resource, context) => {
    await sql.transaction(async (transaction) => {
      await context.save(resource, { status: "Told" }, transaction);
      throw new Error("the topic is full");
    });
    return {};
  });
  const { resources, loop } = setUp(sql, kind);
  await resources.insert(job("one"));
  await loop.start();
  await loop.idle();
  const row = await resources.find(owner, type, "one");
  assert.deepEqual([row?.status, row?.attempts, row?.reason], ["Pending", 1, "the topic is full"]);
  await loop.stop();
});

test("a change during a step is not overwritten, and the step is taken again with it", async () => {
  await using sql = await openTestSql();
  const seen: string[] = [];
  let begun = (): void => {};
  const hasBegun = new Promise<void>((resolve) => (begun = resolve));
  let goOn = (): void => {};
  const mayGoOn = new Promise<void>((resolve) => (goOn = resolve));
  const kind = kindOf(async (resource: Resource<object>) => {
    seen.push(resource.status);
    begun();
    await mayGoOn;
    return { status: resource.status === "Stopping" ? "Stopped" : "Completed" };
  });
  const { resources, loop, statusOf } = setUp(sql, kind);
  const written = await resources.insert(job("one"));
  await loop.start();
  await hasBegun;
  await resources.update(written, { status: "Stopping", due: "now" });
  goOn();
  await loop.idle();
  assert.deepEqual(seen, ["Pending", "Stopping"]);
  assert.equal(await statusOf("one"), "Stopped");
  await loop.stop();
});

test("a row that changes interrupts the step that waits with it, long before its lease ends", async () => {
  await using sql = await openTestSql();
  let begun = (): void => {};
  const hasBegun = new Promise<void>((resolve) => (begun = resolve));
  const kind = kindOf(async (resource: Resource<object>, { signal }) => {
    if (resource.status === "Stopping") return { status: "Stopped" };
    begun();
    await sleep(60_000, undefined, { signal });
    return { status: "Completed" };
  });
  const { resources, loop, statusOf } = setUp(sql, kind);
  const written = await resources.insert(job("one"));
  await loop.start();
  await hasBegun;
  const changed = performance.now();
  await resources.update(written, { status: "Stopping", due: "now" });
  await eventually(async () => (await statusOf("one")) === "Stopped");
  assert.ok(performance.now() - changed < 5_000, "the lease is renewed every 10 s");
  await loop.stop();
});

test("stopping aborts a step and gives its claim back without an attempt", async () => {
  await using sql = await openTestSql();
  let begun = (): void => {};
  const hasBegun = new Promise<void>((resolve) => (begun = resolve));
  const kind = kindOf(async (_resource, { signal }) => {
    begun();
    await sleep(60_000, undefined, { signal });
    return {};
  });
  const { resources, loop } = setUp(sql, kind);
  await resources.insert(job("one"));
  await loop.start();
  await hasBegun;
  await loop.stop();
  const [claimed] = await resources.claimDue({ types: [type], limit: 1, leaseMs: 1_000 });
  assert.deepEqual([claimed?.name, claimed?.attempts], ["one", 0]);
});

test("a maintenance task runs at once, and again when its period is over", async () => {
  await using sql = await openTestSql();
  const clock = createManualClock();
  const resources = createResources({ sql, clock });
  let runs = 0;
  const task = { name: "sweep", everyMs: 60_000, run: async () => void runs++ };
  const maintenance = createMaintenance({ tasks: [task], clock });
  await maintenance.schedule(resources);
  await maintenance.schedule(resources);
  const loop = createControlLoop({ resources, kinds: [maintenance], clock });
  await loop.start();
  await loop.idle();
  assert.equal(runs, 1);
  clock.advance(59_999);
  await loop.idle();
  assert.equal(runs, 1);
  clock.advance(1);
  await loop.idle();
  assert.equal(runs, 2);
  await loop.stop();
});
