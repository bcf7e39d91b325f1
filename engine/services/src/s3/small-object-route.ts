import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { ChecksumAlgorithm, ObjectContent, ObjectInfo, ObjectRef, Objects } from "@rondo/store";
import type { DirectExchange, DirectRoute } from "@rondo/wire";
import { describeInput, objectMembers } from "./object-members.ts";
import { translateStoreError } from "./store-errors.ts";

/** Bytes of a body that is put this way; larger ones stream through the schemas. */
const MAX_BODY_BYTES = 16 << 10;

/** Milliseconds that a client may leave an answer unread. */
const ANSWER_TIMEOUT = 60_000;

/** What a plain request may say. With any other header or a query it takes the way through the schemas, which knows all of them. */
const PLAIN_HEADERS: ReadonlySet<string> = new Set([
  "accept",
  "accept-encoding",
  "amz-sdk-invocation-id",
  "amz-sdk-request",
  "authorization",
  "connection",
  "content-length",
  "content-type",
  "expect",
  "host",
  "user-agent",
  "x-amz-checksum-mode",
  "x-amz-content-sha256",
  "x-amz-date",
  "x-amz-sdk-checksum-algorithm",
  "x-amz-security-token",
  "x-amz-user-agent",
]);

const CHECKSUM_HEADERS: ReadonlyMap<string, ChecksumAlgorithm> = new Map([
  ["x-amz-checksum-crc32", "CRC32"],
  ["x-amz-checksum-crc32c", "CRC32C"],
  ["x-amz-checksum-crc64nvme", "CRC64NVME"],
  ["x-amz-checksum-sha1", "SHA1"],
  ["x-amz-checksum-sha256", "SHA256"],
]);

/**
 * PutObject, GetObject and HeadObject of plain objects around the schemas: the same answers at a third of the cost. A test compares both ways.
 */
export function createSmallObjectRoute({ objects }: { readonly objects: Objects }): DirectRoute {
  const handlers: Readonly<Record<string, (exchange: DirectExchange, object: ObjectRef) => Promise<void>>> = {
    PUT: (exchange, object) => putObject(objects, exchange, object),
    GET: (exchange, object) => getObject(objects, exchange, object),
    HEAD: (exchange, object) => headObject(objects, exchange, object),
  };
  return {
    signingName: "s3",
    protocol: "rest-xml",
    maxBodyBytes: MAX_BODY_BYTES,
    matches: (request) =>
      handlers[request.method ?? ""] !== undefined && isPlain(request) && readPath(request.url ?? "") !== undefined,
    handle(exchange) {
      const { request, caller, fail } = exchange;
      const handler = handlers[request.method ?? ""];
      const path = readPath(request.url ?? "");
      if (handler === undefined || path === undefined) throw new Error("The route did not match this request.");
      handler(exchange, { accountId: caller.accountId, ...path }).catch((error) => fail(translateStoreError(error)));
    },
  };
}

async function putObject(
  objects: Objects,
  { request, body, respond }: DirectExchange,
  object: ObjectRef,
): Promise<void> {
  const { headers } = request;
  const info = await objects.put(object, object.key, body, {
    ...describeInput({ ContentType: headers["content-type"] }, { headers }),
    checksum: announcedChecksum(headers),
  });
  respond(200, ["etag", info.etag, ...checksumHeaders(info)], "");
}

async function getObject(objects: Objects, exchange: DirectExchange, object: ObjectRef): Promise<void> {
  const content = await objects.get(object, object.key);
  const headers = describeObject(content.info, exchange.request);
  if (Buffer.isBuffer(content.body)) exchange.respond(200, headers, content.body);
  else await stream(exchange, headers, content);
}

async function stream(
  { response, requestId }: DirectExchange,
  headers: string[],
  content: ObjectContent,
): Promise<void> {
  writeHead(response, [...headers, ...lengthAndId(content.info, requestId)]);
  response.setTimeout(ANSWER_TIMEOUT, () => response.destroy());
  try {
    await pipeline(content.body, response);
  } catch {
    // The head is out: all that can be said is that the body is not whole.
    response.destroy();
  }
}

async function headObject(objects: Objects, exchange: DirectExchange, object: ObjectRef): Promise<void> {
  const { request, response, requestId } = exchange;
  const info = await objects.head(object, object.key);
  writeHead(response, [...describeObject(info, request), ...lengthAndId(info, requestId)]);
  response.end();
}

function writeHead(response: ServerResponse, headers: string[]): void {
  if (!response.headersSent && !response.destroyed) response.writeHead(200, headers);
}

function lengthAndId({ size }: ObjectInfo, requestId: string): string[] {
  const hostId = Buffer.from(requestId).toString("base64");
  return ["content-length", String(size), "x-amz-request-id", requestId, "x-amz-id-2", hostId];
}

/** Signed by header for S3 itself, addressed by path, and without anything that only the schemas know. */
function isPlain({ headers }: IncomingMessage): boolean {
  if (headers.authorization?.includes("/s3/aws4_request") !== true) return false;
  if (!/^(\d+\.\d+\.\d+\.\d+|\[[0-9a-f:]+\]|localhost)(:\d+)?$/.test(headers.host ?? "")) return false;
  if (Number(headers["content-length"] ?? 0) > MAX_BODY_BYTES) return false;
  let checksums = 0;
  for (const name in headers) {
    if (CHECKSUM_HEADERS.has(name)) checksums++;
    else if (!PLAIN_HEADERS.has(name)) return false;
  }
  const unnamed = checksums === 0 && headers["x-amz-sdk-checksum-algorithm"] !== undefined;
  return checksums <= 1 && !unnamed && String(headers["x-amz-content-sha256"]).startsWith("STREAMING-") === false;
}

/** `/bucket/key`, of which the key is percent-decoded once. A query other than the operation's name is for the schemas. */
function readPath(url: string): { bucket: string; key: string } | undefined {
  const query = url.indexOf("?");
  if (query >= 0 && !/^\?x-id=(Put|Get|Head)Object$/.test(url.slice(query))) return undefined;
  const end = query < 0 ? url.length : query;
  const slash = url.indexOf("/", 1);
  if (url[0] !== "/" || slash <= 1 || slash + 1 >= end) return undefined;
  const bucket = url.slice(1, slash);
  const key = url.slice(slash + 1, end);
  if (!/^[a-z0-9.-]+$/.test(bucket)) return undefined;
  const decoded = key.includes("%") ? decode(key) : key;
  return decoded === undefined ? undefined : { bucket, key: decoded };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function announcedChecksum(headers: IncomingMessage["headers"]) {
  for (const [name, algorithm] of CHECKSUM_HEADERS) {
    const value = headers[name];
    if (typeof value === "string") return { algorithm, value };
  }
  return undefined;
}

function checksumHeaders({ checksum }: ObjectInfo): string[] {
  if (checksum === undefined) return [];
  const name = `x-amz-checksum-${checksum.algorithm.toLowerCase()}`;
  return [name, checksum.value, "x-amz-checksum-type", checksum.type];
}

/** The headers that the schemas give to the members of GetObject. */
function describeObject(info: ObjectInfo, { headers: asked }: IncomingMessage): string[] {
  const members = objectMembers(info);
  const headers = [
    "accept-ranges",
    members.AcceptRanges,
    "last-modified",
    info.lastModified.toUTCString(),
    "etag",
    info.etag,
    "content-type",
    members.ContentType,
  ];
  const add = (name: string, value: string | undefined): void => {
    if (value !== undefined) headers.push(name, value);
  };
  add("content-encoding", members.ContentEncoding);
  add("content-disposition", members.ContentDisposition);
  add("content-language", members.ContentLanguage);
  add("cache-control", members.CacheControl);
  add("expires", members.Expires?.toUTCString());
  add("x-amz-tagging-count", members.TagCount?.toString());
  for (const [name, value] of Object.entries(info.metadata)) add(`x-amz-meta-${name}`, value);
  return asked["x-amz-checksum-mode"] === "ENABLED" ? [...headers, ...checksumHeaders(info)] : headers;
}
