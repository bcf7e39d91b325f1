import { percentDecode, type QueryPair } from "../percent-encoding.ts";
import { headerValue, type RequestHead } from "../request-head.ts";
import type { Member, Shape, StructureShape } from "../shape.ts";
import { readSimpleText, writeSimpleText } from "./simple-text.ts";

export interface BoundRequest {
  readonly head: RequestHead;
  readonly query: readonly QueryPair[];
  /** Still percent-encoded, as they stood in the path. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Whether a member travels in the body and not in path, query or headers. */
export function isInBody({ traits }: Member): boolean {
  return (
    !traits.httpLabel &&
    !traits.httpQuery &&
    !traits.httpQueryParams &&
    !traits.httpHeader &&
    traits.httpPrefixHeaders === undefined &&
    !traits.httpResponseCode
  );
}

const bodyShapes = new WeakMap<StructureShape, StructureShape>();

/** The shape without what travels outside of the body. */
export function bodyShape(shape: StructureShape): StructureShape {
  let body = bodyShapes.get(shape);
  if (body === undefined) {
    const { kind, name, isUnion, traits, member } = shape;
    bodyShapes.set(shape, (body = { kind, name, isUnion, traits, member, members: shape.members.filter(isInBody) }));
  }
  return body;
}

/** The members of an input that travel outside of the body (Smithy, "HTTP bindings"). */
export function readBindings(shape: StructureShape, request: BoundRequest): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const member of shape.members) {
    const value = isInBody(member) ? undefined : readBinding(member, request);
    if (value !== undefined) input[member.name] = value;
  }
  return input;
}

function readBinding({ name, shape, traits }: Member, { head, query, labels }: BoundRequest): unknown {
  if (traits.httpLabel) {
    const text = percentDecode(labels[name] ?? "");
    return text === undefined ? undefined : readSimpleText(shape, text);
  }
  if (traits.httpQuery)
    return readQueryMember(
      shape,
      query.filter((pair) => pair.name === traits.httpQuery).map(({ value }) => value),
    );
  if (traits.httpQueryParams) return Object.fromEntries(query.map((pair) => [pair.name, pair.value]));
  if (traits.httpPrefixHeaders !== undefined) return readPrefixHeaders(traits.httpPrefixHeaders.toLowerCase(), head);
  const text = traits.httpHeader ? headerValue(head, traits.httpHeader.toLowerCase()) : undefined;
  if (text === undefined) return undefined;
  if (shape.kind === "list")
    return splitHeader(shape.element.shape, text).map((item) => readSimpleText(shape.element.shape, item));
  return readSimpleText(shape, traits.mediaType ? Buffer.from(text, "base64").toString() : text);
}

function readQueryMember(shape: Shape, values: readonly string[]): unknown {
  const [first] = values;
  if (first === undefined) return undefined;
  return shape.kind === "list"
    ? values.map((value) => readSimpleText(shape.element.shape, value))
    : readSimpleText(shape, first);
}

function readPrefixHeaders(prefix: string, head: RequestHead): Record<string, string> | undefined {
  const found: Record<string, string> = {};
  for (const name in head.headers)
    if (name.startsWith(prefix)) found[name.slice(prefix.length)] = headerValue(head, name) ?? "";
  return Object.keys(found).length > 0 ? found : undefined;
}

/** HTTP dates hold a comma of their own. */
function splitHeader(element: Shape, text: string): string[] {
  const items = text.split(",").map((item) => item.trim());
  if (element.kind !== "timestamp" || element.format === "date-time")
    return items.map((item) => item.replace(/^"(.*)"$/, "$1"));
  return items.flatMap((item, i) => (i % 2 === 0 ? [[item, items[i + 1] ?? ""].join(", ")] : []));
}

export interface BoundAnswer {
  readonly headers: Record<string, string>;
  readonly status: number | undefined;
}

/** The members of an output that travel as headers or as the status. */
export function writeBindings(shape: StructureShape, output: Readonly<Record<string, unknown>>): BoundAnswer {
  const headers: Record<string, string> = {};
  let status: number | undefined;
  for (const { name, shape: memberShape, traits } of shape.members) {
    const value = output[name];
    if (value === undefined || value === null) continue;
    if (traits.httpResponseCode) status = Number(value);
    else if (traits.httpPrefixHeaders !== undefined) {
      for (const [key, item] of Object.entries(value))
        headers[`${traits.httpPrefixHeaders}${key}`.toLowerCase()] = headerText(String(item));
    } else if (traits.httpHeader) {
      const text = memberText(memberShape, value, traits.mediaType !== undefined);
      if (text !== undefined) headers[traits.httpHeader.toLowerCase()] = headerText(text);
    }
  }
  return { headers, status };
}

function memberText(shape: Shape, value: unknown, base64: boolean): string | undefined {
  if (shape.kind === "list")
    return (value as readonly unknown[]).map((item) => memberText(shape.element.shape, item, false)).join(", ");
  const text = writeSimpleText(shape, value, "http-date");
  return base64 && text !== undefined ? Buffer.from(text).toString("base64") : text;
}

/** A header value that node will write: line breaks and other control characters would be refused, text beyond Latin-1 goes as UTF-8 bytes. */
function headerText(text: string): string {
  const clean = text.replace(/[^\P{Cc}\t]/gu, " ");
  return /\P{ASCII}/u.test(clean) ? Buffer.from(clean, "utf8").toString("latin1") : clean;
}
