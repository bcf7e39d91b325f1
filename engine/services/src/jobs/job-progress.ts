import { followOutput } from "@rondo/run";
import type { JobDefinition, JobKindDependencies } from "./job-definition.ts";
import type { ExecutionEnd } from "./job-outcome.ts";
import type { Job, JobBody } from "./job-run.ts";
import { createJobWaker } from "./wake-job.ts";

const POLL_MS = 1000;
/** Stopping: SIGTERM, then this long, then SIGKILL. */
const GRACE_MS = 120_000;
/** What a timer of Node takes, some 24 days. */
const MAX_TIMER_MS = 2 ** 31 - 1;
/** Of 256 KiB each; then others have their turn. */
const BATCHES_PER_STEP = 16;
/** What AWS gives a job that names no MaxRuntimeInSeconds. */
export const DEFAULT_MAX_RUNTIME_SECONDS = 86_400;

export interface JobProgress<Body extends JobBody> {
  readonly body: Body;
  readonly due: Date | "now";
  /** Set when the program has ended and all its output is taken. */
  readonly ended?: ExecutionEnd;
}

/** Looks after a job's running program: its output, its time, its end. */
export function createJobProgress<Body extends JobBody>(
  dependencies: JobKindDependencies,
  definition: JobDefinition<Body>,
) {
  const { executor, clock } = dependencies;
  const wake = createJobWaker(dependencies);

  async function follow(job: Job<Body>): Promise<JobProgress<Body>> {
    const { handle } = job.body.run;
    if (handle === undefined) throw new Error(`${job.arn} is running without a program.`);
    const state = await executor.inspect(handle);
    const { body: taken, isDrained } = await takeOutput(job);
    if (state.state === "ended") return { body: taken, due: "now", ...(isDrained ? { ended: state } : {}) };
    // Also while there is output to take: a program that prints without end is to end all the same.
    const body = await terminateWhenDue({ ...job, body: taken });
    if (!isDrained) return { body, due: "now" };
    wake(job);
    return { body, due: new Date(clock.now().getTime() + POLL_MS) };
  }

  async function terminateWhenDue(job: Job<Body>): Promise<Body> {
    const { body } = job;
    const { run } = body;
    if (run.handle === undefined) return body;
    const now = clock.now();
    if (run.terminatedAt !== undefined) {
      if (now.getTime() - Date.parse(run.terminatedAt) >= GRACE_MS) await executor.signal(run.handle, "SIGKILL");
      return body;
    }
    if (job.status !== "Stopping" && remainingRuntimeMs(definition, body, now) > 0) return body;
    await executor.signal(run.handle, "SIGTERM");
    const terminatedFor = job.status === "Stopping" ? "Stopped" : "MaxRuntimeExceeded";
    return { ...body, run: { ...run, terminatedAt: now.toISOString(), terminatedFor } };
  }

  async function takeOutput(job: Job<Body>): Promise<{ readonly body: Body; readonly isDrained: boolean }> {
    const { accountId, region, body } = job;
    const { metrics, logGroup } = definition;
    const stream = { accountId, region, group: logGroup, stream: body.run.logStream ?? "" };
    const dimensions = metrics?.dimensions(job) ?? {};
    const values = new Map<string, { readonly value: number; readonly at: Date }>();
    const tooSlow = new Set(body.run.tooSlow);
    let offset = body.run.outputOffset;
    let isDrained = false;
    for (let batch = 0; batch < BATCHES_PER_STEP && !isDrained; batch += 1) {
      const definitions = (metrics?.definitions(body) ?? []).filter(({ name }) => !tooSlow.has(name));
      const options = { stream, definitions, namespace: logGroup, dimensions, offset };
      const result = await followOutput(dependencies, { ...options, handle: body.run.handle ?? {} });
      isDrained = result.offset === offset;
      offset = result.offset;
      for (const slow of result.tooSlow) tooSlow.add(slow);
      for (const [name, value] of result.values) values.set(name, value);
    }
    if (offset === body.run.outputOffset) return { body, isDrained };
    const noted = values.size === 0 ? body : (metrics?.note(body, values) ?? body);
    return { body: { ...noted, run: { ...body.run, outputOffset: offset, tooSlow: [...tooSlow] } }, isDrained };
  }

  return { follow };
}

/** What MaxRuntimeInSeconds leaves of a job that has begun; 0 or less when its time is up. */
export function remainingRuntimeMs<Body extends JobBody>(
  definition: Pick<JobDefinition<Body>, "startedAt">,
  body: Body,
  now: Date,
): number {
  const maxRuntimeMs = (body.StoppingCondition?.MaxRuntimeInSeconds ?? DEFAULT_MAX_RUNTIME_SECONDS) * 1000;
  return Date.parse(definition.startedAt(body) ?? "") + maxRuntimeMs - now.getTime();
}

/**
 * Does what may take long, until the job's time is up or `signal` is aborted; the latter rejects. Undefined when the time was up first: what was done by
 * then has to stand a repetition.
 */
export async function withinRuntime<Result>(
  remainingMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<{ readonly result: Result } | undefined> {
  const timeout = AbortSignal.timeout(Math.min(MAX_TIMER_MS, Math.max(0, remainingMs)));
  try {
    return { result: await work(AbortSignal.any([signal, timeout])) };
  } catch (error) {
    if (timeout.aborted && !signal.aborted) return undefined;
    throw error;
  }
}
