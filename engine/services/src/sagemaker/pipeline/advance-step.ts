import { AwsError } from "@rondo/wire";
import type { StepRecord } from "./execution-body.ts";
import { ExpressionError, evaluateObject } from "./expression.ts";
import { exceptionOfError, exceptionOfFailure, nextAttemptAt, type RetryExceptionType } from "./retry-schedule.ts";
import { ended, failed, invokeIn, resourceTypeOf, type StepPlace, scopeOf, uniqueName } from "./step-place.ts";
import { describeIfThere, type StepCall, type StepResourceType } from "./step-resource.ts";

/**
 * Takes a step that has begun as far as it goes by now: creates what it creates, looks how that is, and stops it when the execution stops. The record that it
 * returns must be written before the next call.
 */
export async function advanceStep(place: StepPlace, record: StepRecord): Promise<StepRecord> {
  if (record.status !== "Starting") return await observe(place, record);
  const { clock } = place.dependencies;
  const isWaiting = record.retryAt !== undefined && Date.parse(record.retryAt) > clock.now().getTime();
  if (place.execution.status === "Stopping" && (isWaiting || !(await isUnderWay(place, record)))) {
    return ended(place, record, "Stopped");
  }
  if (isWaiting) return record;
  const created = await create(place, record);
  return created.status === "Executing" ? await observe(place, created) : created;
}

/**
 * Whether a step goes on although the execution stops: a crash may have forgotten that its job was created. What cannot be stopped, and may be there
 * already, is brought to its end.
 */
async function isUnderWay(place: StepPlace, { resource }: StepRecord): Promise<boolean> {
  const type = resourceTypeOf(place.step);
  if (type.stop === undefined) return true;
  return resource !== undefined && (await describeIfThere(type, { resource, invoke: invokeIn(place) })) !== undefined;
}

/** The record of a step whose resource is there, or of one that failed at it. */
async function create(place: StepPlace, record: StepRecord): Promise<StepRecord> {
  const { step, execution, context } = place;
  if (record.resource === undefined) throw new Error(`The step ${step.name} has no name for what it creates`);
  try {
    const request = evaluateObject(step.arguments, await scopeOf(place, record));
    const call = { resource: record.resource, invoke: invokeIn(place), request, executionArn: execution.arn };
    const resource = await resourceTypeOf(step).create(call);
    context.crashPoint("pipeline-execution:created");
    return { ...record, status: "Executing", resource, retryAt: undefined };
  } catch (error) {
    if (error instanceof ExpressionError) return failed(place, record, error.message);
    if (!(error instanceof AwsError)) throw error;
    const isFault = (error.status ?? 400) >= 500 || /^Internal|^ServiceUnavailable/.test(error.code);
    const exception = exceptionOfError(error.code, isFault);
    return failAttempt(place, record, { reason: `${error.code}: ${error.message}`, exception });
  }
}

async function observe(place: StepPlace, record: StepRecord): Promise<StepRecord> {
  const { resource = { name: "" } } = record;
  const type = resourceTypeOf(place.step);
  const call = { resource, invoke: invokeIn(place) };
  const description = await describeIfThere(type, call);
  if (description === undefined) return failed(place, record, `${resource.arn ?? resource.name} is gone.`);
  const state = type.stateOf(description, resource);
  const isStopping = place.execution.status === "Stopping";
  if (state.state === "succeeded") return await succeed(place, record);
  if (state.state === "failed") {
    return failAttempt(place, record, { reason: state.reason, exception: exceptionOfFailure(state.reason) });
  }
  if (state.state === "stopped") {
    return isStopping ? ended(place, record, "Stopped") : failed(place, record, `${resource.arn} was stopped.`);
  }
  if (!isStopping || type.stop === undefined || record.status === "Stopping") return record;
  await stopUnlessEnded(type, call);
  place.context.crashPoint("pipeline-execution:stopped");
  return { ...record, status: "Stopping" };
}

/** It may have ended between the look at it and the call. */
async function stopUnlessEnded(type: StepResourceType, call: StepCall): Promise<void> {
  try {
    await type.stop?.(call);
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== "ValidationException") throw error;
  }
}

async function succeed(place: StepPlace, record: StepRecord): Promise<StepRecord> {
  const { execution, context, dependencies } = place;
  const { cacheKey, resource } = record;
  if (cacheKey !== undefined && resource?.arn !== undefined) {
    const { pipelineId } = execution.body;
    const result = { executionArn: execution.arn, resourceName: resource.name, resourceArn: resource.arn };
    await dependencies.results.write({ pipelineId, cacheKey }, result, dependencies.clock.now());
    context.crashPoint("pipeline-execution:result-kept");
  }
  return ended(place, record, "Succeeded");
}

interface Failure {
  readonly reason: string;
  readonly exception: RetryExceptionType | undefined;
}

/** The step fails, unless one of its RetryPolicies wants another attempt. */
function failAttempt(place: StepPlace, record: StepRecord, { reason, exception }: Failure): StepRecord {
  const { step, execution, dependencies } = place;
  const now = dependencies.clock.now();
  const { attempts, firstStartTime, resource } = record;
  const tried = { attempts, startedAt: new Date(firstStartTime), now };
  const at = execution.status === "Stopping" ? undefined : nextAttemptAt(step.retryPolicies, exception, tried);
  if (at === undefined || resource === undefined) return failed(place, record, reason);
  return {
    ...record,
    status: "Starting",
    attempts: attempts + 1,
    startTime: now.toISOString(),
    retryAt: at.toISOString(),
    // An endpoint keeps its name; everything else is made anew under another one.
    resource: resource.endpointConfigName === undefined ? { name: uniqueName(place) } : resource,
  };
}
