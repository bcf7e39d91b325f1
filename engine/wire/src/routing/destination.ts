import { headerValue, type RequestHead } from "../request-head.ts";
import type { ServiceDefinition, WireProtocol } from "../service.ts";

/** Where a request goes as far as its head tells, without loading any SDK package. */
export interface Destination {
  readonly protocol: WireProtocol;
  /** One, or the REST services that share a signing name. */
  readonly candidates: readonly ServiceDefinition[];
  /** The operation, in the protocols whose head names it. */
  readonly operation?: string | undefined;
}

/** Finds services and protocol: `X-Amz-Target`, the CBOR path, the query protocol's form, else the signing name (aws-wire reference, section 9). */
export function findDestination(services: readonly ServiceDefinition[], head: RequestHead): Destination {
  const target = headerValue(head, "x-amz-target");
  if (target !== undefined) {
    const dot = target.lastIndexOf(".");
    const prefix = target.slice(0, Math.max(dot, 0));
    return {
      protocol: "aws-json",
      candidates: services.filter(({ targetPrefix }) => targetPrefix === prefix),
      operation: target.slice(dot + 1),
    };
  }
  if (headerValue(head, "smithy-protocol") === "rpc-v2-cbor") return cborDestination(services, head);
  const signingName = claimedSigningName(head);
  const signed = services.filter((service) => service.signingName === signingName);
  if (isForm(head)) {
    const candidates = signed.filter(({ protocols }) => protocols.includes("query"));
    const unsigned = signingName === undefined && services.some(({ protocols }) => protocols.includes("query"));
    // A service that we lack is told in the form that its clients read.
    if (candidates.length > 0 || unsigned || signed.length === 0) return { protocol: "query", candidates };
  }
  const rest = signed.find(({ protocols }) => protocols.includes("rest-xml"));
  if (rest !== undefined) return { protocol: "rest-xml", candidates: [rest] };
  const candidates = signed.filter(({ protocols }) => protocols.includes("rest-json"));
  if (candidates.length > 0) return { protocol: "rest-json", candidates };
  const [only] = signed;
  if (only !== undefined) return { protocol: only.protocols[0] ?? "rest-json", candidates: signed };
  const unsigned = signingName === undefined ? services.filter(({ paths }) => paths?.test(head.path)) : [];
  if (unsigned.length > 0) return { protocol: "rest-json", candidates: unsigned };
  return {
    protocol: services.some(isS3) && signingName === undefined ? "rest-xml" : "rest-json",
    candidates: services.filter((service) => signingName === undefined && isS3(service)),
  };
}

const isS3 = ({ signingName }: ServiceDefinition): boolean => signingName === "s3";

function isForm(head: RequestHead): boolean {
  return (
    headerValue(head, "content-type")?.startsWith("application/x-www-form-urlencoded") === true ||
    /(^|&)Action=/.test(head.query)
  );
}

function cborDestination(services: readonly ServiceDefinition[], head: RequestHead): Destination {
  const [, prefix, operation] = /^\/service\/([^/]+)\/operation\/([^/]+)$/.exec(head.path) ?? [];
  return {
    protocol: "rpc-v2-cbor",
    candidates: services.filter(({ targetPrefix }) => prefix !== undefined && targetPrefix === prefix),
    operation,
  };
}

/** The service that the client says it signed for; not verified, good enough to choose the form of an error. */
export function claimedSigningName(head: RequestHead): string | undefined {
  const authorization = head.headers.authorization;
  const header = authorization && /Credential=[^/,\s]+\/\d+\/[^/,\s]+\/([^/,\s]+)\//.exec(authorization)?.[1];
  if (header) return header;
  const presigned = /X-Amz-Credential=[^&]*?(?:%2F|\/)\d{8}(?:%2F|\/)[^&/%]+(?:%2F|\/)([^&/%]+)/i.exec(head.query)?.[1];
  return presigned ?? (head.query.includes("AWSAccessKeyId=") ? "s3" : undefined);
}
