import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { createProcessExecutor } from "@rondo/run";
import { openTestSql } from "@rondo/store/testing";
import { sweepJobs } from "./sweep-jobs.ts";
import { caller } from "./testing/job-house.ts";
import { openTrainingHouse, trainingRequest } from "./testing/training-house.ts";
import { TRAINING_JOB, type TrainingJobBody } from "./training-job-body.ts";

test("directories of jobs that are gone or have ended are deleted, and their programs ended", async () => {
  await using sql = await openTestSql();
  await using house = await openTrainingHouse(sql, { now: () => new Date() });
  const { jobs: directory, executions } = house.directories;
  const executor = createProcessExecutor({ directory: executions });
  const ids: Record<string, string> = { gone: "gone-0123456789ab" };
  for (const name of ["goes-on", "ended"]) {
    await house.operations.createTrainingJob(trainingRequest(name, "wait"), caller);
    const job = await house.resources.find<TrainingJobBody>(caller, TRAINING_JOB, name);
    assert.ok(job !== undefined);
    ids[name] = job.body.run.id;
    if (name === "ended") await house.resources.update(job, { status: "Failed" });
  }
  const command = ["/bin/sh", "-c", "exec sleep 600"];
  const handles = [];
  for (const id of Object.values(ids)) {
    await mkdir(join(directory, id, "model"), { recursive: true });
    handles.push(await executor.start({ id, directory: join(directory, id), command, environment: {} }));
  }
  await writeFile(join(directory, "notes"), "somebody's own");
  await sweepJobs({ sql, executor, directory });
  assert.deepEqual((await house.leftovers()).toSorted(), [ids["goes-on"], ids["goes-on"], "notes"]);
  const states = await Promise.all(handles.map(async (handle) => (await executor.inspect(handle)).state));
  assert.deepEqual(states, ["ended", "running", "ended"]);
  for (const handle of handles) await executor.remove(handle);
});

test("where no job ever ran there is nothing to sweep", async () => {
  await using sql = await openTestSql();
  await using house = await openTrainingHouse(sql, { now: () => new Date() });
  const executor = createProcessExecutor({ directory: house.directories.executions });
  await sweepJobs({ sql, executor, directory: house.directories.jobs });
});
