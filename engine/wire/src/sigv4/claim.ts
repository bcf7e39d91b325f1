import { type QueryPair, readQuery } from "../percent-encoding.ts";
import { headerValue, type RequestHead } from "../request-head.ts";
import { amzDateOf } from "./amz-date.ts";
import { AuthenticationFailure } from "./authentication-failure.ts";
import type { CredentialScope } from "./signing-key.ts";

/** What a request says about who signed it, before anything is verified. */
export type SignatureClaim = SigV4Claim | SigV2Claim;

export interface SigV4Claim {
  readonly kind: "header" | "presigned";
  readonly accessKeyId: string;
  readonly scope: CredentialScope;
  readonly signedHeaders: string;
  readonly signature: string;
  /** `20260131T235959Z` */
  readonly date: string;
  readonly sessionToken: string | undefined;
  /** Seconds that a presigned URL lives. */
  readonly expires: number;
  /** The hash that a presigned URL may name. */
  readonly payloadHash?: string | undefined;
}

/** The query form of the old S3 signature, which boto3 still presigns with in some regions. */
export interface SigV2Claim {
  readonly kind: "sigv2";
  readonly accessKeyId: string;
  readonly signature: string;
  /** Seconds since 1970 after which the URL is dead. */
  readonly expires: string;
  readonly sessionToken: string | undefined;
}

const algorithm = "AWS4-HMAC-SHA256";

/** Reads the claim of a request; undefined when it carries none. Throws when there is one that is incomplete. */
export function readClaim(head: RequestHead): SignatureClaim | undefined {
  const authorization = head.headers.authorization;
  if (authorization !== undefined) return headerClaim(head, authorization);
  if (head.query.includes("X-Amz-Signature=") || head.query.includes("X-Amz-Algorithm=")) return presignedClaim(head);
  if (head.query.includes("AWSAccessKeyId=")) return sigV2Claim(head);
  return undefined;
}

function headerClaim(head: RequestHead, authorization: string): SigV4Claim {
  if (!authorization.startsWith(`${algorithm} `)) {
    throw new AuthenticationFailure(
      "malformed",
      `Unsupported Authorization type; ${algorithm} is what Rondo verifies.`,
    );
  }
  const credential = parameter(authorization, "Credential=");
  const signedHeaders = parameter(authorization, "SignedHeaders=");
  const signature = parameter(authorization, "Signature=");
  const { date: httpDate } = head.headers;
  const date = headerValue(head, "x-amz-date") ?? (httpDate && amzDateOf(httpDate));
  if (credential === "" || signedHeaders === "" || signature === "" || date === undefined) {
    throw new AuthenticationFailure("malformed");
  }
  const sessionToken = headerValue(head, "x-amz-security-token");
  return { kind: "header", ...readCredential(credential), signedHeaders, signature, date, sessionToken, expires: 0 };
}

function parameter(authorization: string, name: string): string {
  const start = authorization.indexOf(name, algorithm.length);
  if (start < 0 || !", ".includes(authorization.charAt(start - 1))) return "";
  const end = authorization.indexOf(",", start);
  return authorization.slice(start + name.length, end < 0 ? undefined : end).trim();
}

function readCredential(text: string): { accessKeyId: string; scope: CredentialScope } {
  const slash = text.indexOf("/");
  const scope = text.slice(slash + 1);
  const [day = "", region = "", service = "", end, ...rest] = scope.split("/");
  if (slash < 1 || end !== "aws4_request" || rest.length > 0 || scope.length > 256 || !region || !service) {
    throw new AuthenticationFailure(
      "malformed",
      "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/aws4_request.",
    );
  }
  return { accessKeyId: text.slice(0, slash), scope: { text: scope, day, region, service } };
}

const longestLife = 7 * 24 * 3600;

function presignedClaim(head: RequestHead): SigV4Claim {
  const read = queryReader(head);
  const date = read("X-Amz-Date");
  const signedHeaders = read("X-Amz-SignedHeaders");
  const signature = read("X-Amz-Signature");
  const credential = read("X-Amz-Credential");
  const expires = Number(read("X-Amz-Expires"));
  if (read("X-Amz-Algorithm") !== algorithm || !date || !signedHeaders || !signature || !credential) {
    throw new AuthenticationFailure(
      "malformed-query",
      "Query-string authentication requires the X-Amz-Algorithm, -Credential, -Signature, -Date, -SignedHeaders and -Expires parameters.",
    );
  }
  if (!Number.isInteger(expires) || expires < 1 || expires > longestLife) {
    throw new AuthenticationFailure("malformed-query", "X-Amz-Expires must be between 1 and 604800 seconds");
  }
  const sessionToken = read("X-Amz-Security-Token");
  const payloadHash = read("X-Amz-Content-Sha256");
  return {
    kind: "presigned",
    ...readCredential(credential),
    signedHeaders,
    signature,
    date,
    sessionToken,
    expires,
    payloadHash,
  };
}

function sigV2Claim(head: RequestHead): SigV2Claim {
  const read = queryReader(head);
  const accessKeyId = read("AWSAccessKeyId");
  const signature = read("Signature");
  const expires = read("Expires");
  if (!accessKeyId || !signature || !expires || !/^\d{1,12}$/.test(expires)) {
    throw new AuthenticationFailure(
      "malformed",
      "Query-string authentication requires AWSAccessKeyId, Signature and Expires.",
    );
  }
  return { kind: "sigv2", accessKeyId, signature, expires, sessionToken: read("x-amz-security-token") };
}

function queryReader(head: RequestHead): (name: string) => string | undefined {
  const pairs: readonly QueryPair[] = readQuery(head.query) ?? [];
  return (name) => pairs.find((pair) => pair.name === name)?.value;
}
