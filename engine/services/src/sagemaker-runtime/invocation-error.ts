import { ServeError, type ServeErrorCode } from "@rondo/serve";
import { awsError } from "@rondo/wire";

/** Code and HTTP status, as the errors' shapes have them. */
const ERRORS: Readonly<Record<ServeErrorCode, { readonly code: string; readonly status: number }>> = {
  EndpointNotFound: { code: "ValidationError", status: 400 },
  VariantNotFound: { code: "ValidationError", status: 400 },
  ModelError: { code: "ModelError", status: 424 },
  ModelNotLoadable: { code: "ServiceUnavailable", status: 503 },
  ServiceUnavailable: { code: "ServiceUnavailable", status: 503 },
};

/** A refusal of serving as SageMaker Runtime's errors have it; anything else stays what it is. */
export function invocationError(error: unknown): unknown {
  if (!(error instanceof ServeError)) return error;
  const { code, status } = ERRORS[error.code];
  return awsError(code, error.message, { fields: error.fields, status, cause: error.cause });
}
