import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { ReconcileContext } from "@rondo/control";
import { ClientError } from "@rondo/images";
import type { JobDefinition, JobKindDependencies } from "./job-definition.ts";
import { failed } from "./job-outcome.ts";
import { remainingRuntimeMs, withinRuntime } from "./job-progress.ts";
import type { Job, JobBody, JobOutcome, JobRun } from "./job-run.ts";

export interface JobStep<Body extends JobBody> {
  readonly dependencies: JobKindDependencies;
  readonly definition: JobDefinition<Body>;
  readonly context: ReconcileContext;
}

/** What stands for the job's `/opt/ml`. */
export function directoryOf({ directory }: Pick<JobKindDependencies, "directory">, job: Job): string {
  return join(directory, job.body.run.id);
}

/** Refuses what cannot run, and goes on to stage. */
export async function begin<Body extends JobBody>(step: JobStep<Body>, job: Job<Body>): Promise<Job<Body>> {
  const { definition, dependencies } = step;
  const problem = await definition.findProblem(job);
  if (problem !== undefined) return await end(step, job, { outcome: failed(problem) });
  const now = dependencies.clock.now();
  const logStream = `${job.name}/algo-1-${Math.floor(now.getTime() / 1000)}`;
  const body = definition.enter(job.body, "staging", now);
  return await savePhase(step, { ...job, body }, { phase: "staging", logStream });
}

/** Writes the container's configuration and copies its inputs. MaxRuntimeInSeconds counts from here, so a download that hangs ends too. */
export async function stage<Body extends JobBody>(step: JobStep<Body>, job: Job<Body>): Promise<Job<Body>> {
  const { dependencies, definition, context } = step;
  const directory = directoryOf(dependencies, job);
  const remaining = remainingRuntimeMs(definition, job.body, dependencies.clock.now());
  try {
    const staged = await withinRuntime(remaining, context.signal, async (signal) => {
      await definition.stage(job, { directory, signal });
    });
    if (staged === undefined) return await end(step, job, { outcome: { result: "MaxRuntimeExceeded" } });
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    return await end(step, job, { outcome: failed(`ClientError: ${error.message}`) });
  }
  context.crashPoint(`${definition.word}:staged`);
  return await savePhase(step, job, { phase: "launching" });
}

/** Starts the program. Also for a job that was stopped meanwhile: a crash may have forgotten that it runs already. */
export async function launch<Body extends JobBody>(step: JobStep<Body>, job: Job<Body>): Promise<Job<Body>> {
  const { dependencies, definition, context } = step;
  const directory = directoryOf(dependencies, job);
  const { environment: own, ...execution } = definition.execution(job, directory);
  const environment = {
    HOME: directory,
    TMPDIR: join(directory, "tmp"),
    ...(await dependencies.jobEnvironment(job)),
    ...job.body.Environment,
    AWS_REGION: job.region,
    SAGEMAKER_BASE_DIR: directory,
    ...own,
  };
  const handle = await dependencies.executor.start({ id: job.body.run.id, directory, environment, ...execution });
  context.crashPoint(`${definition.word}:launched`);
  const isStopping = job.status === "Stopping";
  const body = isStopping ? job.body : definition.enter(job.body, "running", dependencies.clock.now());
  return await savePhase(step, { ...job, body }, { phase: "running", handle });
}

/** What a kind of job does beside its running program, which must not keep that from being ended in time. */
export async function accompany<Body extends JobBody>(step: JobStep<Body>, job: Job<Body>): Promise<Body> {
  const { dependencies, definition, context } = step;
  const { body } = job;
  if (definition.whileRunning === undefined || body.run.terminatedAt !== undefined) return body;
  const directory = directoryOf(dependencies, job);
  const remaining = remainingRuntimeMs(definition, body, dependencies.clock.now());
  const work = async (signal: AbortSignal) => await definition.whileRunning?.(job, { directory, signal });
  return (await withinRuntime(remaining, context.signal, work))?.result ?? body;
}

/** Notes the outcome, so that a repetition does not look for a program that is gone. */
export async function end<Body extends JobBody>(
  step: JobStep<Body>,
  job: Job<Body>,
  noted: Pick<JobRun, "message"> & { readonly outcome: JobOutcome },
): Promise<Job<Body>> {
  const hasRun = job.body.run.handle !== undefined;
  const isUploading = hasRun && job.status !== "Stopping";
  const now = step.dependencies.clock.now();
  const body = isUploading ? step.definition.enter(job.body, "uploading", now) : job.body;
  return await savePhase(step, { ...job, body }, { phase: hasRun ? "uploading" : "finishing", ...noted });
}

/** Uploads what the program wrote. A job of which that cannot be kept has failed. */
export async function upload<Body extends JobBody>(step: JobStep<Body>, job: Job<Body>): Promise<Job<Body>> {
  const { dependencies, definition, context } = step;
  try {
    const body = await definition.upload(job, {
      directory: directoryOf(dependencies, job),
      signal: context.signal,
    });
    context.crashPoint(`${definition.word}:uploaded`);
    return await savePhase(step, { ...job, body }, { phase: "finishing" });
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    const { outcome } = job.body.run;
    const refused = failed(`ClientError: ${error.message}`);
    return await savePhase(step, job, {
      phase: "finishing",
      outcome: outcome?.result === "Failed" ? outcome : refused,
    });
  }
}

/** Deletes what the job left on this machine; its logs, metrics and artifacts are elsewhere by now. */
export async function cleanUp(
  dependencies: Pick<JobKindDependencies, "directory" | "executor">,
  job: Job,
): Promise<void> {
  const { handle } = job.body.run;
  if (handle !== undefined) await dependencies.executor.remove(handle);
  await rm(directoryOf(dependencies, job), { recursive: true, force: true, maxRetries: 3 });
}

/** From the first step on the job lies on this home. */
export async function savePhase<Body extends JobBody>(
  { context }: JobStep<Body>,
  job: Job<Body>,
  run: Partial<JobRun>,
): Promise<Job<Body>> {
  return await context.save(job, { body: { ...job.body, run: { ...job.body.run, ...run } }, place: "here" });
}
