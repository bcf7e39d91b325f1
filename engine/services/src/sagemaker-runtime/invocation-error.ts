import { ServeError, type ServeErrorCode } from "@rondo/serve";
import { awsError } from "@rondo/wire";

const CODES: Readonly<Record<ServeErrorCode, string>> = {
  EndpointNotFound: "ValidationError",
  VariantNotFound: "ValidationError",
  ModelError: "ModelError",
  ModelNotLoadable: "ServiceUnavailable",
  ServiceUnavailable: "ServiceUnavailable",
};

/** A refusal of serving as SageMaker Runtime's errors have it; anything else stays what it is. */
export function invocationError(error: unknown): unknown {
  if (!(error instanceof ServeError)) return error;
  return awsError(CODES[error.code], error.message, { fields: error.fields, cause: error.cause });
}
