import { EventStreamCodec } from "@smithy/core/event-streams";
import { fromUtf8, toUtf8 } from "@smithy/core/serde";
import { AwsError } from "../error.ts";
import type { Member, Shape, StructureShape } from "../shape.ts";
import { writeJson } from "./json.ts";

type Headers = Record<string, { type: "string"; value: string }>;

const codec = new EventStreamCodec(toUtf8, fromUtf8);

/** The member of an output that is a stream of events (a streaming union). */
export function eventStreamMember(shape: StructureShape): Member | undefined {
  return shape.members.find(
    ({ shape: member, traits }) =>
      member.kind === "structure" && member.isUnion && (traits.streaming || member.traits.streaming),
  );
}

export interface EventStreamOptions {
  /** The members beside the stream go first, as an event of their own, in the protocols that have no headers for them. */
  readonly initial?: "initial-response";
  /** Told of an error after the head was sent; the client gets it as an event. */
  readonly failed: (error: unknown) => void;
}

/** Frames the events of an output as `application/vnd.amazon.eventstream`; undefined when the operation has none. */
export function writeEventStream(
  shape: StructureShape,
  output: unknown,
  { initial, failed }: EventStreamOptions,
): AsyncIterable<Uint8Array> | undefined {
  const member = eventStreamMember(shape);
  if (member === undefined) return undefined;
  const values = output as Record<string, unknown>;
  const rest = initial && Object.fromEntries(Object.entries(values).filter(([name]) => name !== member.name));
  const events = frames(member.shape as StructureShape, values[member.name] as AsyncIterable<object>, failed);
  return rest === undefined
    ? events
    : startingWith(eventFrame("initial-response", "application/json", JSON.stringify(rest)), events);
}

async function* startingWith(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  yield first;
  yield* rest;
}

async function* frames(
  union: StructureShape,
  events: AsyncIterable<object>,
  failed: (error: unknown) => void,
): AsyncIterable<Uint8Array> {
  try {
    for await (const event of events) yield frame(union, event as Record<string, unknown>);
  } catch (error) {
    failed(error);
    yield exceptionFrame(union, error);
  }
}

function frame(union: StructureShape, event: Record<string, unknown>): Uint8Array {
  const member = union.members.find(({ name }) => event[name] !== undefined);
  if (member === undefined) throw new Error(`An event of ${union.name} must have one of its members`);
  const { contentType, body } = eventPayload(member.shape, event[member.name]);
  return eventFrame(member.name, contentType, body);
}

function eventPayload(shape: Shape, value: unknown): { contentType: string; body: string | Uint8Array } {
  const payload = shape.kind === "structure" ? shape.members.find(({ traits }) => traits.eventPayload) : undefined;
  if (payload === undefined) return { contentType: "application/json", body: writeJson(shape, value) };
  const part = (value as Record<string, unknown>)[payload.name];
  if (payload.shape.kind === "blob")
    return { contentType: "application/octet-stream", body: (part as Uint8Array | undefined) ?? "" };
  if (payload.shape.kind === "string") return { contentType: "text/plain", body: String(part ?? "") };
  return { contentType: "application/json", body: writeJson(payload.shape, part) };
}

function eventFrame(type: string, contentType: string, body: string | Uint8Array): Uint8Array {
  return encode(
    { ":message-type": text("event"), ":event-type": text(type), ":content-type": text(contentType) },
    body,
  );
}

/** An error after the first event: the status is sent already, so it travels as an event. */
function exceptionFrame(union: StructureShape, error: unknown): Uint8Array {
  const member =
    error instanceof AwsError
      ? union.members.find((candidate) => candidate.name === error.code || nameOf(candidate.shape) === error.code)
      : undefined;
  if (member === undefined || !(error instanceof AwsError)) {
    const code = error instanceof AwsError ? error.code : "InternalFailure";
    const message =
      error instanceof AwsError ? error.message : "The stream ended early because of an internal failure.";
    return encode({ ":message-type": text("error"), ":error-code": text(code), ":error-message": text(message) }, "");
  }
  const body = writeJson(member.shape, { message: error.message, Message: error.message, ...error.fields });
  return encode(
    {
      ":message-type": text("exception"),
      ":exception-type": text(member.name),
      ":content-type": text("application/json"),
    },
    body,
  );
}

const nameOf = (shape: Shape): string | undefined => (shape.kind === "structure" ? shape.name : undefined);
const text = (value: string): { type: "string"; value: string } => ({ type: "string", value });

function encode(headers: Headers, body: string | Uint8Array): Uint8Array {
  return codec.encode({ headers, body: typeof body === "string" ? Buffer.from(body) : body });
}
