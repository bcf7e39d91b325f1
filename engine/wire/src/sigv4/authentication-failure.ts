import { type AwsError, awsError } from "../error.ts";

/** Why a request could not be authenticated; the code that AWS answers depends on the protocol. */
export type FailureReason =
  | "missing"
  | "malformed"
  | "malformed-query"
  | "unknown-key"
  | "wrong-signature"
  | "skewed"
  | "expired-url"
  | "expired-token"
  | "wrong-token"
  | "headers-not-signed"
  | "tampered-body";

/** Thrown while authenticating; turned into an AwsError once the protocol of the answer is known. */
export class AuthenticationFailure extends Error {
  readonly reason: FailureReason;

  constructor(reason: FailureReason, message = messages[reason]) {
    super(message);
    this.name = "AuthenticationFailure";
    this.reason = reason;
  }
}

/** How an API family words its errors. */
export type ErrorFamily = "json" | "rest-json" | "query" | "s3";

const messages: Readonly<Record<FailureReason, string>> = {
  missing: "Missing Authentication Token",
  malformed: "Authorization header requires 'Credential', 'Signature', 'SignedHeaders' and a date.",
  "malformed-query": "Query-string authentication parameters are missing or wrong.",
  "unknown-key": "The security token included in the request is invalid.",
  "wrong-signature":
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
  skewed: "The difference between the request time and the current time is too large.",
  "expired-url": "Request has expired",
  "expired-token": "The security token included in the request is expired",
  "wrong-token": "The security token included in the request is invalid.",
  "headers-not-signed": "There were headers present in the request which were not signed",
  "tampered-body": "The provided 'x-amz-content-sha256' header does not match what was computed.",
};

type Answer = readonly [code: string, status: number];

/** AWS's codes: General Reference "Common errors", S3 API Reference "Error responses"; statuses as the services send them. */
const answers: Readonly<Record<FailureReason, Readonly<Record<ErrorFamily, Answer>>>> = {
  missing: family(
    ["MissingAuthenticationTokenException", 403],
    ["MissingAuthenticationToken", 403],
    ["AccessDenied", 403],
  ),
  malformed: family(
    ["IncompleteSignatureException", 403],
    ["IncompleteSignature", 403],
    ["AuthorizationHeaderMalformed", 400],
  ),
  "malformed-query": family(
    ["IncompleteSignatureException", 403],
    ["IncompleteSignature", 403],
    ["AuthorizationQueryParametersError", 400],
  ),
  "unknown-key": family(
    ["UnrecognizedClientException", 403],
    ["InvalidClientTokenId", 403],
    ["InvalidAccessKeyId", 403],
  ),
  "wrong-signature": family(
    ["InvalidSignatureException", 403],
    ["SignatureDoesNotMatch", 403],
    ["SignatureDoesNotMatch", 403],
  ),
  skewed: family(["InvalidSignatureException", 403], ["SignatureDoesNotMatch", 403], ["RequestTimeTooSkewed", 403]),
  "expired-url": family(["InvalidSignatureException", 403], ["SignatureDoesNotMatch", 403], ["AccessDenied", 403]),
  "expired-token": family(["ExpiredTokenException", 403], ["ExpiredToken", 403], ["ExpiredToken", 400]),
  "wrong-token": family(["UnrecognizedClientException", 403], ["InvalidClientTokenId", 403], ["InvalidToken", 400]),
  "headers-not-signed": family(
    ["InvalidSignatureException", 403],
    ["SignatureDoesNotMatch", 403],
    ["AccessDenied", 403],
  ),
  "tampered-body": family(
    ["InvalidSignatureException", 403],
    ["SignatureDoesNotMatch", 403],
    ["XAmzContentSHA256Mismatch", 400],
  ),
};

function family(rest: Answer, query: Answer, s3: Answer): Readonly<Record<ErrorFamily, Answer>> {
  // The JSON-RPC front ends answer 400 for everything but a missing token.
  const json: Answer = rest[0].startsWith("Missing") ? rest : [rest[0], 400];
  return { json, "rest-json": rest, query, s3 };
}

const s3Messages: Partial<Record<FailureReason, string>> = {
  missing: "Access Denied",
  "unknown-key": "The AWS Access Key Id you provided does not exist in our records.",
  "wrong-signature":
    "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
  skewed: messages.skewed,
  "expired-token": "The provided token has expired.",
  "wrong-token": "The provided token is malformed or otherwise invalid.",
};

/** The AWS error that a client of this family expects. */
export function authenticationError(failure: AuthenticationFailure, family: ErrorFamily): AwsError {
  const [code, status] = answers[failure.reason][family];
  return awsError(code, (family === "s3" ? s3Messages[failure.reason] : undefined) ?? failure.message, { status });
}
