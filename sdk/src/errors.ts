/** A resource ended in another state than the one waited for. `failureReason` is the service's own text, `advice` what to do next. */
export class UnexpectedStatusError extends Error {
  /** `training job reviews-2026-11-21-14-00-00-000` */
  readonly resource: string;
  /** The state as the service names it: `Failed`, `Stopped`, `RollingBack` … */
  readonly status: string;
  readonly failureReason: string | undefined;
  readonly advice: string;

  constructor(resource: string, outcome: { status: string; failureReason?: string | undefined; advice: string }) {
    const reason = outcome.failureReason === undefined ? "" : `: ${outcome.failureReason}`;
    super(`The ${resource} is ${outcome.status}${reason}\n${outcome.advice}`);
    this.name = "UnexpectedStatusError";
    this.resource = resource;
    this.status = outcome.status;
    this.failureReason = outcome.failureReason;
    this.advice = outcome.advice;
  }
}

/** The wait's own deadline passed; the resource goes on by itself. */
export class WaitTimeoutError extends Error {
  readonly resource: string;

  constructor(resource: string, timeoutMs: number) {
    super(
      `The ${resource} was not done after ${Math.round(timeoutMs / 1000)} s of waiting. It goes on by itself: wait again, or give a longer timeoutMs.`,
    );
    this.name = "WaitTimeoutError";
    this.resource = resource;
  }
}

function nameAndMessage(error: unknown): { name: string; message: string } {
  return error instanceof Error ? error : { name: "", message: String(error) };
}

/** Whether AWS refused to create something because its name is taken (the texts that the SageMaker Python SDK matches on too). */
export function isAlreadyExisting(error: unknown): boolean {
  const { name, message } = nameAndMessage(error);
  return (name === "ValidationException" || name === "ResourceInUse") && /already exist/i.test(message);
}

/**
 * Whether AWS says that the resource is not there. SageMaker answers `ResourceNotFound` for jobs and `ValidationException` with
 * "Could not find …", "Requested resource not found." or, of the model registry, "… does not exist" for the rest; an invocation `ValidationError`.
 */
export function isNotFound(error: unknown): boolean {
  const { name, message } = nameAndMessage(error);
  if (["ResourceNotFound", "ResourceNotFoundException", "NotFound", "NoSuchKey", "NoSuchBucket"].includes(name))
    return true;
  return (
    ["ValidationException", "ValidationError"].includes(name) &&
    /could not find|not found|does not exist/i.test(message)
  );
}
