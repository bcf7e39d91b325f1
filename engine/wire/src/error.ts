/**
 * The one error of the house: an AWS error code, its message and the members that the error's shape carries besides.
 *
 * The HTTP status comes from the error's schema in the SDK (`httpError`), 400 for a code that the schema does not know, 500 for
 * `InternalFailure`; `status` overrides it. How each protocol writes an error: aws-wire reference, section 5.
 */
export class AwsError extends Error {
  readonly code: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly status: number | undefined;

  constructor(code: string, message: string, options: AwsErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = code;
    this.code = code;
    this.fields = options.fields ?? {};
    this.status = options.status;
  }
}

export interface AwsErrorOptions {
  /** Members of the error's shape, as the SDK names them (`OriginalStatusCode` of `ModelError`). */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** HTTP status, where the schema does not say it. */
  readonly status?: number;
  readonly cause?: unknown;
}

/** `throw awsError("ResourceNotFound", "Requested resource not found.")`. */
export function awsError(code: string, message: string, options?: AwsErrorOptions): AwsError {
  return new AwsError(code, message, options);
}
