import { cacheKeyOf } from "./cache-key.ts";
import { holdAll } from "./condition.ts";
import type { StepRecord } from "./execution-body.ts";
import { ExpressionError, evaluateObject } from "./expression.ts";
import { isReusable } from "./reusable-result.ts";
import { ended, failed, invokeIn, resourceTypeOf, type StepPlace, scopeOf, uniqueName } from "./step-place.ts";
import { describeIfThere, textOf } from "./step-resource.ts";
import type { StepResult } from "./step-results.ts";

/**
 * The record of a step that can begin. Nothing is created yet, only its name is decided; a Condition or Fail step is through at once, and so is one that can
 * use an earlier result.
 */
export async function beginStep(place: StepPlace): Promise<StepRecord> {
  const { step, dependencies } = place;
  const startTime = dependencies.clock.now().toISOString();
  const base = { name: step.name, status: "Starting", startTime, firstStartTime: startTime, attempts: 1 } as const;
  try {
    if (step.type === "Condition") return await decide(place, base);
    if (step.type === "Fail") return failed(place, base, await failMessage(place, base));
    return await prepare(place, base);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return failed(place, base, error.message);
  }
}

async function decide(place: StepPlace, base: StepRecord): Promise<StepRecord> {
  const { Conditions: conditions = [] } = place.step.arguments;
  const outcome = holdAll(conditions, await scopeOf(place, base));
  return ended(place, { ...base, outcome }, "Succeeded");
}

async function failMessage(place: StepPlace, base: StepRecord): Promise<string> {
  const { ErrorMessage: message = "" } = evaluateObject(place.step.arguments, await scopeOf(place, base));
  return textOf(message);
}

async function prepare(place: StepPlace, base: StepRecord): Promise<StepRecord> {
  const { step } = place;
  const unnamed = evaluateObject(step.arguments, await scopeOf(place, { ...base, resource: { name: "" } }));
  const cacheKey = cacheKeyOf(step, unnamed);
  const earlier = cacheKey === undefined ? undefined : await earlierResult(place, cacheKey);
  if (earlier !== undefined) {
    const resource = { name: earlier.resourceName, arn: earlier.resourceArn };
    return ended(place, { ...base, resource, cacheKey, cachedFrom: earlier.executionArn }, "Succeeded");
  }
  const resource = resourceTypeOf(step).name(unnamed, (prefix) => uniqueName(place, prefix));
  return { ...base, resource, cacheKey };
}

/** What the same step made of the same things, if its CacheConfig allows to use it and if it is still there. */
async function earlierResult(place: StepPlace, cacheKey: string): Promise<StepResult | undefined> {
  const { step, execution, dependencies } = place;
  const { results, clock, objects } = dependencies;
  if (step.cache === undefined) return undefined;
  const found = await results.find({ pipelineId: execution.body.pipelineId, cacheKey }, step.cache, clock.now());
  if (found === undefined) return undefined;
  const call = { resource: { name: found.resourceName, arn: found.resourceArn }, invoke: invokeIn(place) };
  const description = await describeIfThere(resourceTypeOf(step), call);
  const isThere = description !== undefined && (await isReusable(objects, execution.accountId, description));
  return isThere ? found : undefined;
}
