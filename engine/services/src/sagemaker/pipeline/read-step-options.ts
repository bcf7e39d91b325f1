import { type CacheDefinition, isObject, type Json, type JsonObject, type RetryPolicy } from "./definition.ts";
import { invalidDefinition } from "./definition-error.ts";
import { parseIsoDuration } from "./iso-duration.ts";
import { RETRY_EXCEPTION_TYPES } from "./retry-schedule.ts";

/** `CacheConfig` of a step: undefined unless it is enabled. Throws ValidationException. */
export function readCacheConfig(step: JsonObject): CacheDefinition | undefined {
  const config = step.CacheConfig ?? undefined;
  if (config === undefined) return undefined;
  const { Enabled: enabled, ExpireAfter: expires } = isObject(config) ? config : {};
  if (typeof enabled !== "boolean") throw invalid(step, "CacheConfig must have Enabled, true or false.");
  if (!enabled) return undefined;
  if (expires === undefined || expires === null) return { expiresAfterMs: undefined };
  const expiresAfterMs = typeof expires === "string" ? parseIsoDuration(expires) : undefined;
  if (expiresAfterMs === undefined) {
    throw invalid(step, "CacheConfig.ExpireAfter must be an ISO 8601 duration, such as PT1H or P30D.");
  }
  return { expiresAfterMs };
}

/** `RetryPolicies` of a step, with the defaults of the Python SDK. Throws ValidationException. */
export function readRetryPolicies(step: JsonObject): readonly RetryPolicy[] {
  const policies = step.RetryPolicies ?? [];
  if (!Array.isArray(policies)) throw invalid(step, "RetryPolicies must be a list.");
  return (policies as readonly Json[]).map((policy, index) => readRetryPolicy(step, policy, `RetryPolicies[${index}]`));
}

function readRetryPolicy(step: JsonObject, policy: Json, place: string): RetryPolicy {
  if (!isObject(policy)) throw invalid(step, `${place} must be an object.`);
  const types = policy.ExceptionType;
  if (!Array.isArray(types) || types.length === 0) throw invalid(step, `${place}.ExceptionType must be a list.`);
  const unknown = types.find((type) => !(RETRY_EXCEPTION_TYPES as readonly unknown[]).includes(type));
  if (unknown !== undefined) {
    throw invalid(
      step,
      `${place}.ExceptionType: ${JSON.stringify(unknown)} is none of ${RETRY_EXCEPTION_TYPES.join(", ")}.`,
    );
  }
  const read = (member: string, range: readonly [number, number]) => readNumber(step, { policy, place, member, range });
  const maxAttempts = read("MaxAttempts", [1, 20]);
  const expireAfterMinutes = read("ExpireAfterMin", [1, 14_400]);
  if ((maxAttempts === undefined) === (expireAfterMinutes === undefined)) {
    throw invalid(step, `${place} must have either MaxAttempts or ExpireAfterMin.`);
  }
  return {
    exceptionTypes: types as readonly string[],
    intervalSeconds: read("IntervalSeconds", [0, 43_200]) ?? 1,
    backoffRate: read("BackoffRate", [0, 100]) ?? 2,
    maxAttempts,
    expireAfterMinutes,
  };
}

interface NumberMember {
  readonly policy: JsonObject;
  readonly place: string;
  readonly member: string;
  readonly range: readonly [number, number];
}

function readNumber(
  step: JsonObject,
  { policy, place, member, range: [least, most] }: NumberMember,
): number | undefined {
  const value = policy[member] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value === "number" && value >= least && value <= most) return value;
  throw invalid(step, `${place}.${member} must be a number from ${least} to ${most}.`);
}

function invalid(step: JsonObject, problem: string): Error {
  return invalidDefinition(`step ${String(step.Name)}: ${problem}`);
}
