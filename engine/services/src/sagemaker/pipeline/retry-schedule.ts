import type { RetryPolicy } from "./definition.ts";

/** The kinds of failure that a policy may name. Source: "Retry policy for pipeline steps" and sagemaker/workflow/retry.py. */
export const RETRY_EXCEPTION_TYPES = [
  "Step.SERVICE_FAULT",
  "Step.THROTTLING",
  "SageMaker.JOB_INTERNAL_ERROR",
  "SageMaker.CAPACITY_ERROR",
  "SageMaker.RESOURCE_LIMIT",
] as const;

export type RetryExceptionType = (typeof RETRY_EXCEPTION_TYPES)[number];

/** What an operation's error is to retry policies; undefined: an error of the request, which no repetition cures. */
export function exceptionOfError(code: string, isFault: boolean): RetryExceptionType | undefined {
  if (/^(Throttling|ThrottlingException|TooManyRequestsException|RequestLimitExceeded|SlowDown)$/.test(code))
    return "Step.THROTTLING";
  if (code === "ResourceLimitExceeded") return "SageMaker.RESOURCE_LIMIT";
  return isFault ? "Step.SERVICE_FAULT" : undefined;
}

/** What a job's FailureReason is to retry policies; undefined: the program's own failure. */
export function exceptionOfFailure(failureReason: string): RetryExceptionType | undefined {
  if (failureReason.startsWith("InternalServerError")) return "SageMaker.JOB_INTERNAL_ERROR";
  if (/^(ClientError: )?(CapacityError|Capacity Error|Unable to provision)/i.test(failureReason))
    return "SageMaker.CAPACITY_ERROR";
  if (failureReason.startsWith("ResourceLimitExceeded")) return "SageMaker.RESOURCE_LIMIT";
  return undefined;
}

/** What AWS repeats without being told to; it does not say how often. */
const DEFAULT_POLICY: RetryPolicy = {
  exceptionTypes: ["Step.SERVICE_FAULT", "Step.THROTTLING"],
  intervalSeconds: 1,
  backoffRate: 2,
  maxAttempts: 5,
  expireAfterMinutes: undefined,
};

export interface FailedAttempts {
  /** How often the step was tried, the one that has just failed included. */
  readonly attempts: number;
  readonly startedAt: Date;
  readonly now: Date;
}

/**
 * When to try again after a failure: IntervalSeconds × BackoffRate^(n − 1) after the n-th failure, until MaxAttempts repetitions or ExpireAfterMin minutes
 * since the first start are used up. Undefined: not again. The first policy that names the exception decides; what none names of a service's fault or
 * throttling is tried five times.
 */
export function nextAttemptAt(
  policies: readonly RetryPolicy[],
  exception: RetryExceptionType | undefined,
  { attempts, startedAt, now }: FailedAttempts,
): Date | undefined {
  const policy = [...policies, DEFAULT_POLICY].find(
    ({ exceptionTypes }) => exception !== undefined && exceptionTypes.includes(exception),
  );
  if (policy === undefined) return undefined;
  if (policy.maxAttempts !== undefined && attempts > policy.maxAttempts) return undefined;
  const delayMs = Math.round(policy.intervalSeconds * 1000 * policy.backoffRate ** (attempts - 1));
  const at = now.getTime() + delayMs;
  const lastMs = (policy.expireAfterMinutes ?? Number.POSITIVE_INFINITY) * 60_000;
  return at - startedAt.getTime() > lastMs || !Number.isFinite(at) ? undefined : new Date(at);
}
