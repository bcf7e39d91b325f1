import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { createProcessExecutor, type ExecutionHandle } from "@rondo/run";
import type { NewResource } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import { newProcessingJob } from "../sagemaker/processing-job.ts";
import { caller, openJobHouse } from "../sagemaker/testing/job-house.ts";
import { processingRequest } from "../sagemaker/testing/processing-house.ts";
import { trainingRequest } from "../sagemaker/testing/training-house.ts";
import { newTrainingJob } from "../sagemaker/training-job.ts";
import { endJobs } from "./end-jobs.ts";
import type { JobBody } from "./job-run.ts";
import { sweepJobs } from "./sweep-jobs.ts";

test("directories of jobs that are gone or have ended are deleted, and their programs ended", async () => {
  await using sql = await openTestSql();
  await using house = await openJobHouse(sql, { now: () => new Date() });
  const { jobs: directory, executions } = house.directories;
  const executor = createProcessExecutor({ directory: executions });
  const jobs: NewResource<JobBody>[] = ["goes-on", "ended"].flatMap((name) => [
    newTrainingJob(trainingRequest(name, "wait"), caller, house),
    newProcessingJob(processingRequest(name, "sleep 600"), caller, house),
  ]);
  const handles: [id: string, handle: ExecutionHandle][] = [];
  const start = async (id: string): Promise<ExecutionHandle> => {
    await mkdir(join(directory, id, "model"), { recursive: true });
    const command = ["/bin/sh", "-c", "exec sleep 600"];
    const handle = await executor.start({ id, directory: join(directory, id), command, environment: {} });
    handles.push([id, handle]);
    return handle;
  };
  const running = async (): Promise<string[]> => {
    const states = await Promise.all(handles.map(async ([, handle]) => (await executor.inspect(handle)).state));
    return handles.filter((_, index) => states[index] === "running").map(([id]) => id);
  };
  await start("gone-0123456789ab");
  for (const job of jobs) {
    await start(job.body.run.id);
    // No handle is noted in the row: the server was killed right after the program was started.
    await house.resources.insert({ ...job, status: job.name === "ended" ? "Failed" : "InProgress" });
  }
  await writeFile(join(directory, "notes"), "somebody's own");
  await sweepJobs({ sql, executor, directory });
  const live = jobs.filter(({ name }) => name === "goes-on").map(({ body }) => body.run.id);
  assert.deepEqual((await house.leftovers()).toSorted(), [...live, ...live, "notes"].toSorted());
  assert.deepEqual(await running(), live);
  await endJobs({ sql, executor });
  assert.deepEqual(await running(), []);
});

test("where no job ever ran there is nothing to sweep", async () => {
  await using sql = await openTestSql();
  await using house = await openJobHouse(sql, { now: () => new Date() });
  const executor = createProcessExecutor({ directory: house.directories.executions });
  await sweepJobs({ sql, executor, directory: house.directories.jobs });
});
