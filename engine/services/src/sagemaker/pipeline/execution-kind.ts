import { randomBytes } from "node:crypto";
import type { PipelineExecutionStatus } from "@aws-sdk/client-sagemaker";
import type { ReconcileContext, ResourceKind } from "@rondo/control";
import type { Objects, ResourcePatch, Resources, Sql } from "@rondo/store";
import { createInProcessClient, type ServiceDefinition } from "@rondo/wire";
import { advanceStep } from "./advance-step.ts";
import { beginStep } from "./begin-step.ts";
import type { PipelineDefinition, StepDefinition } from "./definition.ts";
import { createDefinitions } from "./definitions.ts";
import {
  isActiveStep,
  PIPELINE_EXECUTION,
  type PipelineExecution,
  type PipelineExecutionBody,
  type StepRecord,
} from "./execution-body.ts";
import { readySteps, type StepProgress } from "./graph.ts";
import type { StepDependencies, StepPlace } from "./step-place.ts";
import { createStepResults } from "./step-results.ts";
import { createExecutionWaker } from "./wake-executions.ts";

export interface PipelineExecutionKindDependencies {
  readonly sql: Sql;
  readonly resources: Resources;
  readonly objects: Objects;
  readonly clock: { now(): Date };
  /** SageMaker itself: what steps create is created by its operations. */
  readonly sageMaker: ServiceDefinition;
  /** Aborted when the server stops. */
  readonly signal: AbortSignal;
  /** Makes the random part of names. Default: random. */
  readonly createId?: () => string;
}

/** Where tests kill the server. */
export const pipelineExecutionCrashPoints = [
  "pipeline-execution:begun",
  "pipeline-execution:created",
  "pipeline-execution:result-kept",
  "pipeline-execution:stopped",
  "pipeline-execution:advanced",
] as const;

/** A look that nobody asked for: at the latest after a tenth of the time that the execution has waited already. */
const SHORTEST_LOOK_MS = 1000;
const LONGEST_LOOK_MS = 10_000;
/** AWS's text. */
const STEP_FAILURE = "Step failure: One or multiple steps failed.";

type Patch = ResourcePatch<PipelineExecutionBody>;

/**
 * Pipeline executions on their way from Executing to Succeeded, Failed or Stopped. A step's name for what it creates is written before it is created, and
 * creating it again finds it: a crash at any line repeats nothing that shows. After a step has failed no further ones begin; those that run end. One that
 * cannot be reconciled is stopped first, jobs and all, and is then Failed.
 */
export function createPipelineExecutionKind(
  dependencies: PipelineExecutionKindDependencies,
): ResourceKind<PipelineExecutionBody> {
  const { sql, clock, createId = randomId } = dependencies;
  const definitions = createDefinitions(sql);
  const steps: StepDependencies = {
    ...dependencies,
    sageMaker: createInProcessClient(dependencies.sageMaker),
    results: createStepResults(sql),
    createId,
  };
  const wakeWhenEnded = createExecutionWaker(dependencies);

  async function reconcile(claimed: PipelineExecution, context: ReconcileContext): Promise<Patch> {
    const { pipelineId, version } = claimed.body;
    const definition = await definitions.read({ pipelineId, version });
    const run: Run = { dependencies: steps, definition, context };
    let execution = claimed;
    for (;;) {
      // Before looking: what ends while we look is heard of all the same.
      wakeWhenEnded(execution, awaited(execution, definition));
      const { records: advanced, error } = await advanceSteps(run, execution);
      const begun = error === undefined ? await beginSteps(run, withSteps(execution, advanced)) : [];
      const records = [...advanced, ...begun];
      if (begun.length === 0 && records.every((record, index) => record === execution.body.steps[index])) {
        if (error !== undefined) throw error;
        break;
      }
      execution = await context.save(execution, { body: changed(withSteps(execution, records).body, clock.now()) });
      context.crashPoint(begun.length > 0 ? "pipeline-execution:begun" : "pipeline-execution:advanced");
    }
    const active = execution.body.steps.filter(isActiveStep);
    if (active.length > 0) return { due: nextLook(active, clock.now()) };
    return end(execution, clock.now());
  }

  function giveUp(execution: PipelineExecution, reason: string): Patch {
    const failureReason = `InternalServerError: ${reason}`;
    const body = { ...changed(execution.body, clock.now()), failureReason };
    // Nothing that it has started may run on unseen.
    if (!isGivenUp(execution)) return { status: "Stopping", body, due: "now" };
    const endTime = clock.now().toISOString();
    const steps = execution.body.steps.map((record) =>
      isActiveStep(record) ? { ...record, status: "Failed" as const, endTime, failureReason: reason } : record,
    );
    return { status: "Failed", body: { ...body, steps }, due: null };
  }

  return { type: PIPELINE_EXECUTION, reconcile, giveUp };
}

type Run = Pick<StepPlace, "dependencies" | "definition" | "context">;

interface Advanced {
  readonly records: readonly StepRecord[];
  /** Of the first step that could not be looked at; the others go on without it. */
  readonly error: unknown;
}

async function advanceSteps(run: Run, execution: PipelineExecution): Promise<Advanced> {
  const byName = new Map(run.definition.steps.map((step) => [step.name, step]));
  const records: StepRecord[] = [];
  let error: unknown;
  for (const record of execution.body.steps) {
    const step = byName.get(record.name);
    if (step === undefined || !isActiveStep(record)) {
      records.push(record);
      continue;
    }
    try {
      records.push(await advanceStep({ ...run, execution, step }, record));
    } catch (thrown) {
      if (run.context.signal.aborted) throw thrown;
      error ??= thrown;
      records.push(record);
    }
  }
  return { records, error };
}

async function beginSteps(run: Run, execution: PipelineExecution): Promise<readonly StepRecord[]> {
  const { steps, parallelism } = execution.body;
  if (execution.status !== "Executing" || steps.some(({ status }) => status === "Failed")) return [];
  let free = (parallelism?.MaxParallelExecutionSteps ?? Number.POSITIVE_INFINITY) - steps.filter(isActiveStep).length;
  const begun: StepRecord[] = [];
  for (const step of selected(readySteps(run.definition.steps, progressOf(steps)), execution)) {
    if (free <= 0) break;
    const record = await beginStep({ ...run, execution, step });
    begun.push(record);
    if (isActiveStep(record)) free -= 1;
    if (record.status === "Failed") break;
  }
  return begun;
}

/** All steps, unless the execution was asked to run some of them only. */
function selected(steps: readonly StepDefinition[], { body }: PipelineExecution): readonly StepDefinition[] {
  const names = body.selective?.SelectedSteps?.map(({ StepName }) => StepName);
  return names === undefined ? steps : steps.filter(({ name }) => names.includes(name));
}

function progressOf(records: readonly StepRecord[]): ReadonlyMap<string, StepProgress> {
  return new Map(records.map(({ name, status, outcome }) => [name, { isSucceeded: status === "Succeeded", outcome }]));
}

function withSteps(execution: PipelineExecution, steps: readonly StepRecord[]): PipelineExecution {
  return { ...execution, body: { ...execution.body, steps } };
}

function changed(body: PipelineExecutionBody, at: Date): PipelineExecutionBody {
  return { ...body, lastModifiedTime: at.toISOString() };
}

/** Whether it is stopped because it could not be reconciled. */
function isGivenUp({ status, body }: PipelineExecution): boolean {
  return status === "Stopping" && body.failureReason !== undefined;
}

function end(execution: PipelineExecution, now: Date): Patch {
  const { body } = execution;
  if (isGivenUp(execution)) return { status: "Failed", body: changed(body, now), due: null };
  const isFailed = body.steps.some(({ status }) => status === "Failed");
  const isStopped = execution.status === "Stopping" || body.steps.some(({ status }) => status === "Stopped");
  const status: PipelineExecutionStatus = isStopped ? "Stopped" : isFailed ? "Failed" : "Succeeded";
  const failureReason = status === "Failed" ? STEP_FAILURE : undefined;
  return { status, body: { ...changed(body, now), failureReason }, due: null };
}

/** The rows that steps wait for, as the resource table calls them. */
function awaited({ body }: PipelineExecution, { steps }: PipelineDefinition) {
  const typeByName = new Map(steps.map(({ name, type }) => [name, AWAITED_TYPES[type]]));
  return body.steps.filter(isActiveStep).flatMap(({ name, resource }) => {
    const type = typeByName.get(name);
    return type === undefined || resource === undefined ? [] : [{ type, name: resource.name }];
  });
}

const AWAITED_TYPES: Readonly<Record<string, string>> = {
  Training: "sagemaker/training-job",
  Processing: "sagemaker/processing-job",
  Endpoint: "sagemaker/endpoint",
};

function nextLook(active: readonly StepRecord[], now: Date): Date {
  const looks = active.map(({ retryAt, startTime, status }) => {
    if (status === "Starting" && retryAt !== undefined) return Date.parse(retryAt);
    const waited = (now.getTime() - Date.parse(startTime)) / 10;
    return now.getTime() + Math.min(LONGEST_LOOK_MS, Math.max(SHORTEST_LOOK_MS, waited));
  });
  return new Date(Math.min(...looks));
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Ten letters and digits: 59 bits. */
function randomId(): string {
  return Array.from(randomBytes(10), (byte) => ALPHABET[byte % ALPHABET.length]).join("");
}
