import type { ReconcileContext, ResourceKind } from "@rondo/control";
import type { ResourcePatch } from "@rondo/store";
import type { JobDefinition, JobKindDependencies } from "./job-definition.ts";
import { failed, outcomeOf, statusOf } from "./job-outcome.ts";
import { createJobProgress } from "./job-progress.ts";
import type { Job, JobBody, JobOutcome } from "./job-run.ts";
import { accompany, begin, cleanUp, directoryOf, end, type JobStep, launch, stage, upload } from "./job-steps.ts";
import { liesElsewhere, takeOver } from "./take-over-job.ts";

/** Where tests kill the server: the names of a kind's crash points. */
export function jobCrashPoints(word: string): readonly string[] {
  return ["staged", "launched", "followed", "uploaded", "cleaned"].map((name) => `${word}:${name}`);
}

/**
 * Jobs on their way from InProgress to Completed, Failed or Stopped. The phase in `run` says how far a job is; each step may be repeated after a
 * crash.
 */
export function createJobKind<Body extends JobBody>(
  dependencies: JobKindDependencies,
  definition: JobDefinition<Body>,
): ResourceKind<Body> {
  const { clock } = dependencies;
  const progress = createJobProgress(dependencies, definition);

  async function reconcile(claimed: Job<Body>, context: ReconcileContext): Promise<ResourcePatch<Body>> {
    const step: JobStep<Body> = { dependencies, definition, context };
    const phaseOf = (job: Job) => job.body.run.phase;
    let job = liesElsewhere(claimed, dependencies.resources) ? await takeOver(step, claimed) : claimed;
    if (job.status === "Stopping" && (phaseOf(job) === "starting" || phaseOf(job) === "staging")) {
      job = await end(step, job, { outcome: { result: "Stopped" } });
    }
    if (phaseOf(job) === "starting") job = await begin(step, job);
    if (phaseOf(job) === "staging") job = await stage(step, job);
    if (phaseOf(job) === "launching") job = await launch(step, job);
    if (phaseOf(job) === "running") {
      const { body, due, ended } = await progress.follow(job);
      context.crashPoint(`${definition.word}:followed`);
      if (ended === undefined) return { body: await accompany(step, { ...job, body }), due };
      const { message, failure } = await definition.readReport(directoryOf(dependencies, job));
      job = await end(step, { ...job, body }, { outcome: outcomeOf(job, ended, failure), message });
    }
    if (phaseOf(job) === "uploading") job = await upload(step, job);
    await cleanUp(dependencies, job);
    context.crashPoint(`${definition.word}:cleaned`);
    return finish(job, job.body.run.outcome ?? failed("InternalServerError: no outcome was noted"));
  }

  function giveUp(job: Job<Body>, reason: string): ResourcePatch<Body> {
    // The row is Failed whether or not the program could be ended.
    cleanUp(dependencies, job).catch(() => undefined);
    return finish(job, failed(`InternalServerError: ${reason}`));
  }

  function finish({ body }: Job<Body>, outcome: JobOutcome): ResourcePatch<Body> {
    return { status: statusOf(outcome), body: definition.finish(body, outcome, clock.now()), due: null, place: null };
  }

  return { type: definition.type, reconcile, giveUp };
}
