import { setTimeout as delay } from "node:timers/promises";
import {
  type ExecutionHandle,
  type Executor,
  type FollowDependencies,
  followOutput,
  type MetricDefinition,
} from "@rondo/run";
import type { Objects, Resources } from "@rondo/store";
import { TRAINING_JOB, type TrainingJob, type TrainingJobBody } from "./training-job-body.ts";
import type { ExecutionEnd } from "./training-job-outcome.ts";

const NAMESPACE = "/aws/sagemaker/TrainingJobs";
const POLL_MS = 1000;
/** Together less than a poll, after which the job is looked at anyway. */
const WAKE_ATTEMPTS = 20;
const WAKE_RETRY_MS = 25;
/** StopTrainingJob: SIGTERM, then this long, then SIGKILL. */
const GRACE_MS = 120_000;
/** Of 256 KiB each; then others have their turn. */
const BATCHES_PER_STEP = 16;
const DEFAULT_MAX_RUNTIME_SECONDS = 86_400;

export interface TrainingProgressDependencies extends FollowDependencies {
  readonly executor: Executor;
  readonly resources: Resources;
  readonly objects: Objects;
  /** Aborted when the server stops. */
  readonly signal: AbortSignal;
}

export interface TrainingStep {
  readonly body: TrainingJobBody;
  readonly due: Date | "now";
  /** Set when the program has ended and all its output is taken. */
  readonly ended?: ExecutionEnd;
}

/** Looks after a job's running program: its output, its time, its end. */
export function createTrainingProgress(dependencies: TrainingProgressDependencies) {
  const { executor, clock } = dependencies;
  const wake = createWaker(dependencies);

  async function follow(job: TrainingJob): Promise<TrainingStep> {
    const { handle } = job.body.run;
    if (handle === undefined) throw new Error(`${job.arn} is in training without a program.`);
    const state = await executor.inspect(handle);
    const { body: taken, isDrained } = await takeOutput(dependencies, job);
    if (state.state === "ended") return { body: taken, due: "now", ...(isDrained ? { ended: state } : {}) };
    // Also while there is output to take: a program that prints without end is to end all the same.
    const body = await terminateWhenDue({ ...job, body: taken });
    if (!isDrained) return { body, due: "now" };
    wake(job);
    return { body, due: new Date(clock.now().getTime() + POLL_MS) };
  }

  async function terminateWhenDue(job: TrainingJob): Promise<TrainingJobBody> {
    const { body } = job;
    const { run } = body;
    if (run.handle === undefined) return body;
    const now = clock.now();
    if (run.terminatedAt !== undefined) {
      if (now.getTime() - Date.parse(run.terminatedAt) >= GRACE_MS) await executor.signal(run.handle, "SIGKILL");
      return body;
    }
    if (job.status !== "Stopping" && remainingRuntimeMs(body, now) > 0) return body;
    await executor.signal(run.handle, "SIGTERM");
    const terminatedFor = job.status === "Stopping" ? "Stopped" : "MaxRuntimeExceeded";
    return { ...body, run: { ...run, terminatedAt: now.toISOString(), terminatedFor } };
  }

  return { follow };
}

/** What MaxRuntimeInSeconds leaves of a job that has begun; 0 or less when its time is up. */
export function remainingRuntimeMs({ StoppingCondition, TrainingStartTime = "" }: TrainingJobBody, now: Date): number {
  const maxRuntimeMs = (StoppingCondition?.MaxRuntimeInSeconds ?? DEFAULT_MAX_RUNTIME_SECONDS) * 1000;
  return Date.parse(TrainingStartTime) + maxRuntimeMs - now.getTime();
}

async function takeOutput(dependencies: FollowDependencies, job: TrainingJob) {
  const { body, name, accountId, region } = job;
  const { run } = body;
  const stream = { accountId, region, group: NAMESPACE, stream: run.logStream ?? "" };
  const dimensions = { TrainingJobName: name };
  const values = new Map((body.FinalMetricDataList ?? []).map((metric) => [metric.MetricName ?? "", metric]));
  const tooSlow = new Set(run.tooSlow);
  let offset = run.outputOffset;
  let isDrained = false;
  for (let batch = 0; batch < BATCHES_PER_STEP && !isDrained; batch += 1) {
    const definitions = metricDefinitions(body).filter((definition) => !tooSlow.has(definition.name));
    const options = { stream, definitions, namespace: NAMESPACE, dimensions, offset };
    const result = await followOutput(dependencies, { ...options, handle: run.handle ?? {} });
    isDrained = result.offset === offset;
    offset = result.offset;
    for (const slow of result.tooSlow) tooSlow.add(slow);
    for (const [MetricName, { value, at }] of result.values) {
      values.set(MetricName, { MetricName, Value: value, Timestamp: at.toISOString() });
    }
  }
  if (offset === run.outputOffset) return { body, isDrained };
  const metrics = values.size === 0 ? {} : { FinalMetricDataList: [...values.values()] };
  const followed = { ...run, outputOffset: offset, tooSlow: [...tooSlow] };
  return { body: { ...body, ...metrics, run: followed }, isDrained };
}

function metricDefinitions(body: TrainingJobBody): MetricDefinition[] {
  const definitions = body.AlgorithmSpecification?.MetricDefinitions ?? [];
  return definitions.map(({ Name = "", Regex = "" }) => ({ name: Name, regex: Regex }));
}

/** Makes a job due when its program ends, rather than at the next poll. An accelerator only: nothing is lost when it fails. */
function createWaker({ executor, resources, clock, signal }: TrainingProgressDependencies) {
  const watched = new Set<string>();

  /** True when the job does not wait, or not any more. */
  async function makeDue(job: TrainingJob): Promise<boolean> {
    const current = await resources.find<TrainingJobBody>(job, TRAINING_JOB, job.name);
    if (current?.body.run.phase !== "training") return true;
    // The step that still runs is about to write when it wants to be called again.
    if (current.due === null || current.due <= clock.now()) return false;
    return await resources.update(current, { due: "now" }).then(
      () => true,
      () => false,
    );
  }

  async function watch(job: TrainingJob, handle: ExecutionHandle): Promise<void> {
    await executor.ended(handle, signal);
    for (let attempt = 0; attempt < WAKE_ATTEMPTS && !signal.aborted; attempt += 1) {
      if (await makeDue(job)) return;
      await delay(WAKE_RETRY_MS, undefined, { ref: false });
    }
  }

  return (job: TrainingJob): void => {
    const { id, handle } = job.body.run;
    if (handle === undefined || watched.has(id)) return;
    watched.add(id);
    watch(job, handle)
      .catch(() => undefined)
      .finally(() => watched.delete(id));
  };
}
