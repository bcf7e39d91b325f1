import { AnsweringError } from "@rondo/personalize";
import { CampaignError, type CampaignErrorCode } from "@rondo/serve";
import { awsError } from "@rondo/wire";

/** Personalize Runtime's own errors are the first two; a model that is being loaded is asked for again by every client. */
const ERRORS: Readonly<Record<CampaignErrorCode, { readonly code: string; readonly status: number }>> = {
  NotFound: { code: "ResourceNotFoundException", status: 404 },
  InvalidInput: { code: "InvalidInputException", status: 400 },
  Unavailable: { code: "ServiceUnavailable", status: 503 },
};

/** A refusal of serving or answering as Personalize Runtime's errors have it; anything else stays what it is. */
export function answeringFailure(error: unknown): unknown {
  if (error instanceof AnsweringError) return awsError("InvalidInputException", error.message, { cause: error });
  if (!(error instanceof CampaignError)) return error;
  const { code, status } = ERRORS[error.code];
  return awsError(code, error.message, { status, cause: error });
}
