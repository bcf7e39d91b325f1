import { boundedMap } from "../bounded-map.ts";
import { percentEncode, readQuery } from "../percent-encoding.ts";
import { headerValue, type RequestHead } from "../request-head.ts";
import { AuthenticationFailure } from "./authentication-failure.ts";

/** Longer texts are not kept: a client must not fill the memory with them. */
const longestKept = 512;
const paths = boundedMap<string, string>(4096);
const lists = boundedMap<string, readonly string[]>(4096);

/** The canonical request of SigV4, written by hand because it is on the path of every request (AWS General Reference, "Create a signed request"). */
export function canonicalRequest(head: RequestHead, signed: SignedParts): string {
  const { service, signedHeaders, payloadHash, withoutQuery } = signed;
  let text = `${head.method}\n${canonicalPath(head.path, service)}\n`;
  if (head.query !== "") text += canonicalQuery(head.query, withoutQuery);
  text += "\n";
  for (const name of headerNames(signedHeaders)) text += `${name}:${canonicalHeader(head, name)}\n`;
  return `${text}\n${signedHeaders}\n${payloadHash}`;
}

export interface SignedParts {
  readonly service: string;
  /** `host;x-amz-date` as the client listed them. */
  readonly signedHeaders: string;
  readonly payloadHash: string;
  /** The query parameter that holds the signature itself. */
  readonly withoutQuery?: string;
}

/** `host;x-amz-date` as a list; kept, because clients send the same few lists. */
export function headerNames(signedHeaders: string): readonly string[] {
  if (signedHeaders.length > longestKept) return signedHeaders.split(";");
  return lists.get(signedHeaders) ?? lists.set(signedHeaders, signedHeaders.split(";"));
}

/** S3 signs the path as it is sent; all others normalise it and encode it a second time. */
function canonicalPath(path: string, service: string): string {
  if (service === "s3" || (/^[\w\-.~/]*$/.test(path) && !/\/[./]/.test(path))) return path;
  if (path.length > longestKept) return encodedTwice(path);
  return paths.get(path) ?? paths.set(path, encodedTwice(path));
}

const encodedTwice = (path: string): string => percentEncode(withoutDotSegments(path)).replaceAll("%2F", "/");

function withoutDotSegments(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment === "..") kept.pop();
    else kept.push(segment);
  }
  return `/${kept.join("/")}${kept.length > 0 && path.endsWith("/") ? "/" : ""}`;
}

function canonicalQuery(query: string, without: string | undefined): string {
  const pairs = readQuery(query);
  if (pairs === undefined)
    throw new AuthenticationFailure("malformed", "The query string is not valid percent-encoded UTF-8.");
  return pairs
    .filter(({ name }) => name !== without)
    .map(({ name, value }) => ({ name: percentEncode(name), value: percentEncode(value) }))
    .sort((a, b) => compareText(a.name, b.name) || compareText(a.value, b.value))
    .map(({ name, value }) => `${name}=${value}`)
    .join("&");
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function canonicalHeader(head: RequestHead, name: string): string {
  let value = headerValue(head, name);
  if (value === undefined)
    throw new AuthenticationFailure("wrong-signature", `The signed header ${name} is missing from the request.`);
  if (value.includes(", ")) value = repeatedHeader(head, name) ?? value;
  return / {2}|\t/.test(value) ? trimmed(value.replace(/[ \t]+/g, " ")) : value;
}

/** Node joins a repeated header with ", ", the canonical request with ",". */
function repeatedHeader({ rawHeaders }: RequestHead, name: string): string | undefined {
  const values = rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === name);
  return values.length > 1 ? values.map(trimmed).join(",") : undefined;
}

/** Not `trim`: node reads headers as Latin-1, where the last byte of a UTF-8 letter may look like a no-break space. */
const trimmed = (value: string): string => value.replace(/^[ \t]+|[ \t]+$/g, "");
