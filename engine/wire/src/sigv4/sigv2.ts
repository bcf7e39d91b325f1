import { createHmac } from "node:crypto";
import type { Credential } from "../credential.ts";
import { percentDecode, readQuery } from "../percent-encoding.ts";
import { headerValue, type RequestHead } from "../request-head.ts";
import { isSubResource } from "../s3-routing.ts";
import { AuthenticationFailure } from "./authentication-failure.ts";
import type { SigV2Claim } from "./claim.ts";
import { sameSignature } from "./signing-key.ts";

/** Query parameters that the old S3 signature covers (S3 User Guide, "Signing and authenticating REST requests", and the later ones of botocore). */
const signedParameters = new Set(
  "accelerate acl analytics cors defaultObjectAcl delete inventory lifecycle location logging metrics notification object-lock partNumber policy replication requestPayment restore select select-type storageClass tagging torrent uploadId uploads versionId versioning versions website response-content-type response-content-language response-expires response-cache-control response-content-disposition response-content-encoding".split(
    " ",
  ),
);

/**
 * Verifies a presigned S3 URL of the old kind (HMAC-SHA1), which boto3 makes by default in us-east-1.
 *
 * @param bucket of a host-style request: it belongs to the signed resource although it is not in the path.
 */
export function verifySigV2(
  head: RequestHead,
  claim: SigV2Claim,
  { credential, now, bucket }: { credential: Credential; now: number; bucket: string | undefined },
): void {
  if (now > Number(claim.expires) * 1000) throw new AuthenticationFailure("expired-url");
  const query = readQuery(head.query) ?? [];
  const added = query.find(({ name }) => isSubResource(name) && !signedParameters.has(name));
  if (added !== undefined)
    throw new AuthenticationFailure("wrong-signature", `The old signature does not cover the parameter ${added.name}.`);
  // boto3 signs the path decoded and re-encoded with "/~" kept; both spellings of a path are accepted.
  const matches = [head.path, percentDecode(head.path)].some(
    (path) =>
      path !== undefined &&
      sameSignature(
        signature(stringToSign(head, claim, `${bucket ? `/${bucket}` : ""}${path}`), credential),
        claim.signature,
      ),
  );
  if (!matches) throw new AuthenticationFailure("wrong-signature");
}

const signature = (text: string, { secretAccessKey }: Credential): string =>
  createHmac("sha1", secretAccessKey).update(text).digest("base64");

function stringToSign(head: RequestHead, { expires }: SigV2Claim, path: string): string {
  const query = readQuery(head.query) ?? [];
  const values = new Map<string, string>();
  for (const name in head.headers) if (name.startsWith("x-amz-")) values.set(name, headerValue(head, name) ?? "");
  for (const { name, value } of query)
    if (name.toLowerCase().startsWith("x-amz-")) values.set(name.toLowerCase(), value);
  const amz = [...values].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}:${value.trim()}\n`);
  const signed = query
    .filter(({ name }) => signedParameters.has(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, value }) => (value === "" ? name : `${name}=${value}`));
  const resource = signed.length > 0 ? `${path}?${signed.join("&")}` : path;
  const contentMd5 = headerValue(head, "content-md5") ?? "";
  const contentType = headerValue(head, "content-type") ?? "";
  return `${head.method}\n${contentMd5}\n${contentType}\n${expires}\n${amz.join("")}${resource}`;
}
