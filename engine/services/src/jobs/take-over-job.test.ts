import assert from "node:assert/strict";
import { test } from "node:test";
import { createControlLoop } from "@rondo/control";
import { createManualClock } from "@rondo/control/testing";
import { notePlace, PLACE_SILENCE_MS } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import { caller } from "../sagemaker/testing/job-house.ts";
import { openTrainingHouse, trainingRequest } from "../sagemaker/testing/training-house.ts";
import { newTrainingJob } from "../sagemaker/training-job.ts";
import { TRAINING_JOB, type TrainingJobBody } from "../sagemaker/training-job-body.ts";
import type { JobRun } from "./job-run.ts";

const FAR = "far";

/** How a job that another Rondo had brought to a phase comes out here once that one is silent. */
async function takenOver(run: Partial<JobRun>, status = "InProgress") {
  await using sql = await openTestSql();
  const clock = createManualClock();
  await using house = await openTrainingHouse(sql, clock);
  await notePlace(sql, clock, FAR);
  const job = newTrainingJob(trainingRequest("job", "train"), caller, house);
  const begun = { ...job.body, TrainingStartTime: clock.now().toISOString(), run: { ...job.body.run, ...run } };
  await house.resources.insert({ ...job, status, body: begun });
  await sql.query("update resource set place = $1", [FAR]);
  const find = async () => await house.resources.find<TrainingJobBody>(caller, TRAINING_JOB, "job");

  const loop = createControlLoop({ resources: house.resources, kinds: [house.createKind()], clock });
  await loop.start();
  await loop.idle();
  assert.deepEqual([(await find())?.status, await house.countRuns()], [status, 0], "left to its Rondo");
  clock.advance(PLACE_SILENCE_MS);
  while ((await find())?.due !== null) {
    await loop.idle();
    clock.advance(1000);
  }
  await loop.stop();
  const ended = await find();
  return {
    status: ended?.status,
    reason: ended?.body.FailureReason,
    place: ended?.place,
    runs: await house.countRuns(),
  };
}

test("a job that had not begun to run when its Rondo fell silent runs here", async () => {
  assert.deepEqual(await takenOver({ phase: "staging" }), {
    status: "Completed",
    reason: undefined,
    place: null,
    runs: 1,
  });
});

for (const phase of ["launching", "running", "uploading"] as const) {
  test(`a job that was ${phase} there is not run twice: it fails and says why`, async () => {
    const handle = { id: "there", pid: 1, startTime: "1" };
    const { reason, ...outcome } = await takenOver(phase === "launching" ? { phase } : { phase, handle });
    assert.deepEqual(outcome, { status: "Failed", place: null, runs: 0 });
    assert.match(reason ?? "", /^InternalServerError: .* not been heard of for 60 s.*Create the job again\.$/);
  });
}

test("a job that was to be stopped is Stopped, and one that had ended keeps its outcome", async () => {
  const stopped = await takenOver({ phase: "running", handle: { id: "there" } }, "Stopping");
  assert.deepEqual([stopped.status, stopped.reason], ["Stopped", undefined]);
  const ended = await takenOver({ phase: "finishing", outcome: { result: "Completed" } });
  assert.deepEqual([ended.status, ended.reason], ["Completed", undefined]);
});
