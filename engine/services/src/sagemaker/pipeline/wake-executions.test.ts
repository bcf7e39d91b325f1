import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { createManualClock } from "@rondo/control/testing";
import { createResources, type Resource, type Sql } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import { PIPELINE_EXECUTION, type PipelineExecution } from "./execution-body.ts";
import { createExecutionWaker } from "./wake-executions.ts";

const owner = { accountId: "111122223333", region: "eu-west-1" };
const TRAINING_JOB = "sagemaker/training-job";
const DEADLINE_MS = 10_000;

function setUp(sql: Sql) {
  const clock = createManualClock();
  const resources = createResources({ sql, clock });
  const stopping = new AbortController();
  const watch = createExecutionWaker({ resources, clock, signal: stopping.signal });
  const insert = async (type: string, name: string, status: string, due: Date | "now"): Promise<Resource<object>> =>
    await resources.insert<object>({ ...owner, type, name, arn: `arn:${name}`, status, body: {}, due });
  return {
    resources,
    watch,
    insertJob: (name: string) => insert(TRAINING_JOB, name, "InProgress", "now"),
    async insertExecution(name: string, status = "Executing") {
      const later = new Date(clock.now().getTime() + 60_000);
      return (await insert(PIPELINE_EXECUTION, name, status, later)) as Resource<object> as PipelineExecution;
    },
    /** Ends the one job that is due. */
    async endJob(): Promise<void> {
      const [job] = await resources.claimDue({ types: [TRAINING_JOB], limit: 1, leaseMs: 1000 });
      assert.ok(job !== undefined);
      await resources.settle(job, { status: "Completed", attempts: 0, reason: null });
    },
    isDue: async (name: string): Promise<boolean> => {
      const { due = null } = (await resources.find(owner, PIPELINE_EXECUTION, name)) ?? {};
      return due !== null && due <= clock.now();
    },
    [Symbol.dispose]: () => stopping.abort(),
  };
}

test("an execution is due as soon as what it waits for has ended, though its next look is later", async () => {
  await using sql = await openTestSql();
  using house = setUp(sql);
  await house.insertJob("job");
  const waiting = await house.insertExecution("p/waiting");
  await house.insertExecution("p/other");
  house.watch(waiting, [{ type: TRAINING_JOB, name: "job" }]);
  await house.endJob();
  for (const deadline = performance.now() + DEADLINE_MS; !(await house.isDue("p/waiting")); await delay(5)) {
    assert.ok(performance.now() < deadline, "it was not woken");
  }
  assert.equal(await house.isDue("p/other"), false);
});

test("what an execution does not wait for any more does not wake it", async () => {
  await using sql = await openTestSql();
  using house = setUp(sql);
  await house.insertJob("job");
  const former = await house.insertExecution("p/former");
  const present = await house.insertExecution("p/present");
  house.watch(former, [{ type: TRAINING_JOB, name: "job" }]);
  house.watch(former, []);
  house.watch(present, [{ type: TRAINING_JOB, name: "job" }]);
  await house.endJob();
  for (const deadline = performance.now() + DEADLINE_MS; !(await house.isDue("p/present")); await delay(5)) {
    assert.ok(performance.now() < deadline, "it was not woken");
  }
  assert.equal(await house.isDue("p/former"), false);
});
