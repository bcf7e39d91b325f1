import type { ReconcileContext } from "@rondo/control";
import type { Objects } from "@rondo/store";
import type { InProcessClient } from "@rondo/wire";
import type { JsonObject, PipelineDefinition, StepDefinition } from "./definition.ts";
import { callerOf, executionId, type PipelineExecution, type StepRecord } from "./execution-body.ts";
import type { Scope } from "./expression.ts";
import { jobName } from "./job-name.ts";
import type { Invoke, StepResourceType } from "./step-resource.ts";
import { STEP_RESOURCE_TYPES } from "./step-resource-types.ts";
import type { StepResults } from "./step-results.ts";
import { loadScope } from "./step-scope.ts";

export interface StepDependencies {
  /** Calls SageMaker's own operations. */
  readonly sageMaker: InProcessClient;
  readonly objects: Objects;
  readonly results: StepResults;
  readonly clock: { now(): Date };
  /** Ten letters and digits that nobody has had before. */
  readonly createId: () => string;
}

/** A step within its execution, and what it works with. */
export interface StepPlace {
  readonly dependencies: StepDependencies;
  readonly execution: PipelineExecution;
  readonly definition: PipelineDefinition;
  readonly step: StepDefinition;
  readonly context: ReconcileContext;
}

/** How the step calls SageMaker: in the name of whoever started the execution. Answers have their times in ISO form. */
export function invokeIn({ dependencies, execution, context }: StepPlace): Invoke {
  return async (operation, input) => {
    const call = { operation, input, caller: callerOf(execution), signal: context.signal };
    return JSON.parse(JSON.stringify(await dependencies.sageMaker(call))) as JsonObject;
  };
}

/** What the expressions of the step's arguments stand for. */
export async function scopeOf(place: StepPlace, record: StepRecord): Promise<Scope> {
  const { objects } = place.dependencies;
  return await loadScope({ objects, invoke: invokeIn(place) }, { ...place, record }, place.step.arguments);
}

/** A name for what the step creates that was never used before. */
export function uniqueName({ dependencies, execution, step }: StepPlace, prefix?: string): string {
  return jobName({ executionId: executionId(execution), stepName: step.name, random: dependencies.createId(), prefix });
}

/** What a step of this type creates. */
export function resourceTypeOf({ type }: StepDefinition): StepResourceType {
  const found = STEP_RESOURCE_TYPES[type];
  if (found === undefined) throw new Error(`A ${type} step creates nothing`);
  return found;
}

/** The record of a step that ends now. */
export function ended({ dependencies }: StepPlace, record: StepRecord, status: StepRecord["status"]): StepRecord {
  return { ...record, status, endTime: dependencies.clock.now().toISOString() };
}

/** Of FailureReason, in characters. */
const MAX_FAILURE_REASON = 1024;

/** The record of a step that fails now. */
export function failed(place: StepPlace, record: StepRecord, reason: string): StepRecord {
  return ended(place, { ...record, failureReason: [...reason].slice(0, MAX_FAILURE_REASON).join("") }, "Failed");
}
