import type { InvocationResponse } from "../image.ts";
import { toClientError } from "../in-user-terms.ts";
import { UnsupportedTypeError } from "./unsupported-type-error.ts";

/** The answer to a request that is wrong: status 406 or 415 for its types, 400 for the rest. Throws the error again when it is our fault. */
export function refusalOf(error: unknown): InvocationResponse {
  const refusal = toClientError(error);
  if (refusal === undefined) throw error;
  const status = refusal instanceof UnsupportedTypeError ? refusal.status : 400;
  return { status, contentType: "application/json", body: JSON.stringify({ error: refusal.message }) };
}
