import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { CreateTrainingJobRequest, DescribeTrainingJobResponse } from "@aws-sdk/client-sagemaker";
import { createControlLoop } from "@rondo/control";
import { createManualClock } from "@rondo/control/testing";
import type { Objects } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import { caller } from "./testing/job-house.ts";
import { openTrainingHouse, type TrainingHouse, trainingRequest } from "./testing/training-house.ts";
import type { TrainingJobKindDependencies } from "./training-job-kind.ts";

const DEADLINE_MS = 20_000;
/** Far less than the 10 s after which a claim is renewed. */
const SOON_MS = 5_000;

test("a job that is stopped while it downloads ends soon", async () => {
  await using sql = await openTestSql();
  await using house = await openTrainingHouse(sql, { now: () => new Date() });
  const { objects, isAsked } = hangingDownload(house.objects);
  await using job = await startJob(house, {}, { objects });
  await isAsked;
  const asked = performance.now();
  await house.operations.stopTrainingJob({ TrainingJobName: "job" }, caller);
  const { TrainingJobStatus, SecondaryStatusTransitions = [] } = await job.ended();
  assert.ok(performance.now() - asked < SOON_MS);
  assert.equal(TrainingJobStatus, "Stopped");
  assert.deepEqual(
    SecondaryStatusTransitions.map(({ Status }) => Status),
    ["Starting", "Downloading", "Stopping", "Stopped"],
  );
  assert.deepEqual(await house.leftovers(), []);
});

test("MaxRuntimeInSeconds ends a download that hangs", async () => {
  await using sql = await openTestSql();
  await using house = await openTrainingHouse(sql, { now: () => new Date() });
  const { objects } = hangingDownload(house.objects);
  await using job = await startJob(house, { StoppingCondition: { MaxRuntimeInSeconds: 1 } }, { objects });
  const { TrainingJobStatus, SecondaryStatus, ModelArtifacts } = await job.ended();
  assert.deepEqual([TrainingJobStatus, SecondaryStatus], ["Stopped", "MaxRuntimeExceeded"]);
  assert.equal(ModelArtifacts, undefined);
  assert.equal(await house.countRuns(), 0);
  assert.deepEqual(await house.leftovers(), []);
});

test("a job whose directory cannot be written is tried again, then Failed with the reason", async () => {
  await using sql = await openTestSql();
  const clock = createManualClock();
  await using house = await openTrainingHouse(sql, clock);
  await writeFile(house.directories.jobs, "a file where the directory should be");
  const kind = house.createKind();
  const loop = createControlLoop({ resources: house.resources, kinds: [kind], clock });
  await loop.start();
  await house.operations.createTrainingJob(trainingRequest("job", "train"), caller);
  const describe = () => house.operations.describeTrainingJob({ TrainingJobName: "job" }, caller);
  const deadline = performance.now() + DEADLINE_MS;
  while ((await describe()).TrainingJobStatus === "InProgress") {
    assert.ok(performance.now() < deadline, "the job goes on");
    clock.advance(60_000);
    await loop.idle();
  }
  const job = await describe();
  assert.equal(job.TrainingJobStatus, "Failed");
  assert.match(job.FailureReason ?? "", /^InternalServerError: ENOTDIR: not a directory.*jobs/);
  assert.equal(job.SecondaryStatusTransitions?.at(-1)?.Status, "Failed");
  await loop.stop();
});

/** Objects whose bodies begin and never go on; the promise is kept when the first is asked for. */
function hangingDownload(objects: Objects) {
  const asked = Promise.withResolvers<void>();
  const get: Objects["get"] = async (...parameters) => {
    asked.resolve();
    const body = new PassThrough();
    body.write("some");
    return { ...(await objects.get(...parameters)), body };
  };
  return { objects: { ...objects, get }, isAsked: asked.promise };
}

/** A job of its own on a control loop of its own. */
async function startJob(
  house: TrainingHouse,
  request: Partial<CreateTrainingJobRequest>,
  changes: Partial<TrainingJobKindDependencies>,
) {
  const loop = createControlLoop({
    resources: house.resources,
    kinds: [house.createKind(changes)],
    clock: house.clock,
  });
  await loop.start();
  await house.operations.createTrainingJob({ ...trainingRequest("job", "train"), ...request }, caller);
  return {
    async ended(): Promise<DescribeTrainingJobResponse> {
      const deadline = performance.now() + DEADLINE_MS;
      for (;;) {
        const job = await house.operations.describeTrainingJob({ TrainingJobName: "job" }, caller);
        if (/^(Completed|Failed|Stopped)$/.test(job.TrainingJobStatus ?? "")) return job;
        assert.ok(performance.now() < deadline, `the job is ${job.SecondaryStatus} for ever`);
        await delay(20);
      }
    },
    [Symbol.asyncDispose]: () => loop.stop(),
  };
}
