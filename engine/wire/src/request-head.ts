import type { IncomingHttpHeaders } from "node:http";

/** What of a request is known before its body; the same for HTTP/1.1 and HTTP/2. */
export interface RequestHead {
  readonly method: string;
  /** As sent: percent-encoded, never normalised. */
  readonly path: string;
  /** As sent, without the question mark. */
  readonly query: string;
  readonly headers: Readonly<IncomingHttpHeaders>;
  /** Flat name, value list as it came, to tell repeated headers apart. */
  readonly rawHeaders: readonly string[];
}

export interface RequestLine {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
}

/** The head of a node request. An absolute-form target (`GET http://host/path`) counts as its path. */
export function requestHead({ method = "GET", url = "/", headers, rawHeaders }: RequestLine): RequestHead {
  const target = url.startsWith("/") ? url : url.replace(/^https?:\/\/[^/?#]*/i, "");
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  const authority = headers[":authority"];
  return {
    method,
    path: path === "" ? "/" : path,
    query: mark < 0 ? "" : target.slice(mark + 1),
    // HTTP/2 has no Host; clients sign either name, and a Host beside it must not name another one (RFC 9113, 8.3.1).
    headers: typeof authority === "string" ? { ...headers, host: authority } : headers,
    rawHeaders,
  };
}

/** A header's single value; repeated ones are joined as node joins them. */
export function headerValue(head: Pick<RequestHead, "headers">, name: string): string | undefined {
  // Names may come from a client: `constructor` is not a header.
  const value = Object.hasOwn(head.headers, name) ? head.headers[name] : undefined;
  return Array.isArray(value) ? value.join(",") : value;
}
