import type { ReconcileContext, ResourceKind } from "@rondo/control";
import { readFailure } from "@rondo/run";
import type { ResourcePatch } from "@rondo/store";
import {
  enter,
  TRAINING_JOB,
  type TrainingJob,
  type TrainingJobBody,
  type TrainingOutcome,
} from "./training-job-body.ts";
import { failed, outcomeOf } from "./training-job-outcome.ts";
import { createTrainingProgress } from "./training-job-progress.ts";
import {
  begin,
  cleanUp,
  directoryOf,
  end,
  launch,
  type StepContext,
  stage,
  type TrainingJobKindDependencies,
  upload,
} from "./training-job-steps.ts";

/** Where tests kill the server. */
export const trainingJobCrashPoints = [
  "training-job:staged",
  "training-job:launched",
  "training-job:followed",
  "training-job:uploaded",
  "training-job:cleaned",
] as const;

/**
 * Training jobs on their way from Starting to Completed, Failed or Stopped. The phase in `run` says how far a job is; each step may be repeated after a
 * crash.
 */
export function createTrainingJobKind(dependencies: TrainingJobKindDependencies): ResourceKind<TrainingJobBody> {
  const { clock } = dependencies;
  const progress = createTrainingProgress(dependencies);

  async function reconcile(claimed: TrainingJob, context: ReconcileContext): Promise<ResourcePatch<TrainingJobBody>> {
    const step: StepContext = { dependencies, context };
    const phaseOf = (job: TrainingJob) => job.body.run.phase;
    let job = claimed;
    if (job.status === "Stopping" && (phaseOf(job) === "starting" || phaseOf(job) === "staging")) {
      job = await end(step, job, { status: "Stopped", secondaryStatus: "Stopped" });
    }
    if (phaseOf(job) === "starting") job = await begin(step, job);
    if (phaseOf(job) === "staging") job = await stage(step, job);
    if (phaseOf(job) === "launching") job = await launch(step, job);
    if (phaseOf(job) === "training") {
      const { body, due, ended } = await progress.follow(job);
      context.crashPoint("training-job:followed");
      if (ended === undefined) return { body, due };
      const failure = await readFailure(directoryOf(dependencies, job));
      job = await end(step, { ...job, body }, outcomeOf(job, ended, failure));
    }
    if (phaseOf(job) === "uploading") job = await upload(step, job);
    await cleanUp(dependencies, job);
    context.crashPoint("training-job:cleaned");
    return finish(job, job.body.run.outcome ?? failed("InternalServerError: no outcome was noted"), clock.now());
  }

  function giveUp(job: TrainingJob, reason: string): ResourcePatch<TrainingJobBody> {
    // The row is Failed whether or not the program could be ended.
    cleanUp(dependencies, job).catch(() => undefined);
    return finish(job, failed(`InternalServerError: ${reason}`), clock.now());
  }

  return { type: TRAINING_JOB, reconcile, giveUp };
}

function finish(job: TrainingJob, outcome: TrainingOutcome, now: Date): ResourcePatch<TrainingJobBody> {
  const { TrainingStartTime: started } = job.body;
  const seconds = started === undefined ? 0 : Math.max(1, Math.ceil((now.getTime() - Date.parse(started)) / 1000));
  const times =
    started === undefined
      ? {}
      : { TrainingEndTime: now.toISOString(), TrainingTimeInSeconds: seconds, BillableTimeInSeconds: seconds };
  const reason = outcome.failureReason === undefined ? {} : { FailureReason: outcome.failureReason };
  const body = { ...enter(job.body, outcome.secondaryStatus, now), ...times, ...reason };
  return { status: outcome.status, body, due: null };
}
