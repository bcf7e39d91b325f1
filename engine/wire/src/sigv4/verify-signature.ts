import type { Credential } from "../credential.ts";
import { headerValue, type RequestHead } from "../request-head.ts";
import { allowedSkew, checkSkew, readAmzDate } from "./amz-date.ts";
import { AuthenticationFailure } from "./authentication-failure.ts";
import { canonicalRequest, headerNames } from "./canonical-request.ts";
import type { SigV4Claim } from "./claim.ts";
import { type SigningKey, type SigningKeys, sameSignature, sha256, signText } from "./signing-key.ts";

export interface VerifiedSignature {
  readonly key: SigningKey;
  /** What the body must be: a hash in hexadecimal, `UNSIGNED-PAYLOAD`, or one of the `STREAMING-…` forms. */
  readonly payloadHash: string;
}

/**
 * The claimed hash of the body; undefined when the client sent none, so that the body must be hashed before the signature can be verified.
 * Only S3 takes bodies that are not signed or signed by chunks: elsewhere such a claim counts as none.
 */
export function claimedPayloadHash(head: RequestHead, claim: SigV4Claim): string | undefined {
  const claimed = headerValue(head, "x-amz-content-sha256") ?? claim.payloadHash;
  if (claim.scope.service !== "s3")
    return claimed !== undefined && /^[0-9a-f]{64}$/.test(claimed) ? claimed : undefined;
  return claimed ?? (claim.kind === "presigned" ? "UNSIGNED-PAYLOAD" : undefined);
}

/** Verifies a SigV4 signature in header or query. Throws AuthenticationFailure. */
export function verifySignature(
  head: RequestHead,
  claim: SigV4Claim,
  {
    credential,
    keys,
    now,
    payloadHash,
  }: { credential: Credential; keys: SigningKeys; now: number; payloadHash: string },
): VerifiedSignature {
  checkTerms(head, claim, now);
  const { scope, signedHeaders } = claim;
  const key = keys(credential, scope);
  const parts = { service: scope.service, signedHeaders, payloadHash };
  const canonical = canonicalRequest(
    head,
    claim.kind === "presigned" ? { ...parts, withoutQuery: "X-Amz-Signature" } : parts,
  );
  const sign = (text: string | Buffer): string =>
    signText(key, `AWS4-HMAC-SHA256\n${claim.date}\n${scope.text}\n${sha256(text)}`);
  // Node reads header bytes as Latin-1; clients that send UTF-8 signed those bytes.
  const matches =
    sameSignature(sign(canonical), claim.signature) ||
    (/[\x80-\xff]/.test(canonical) && sameSignature(sign(Buffer.from(canonical, "latin1")), claim.signature));
  if (!matches) throw new AuthenticationFailure("wrong-signature");
  return { key, payloadHash };
}

/** What of a claim can be refused before its signature is computed. Throws AuthenticationFailure. */
export function checkTerms(head: RequestHead, claim: SigV4Claim, now: number): void {
  checkTime(claim, now);
  checkSignedHeaders(head, claim);
}

function checkTime(claim: SigV4Claim, now: number): void {
  const signedAt = readAmzDate(claim.date);
  if (Number.isNaN(signedAt))
    throw new AuthenticationFailure("malformed", `The date '${claim.date}' is not in ISO-8601 basic format.`);
  if (claim.scope.day !== claim.date.slice(0, 8)) {
    throw new AuthenticationFailure(
      "wrong-signature",
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${claim.scope.day}' != '${claim.date}'.`,
    );
  }
  if (claim.kind === "header") checkSkew(claim.date, signedAt, now);
  else if (now > signedAt + claim.expires * 1000) throw new AuthenticationFailure("expired-url");
  else if (signedAt > now + allowedSkew) checkSkew(claim.date, signedAt, now);
}

/** What is not signed could be changed on the way: the host and every `x-amz-` header must be (the JS client signs `:authority` over HTTP/2). */
function checkSignedHeaders({ headers }: RequestHead, { kind, signedHeaders }: SigV4Claim): void {
  const names = headerNames(signedHeaders);
  if (!names.includes("host") && !names.includes(":authority")) {
    throw new AuthenticationFailure(
      "wrong-signature",
      "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
    );
  }
  for (const name in headers) {
    if (!name.startsWith("x-amz-") || names.includes(name)) continue;
    if (kind === "presigned" && name === "x-amz-content-sha256") continue;
    throw new AuthenticationFailure(
      "headers-not-signed",
      `There were headers present in the request which were not signed: ${name}`,
    );
  }
}
