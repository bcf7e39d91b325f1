import { isAccessDenied } from "../infrastructure/access-denied.ts";

/** What an AWS client throws, as far as it tells whether anybody answered. */
interface ClientFailure {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $retryable?: { readonly throttling?: boolean };
  /** `fetch` hides the reason there. */
  readonly cause?: { readonly code?: string };
}

const NETWORK_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);

/** Deadlines of the clients and of `AbortSignal.timeout`; and more rows at once than the store takes. */
const TIMEOUT_NAMES = new Set(["TimeoutError", "RequestTimeout", "TooManyWaitingError"]);

/** Answers that ask to come back later; AWS gives them with status 400. */
const THROTTLING_NAMES = new Set([
  "ThrottlingException",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "Throttling",
  "TooManyRequestsException",
]);

/**
 * Whether a store could not be reached, so that trying again later can help: nobody answered, it took too long, it was an error of the store
 * (5xx), or it asked to slow down. A request that the store refused (4xx) would be refused again.
 */
export function isOutOfReach(error: unknown): boolean {
  const { name = "", cause, code = cause?.code ?? "", $metadata, $retryable } = (error ?? {}) as ClientFailure;
  const status = $metadata?.httpStatusCode;
  if (status !== undefined && status >= 500) return true;
  if (THROTTLING_NAMES.has(name) || $retryable?.throttling === true) return true;
  return status === undefined && (NETWORK_CODES.has(code) || TIMEOUT_NAMES.has(name));
}

/** What AWS's services say of credentials that they do not know or take, and of a table, a group or a topic that is not there. */
const SET_UP_NAMES =
  /^(CredentialsProviderError|ExpiredToken|InvalidClientTokenId|InvalidSignature|MissingAuthenticationToken|NotFoundException|ResourceNotFound|SignatureDoesNotMatch|UnrecognizedClient)/;

/** Whether the refusal is no fault of what was sent: rights, credentials or the table itself are missing, and the same request is taken once they are there. */
export function isRefusalOfAccess(error: unknown): boolean {
  return isAccessDenied(error) || SET_UP_NAMES.test((error as ClientFailure | undefined)?.name ?? "");
}

/** Why a store did not do what it was asked for, for people. A refused connection has a code and, when several addresses were tried, no message. */
export function describeFailure(error: unknown): string {
  const { name = "", message = "", code = "" } = (error ?? {}) as ClientFailure;
  return message || code || name || String(error);
}
