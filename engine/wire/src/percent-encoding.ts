/** Percent-encodes all but the unreserved characters of RFC 3986, as SigV4 wants it. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Decodes `%xx`; a plus sign stays one. Undefined when the text is not valid percent-encoded UTF-8. */
export function percentDecode(text: string): string | undefined {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

export interface QueryPair {
  readonly name: string;
  readonly value: string;
}

/** The pairs of a query string in their order, decoded; undefined when one is malformed. */
export function readQuery(query: string): QueryPair[] | undefined {
  const pairs: QueryPair[] = [];
  for (const part of query === "" ? [] : query.split("&")) {
    if (part === "") continue;
    const equals = part.indexOf("=");
    const name = percentDecode(equals < 0 ? part : part.slice(0, equals));
    const value = equals < 0 ? "" : percentDecode(part.slice(equals + 1));
    if (name === undefined || value === undefined) return undefined;
    pairs.push({ name, value });
  }
  return pairs;
}
