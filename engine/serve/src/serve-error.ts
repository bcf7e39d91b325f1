/**
 * A refusal of serving, with a code that the services translate: `ModelNotLoadable` (the message is a FailureReason), `EndpointNotFound`,
 * `VariantNotFound`, `ModelError` (fields OriginalStatusCode, OriginalMessage, LogStreamArn) and `ServiceUnavailable`.
 */
export class ServeError extends Error {
  readonly code: ServeErrorCode;
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(code: ServeErrorCode, message: string, options: ServeErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "ServeError";
    this.code = code;
    this.fields = options.fields ?? {};
  }
}

export type ServeErrorCode =
  | "ModelNotLoadable"
  | "EndpointNotFound"
  | "VariantNotFound"
  | "ModelError"
  | "ServiceUnavailable";

export interface ServeErrorOptions {
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}
