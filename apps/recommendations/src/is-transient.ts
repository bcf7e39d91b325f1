/** What an AWS client or a database driver throws, as far as it tells whether trying again can help. */
interface Failure {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $retryable?: { readonly throttling?: boolean };
  readonly cause?: { readonly code?: string };
}

/** Of sockets; and PostgreSQL's class 57P (it is shutting down or starting) and 08 (connection), 40 (serialisation, deadlock). */
const TRANSIENT_CODE = /^(E(CONN\w+|PIPE|NOTFOUND|AI_AGAIN|TIMEDOUT|HOSTUNREACH|NETUNREACH)|57P0\d|08\w{3}|40\w{3})$/;

const TRANSIENT_NAME = /Timeout|Throttl|TooManyRequests|LimitExceeded|ServiceUnavailable|AbortError/;

/** Whether nobody answered, it took too long, the other side failed (5xx) or asked to come back later: the same call can succeed another time. */
export function isTransient(error: unknown): boolean {
  const { name = "", cause, code = cause?.code ?? "", $metadata, $retryable } = (error ?? {}) as Failure;
  if (($metadata?.httpStatusCode ?? 0) >= 500 || $retryable !== undefined) return true;
  return TRANSIENT_CODE.test(code) || TRANSIENT_NAME.test(name);
}

/** Why something failed, for people: a refused connection has a code and, when several addresses were tried, no message. */
export function describeFailure(error: unknown): string {
  const { name = "", message = "", code = "" } = (error ?? {}) as Failure;
  return message || code || name || String(error);
}
