import assert from "node:assert/strict";
import { test } from "node:test";
import { openTestSql } from "@rondo/store/testing";
import { migrate } from "../database/migrate.ts";
import { isDueEvery, type Run, type RunKind } from "./run.ts";
import { beginRun, latestRun } from "./run-store.ts";
import { advanceOnce } from "./runner.ts";

interface Counting {
  readonly count: number;
}

const signal = new AbortController().signal;

async function openCounting(advance: RunKind<Counting>["advance"]) {
  const database = await openTestSql();
  await migrate(database);
  let now = Date.parse("2026-03-01T00:00:00Z");
  const faults: unknown[] = [];
  const clock = { now: () => new Date(now) };
  const kind: RunKind<Counting> = {
    name: "quality",
    begin: () => ({ state: { count: 0 }, step: "count" }),
    isDue: (latest) => isDueEvery(6, latest, clock.now()),
    advance,
  };
  const context = { database, clock, onFault: (error: unknown) => faults.push(error) };
  const as = (worker: string) => advanceOnce(context, kind, { worker, signal });
  return {
    database,
    kind,
    clock,
    faults,
    as,
    wait: (ms: number) => (now += ms),
    latest: () => latestRun<Counting>(database, "quality"),
    [Symbol.asyncDispose]: () => database.close(),
  };
}

const ONE = "00000000-0000-4000-8000-000000000001";
const OTHER = "00000000-0000-4000-8000-000000000002";

const countToThree: RunKind<Counting>["advance"] = async ({ state }: Run<Counting>) => ({
  state: { count: state.count + 1 },
  step: state.count === 2 ? undefined : "count",
});

test("a run is begun when it is due, goes on where another worker has left it, and is due again later", async () => {
  await using counting = await openCounting(countToThree);
  assert.equal(await counting.as(ONE), true);
  assert.equal(await counting.as(OTHER), false, "it is ONE's");
  counting.wait(16_000);
  assert.equal(await counting.as(OTHER), true, "ONE was not heard of for longer than its claim lasts");
  assert.equal(await counting.as(OTHER), true);
  const run = await counting.latest();
  assert.deepEqual([run?.status, run?.state.count], ["Succeeded", 3]);
  assert.equal(await counting.as(OTHER), false);
  counting.wait(6 * 3_600_000);
  assert.equal(await counting.as(OTHER), true);
  assert.equal((await counting.latest())?.state.count, 1);
});

test("what is out of reach is tried again; what is wrong ends the run with its reason", async () => {
  const failures = [Object.assign(new Error("no answer"), { code: "ECONNREFUSED" }), new Error("no such column")];
  await using counting = await openCounting(async () => {
    throw failures.shift();
  });
  await counting.as(ONE);
  assert.deepEqual(await counting.latest().then((run) => [run?.status, run?.failure_reason]), ["Running", "no answer"]);
  assert.equal(await counting.as(ONE), false, "not yet");
  counting.wait(5_000);
  await counting.as(ONE);
  const run = await counting.latest();
  assert.deepEqual([run?.status, run?.failure_reason], ["Failed", "no such column"]);
  assert.equal(counting.faults.length, 1);
});

test("two requests at once begin one run", async () => {
  await using counting = await openCounting(countToThree);
  const begun = await Promise.all(
    [1, 2, 3].map(() => beginRun(counting.database, counting.kind, { reason: "asked for", now: counting.clock.now() })),
  );
  assert.equal(new Set(begun.map(({ run_id }) => run_id)).size, 1);
});
