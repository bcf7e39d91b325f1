import type { GetLogEventsRequest, GetLogEventsResponse } from "@aws-sdk/client-cloudwatch-logs";
import type { LogCursor, Logs } from "@rondo/store";
import { awsError, type Caller, type Constraints } from "@rondo/wire";
import { logGroupRef, noSuchStream, requireGroup } from "./log-group-reference.ts";

export const getLogEventsConstraints: Constraints = {
  "GetLogEventsRequest.logGroupName": { min: 1, max: 512, pattern: "[\\.\\-_/#A-Za-z0-9]+" },
  "GetLogEventsRequest.logStreamName": { min: 1, max: 512, pattern: "[^:*]*" },
  "GetLogEventsRequest.limit": { min: 1, max: 10_000 },
  "GetLogEventsRequest.startTime": { min: 0 },
  "GetLogEventsRequest.endTime": { min: 0 },
};

const maxPageBytes = 1_048_576;

interface Position {
  readonly direction: "forward" | "backward";
  readonly cursor: LogCursor;
}

/**
 * GetLogEvents. A token says a place between two events and a direction. At the end of the stream the token that came in is returned, which is
 * how clients know the end; following a running job with it gives the events that have come since.
 */
export function createGetLogEvents({ logs }: { readonly logs: Logs }) {
  return async function getLogEvents(input: GetLogEventsRequest, caller: Caller): Promise<GetLogEventsResponse> {
    const ref = { ...logGroupRef(input, caller), stream: input.logStreamName ?? "" };
    const position = input.nextToken === undefined ? undefined : readToken(input.nextToken);
    await requireGroup(logs, ref);
    const stream = await logs.findStream(ref);
    if (stream === undefined) throw noSuchStream();
    const direction = position?.direction ?? (input.startFromHead ? "forward" : "backward");
    const events = await logs.readStream({
      streamId: stream.id,
      direction,
      cursor: position?.cursor,
      from: input.startTime,
      // AWS: events with a timestamp equal to or later than endTime are not included.
      to: input.endTime === undefined ? undefined : input.endTime - 1,
      limit: input.limit ?? 10_000,
      maxBytes: maxPageBytes,
    });
    return {
      events: events.map(({ timestamp, message, ingestedAt }) => ({ timestamp, message, ingestionTime: ingestedAt })),
      ...tokensAround(events, position),
    };
  };
}

function tokensAround(events: readonly LogCursor[], position: Position | undefined) {
  const first = events[0];
  const last = events.at(-1);
  if (first !== undefined && last !== undefined)
    return { nextForwardToken: writeToken("f", last), nextBackwardToken: writeToken("b", first) };
  // An empty page stays where it was; its other token leads back over the same place, hence the neighbouring id.
  const { direction, cursor } = position ?? { direction: "forward", cursor: { timestamp: 0, id: 0 } };
  return direction === "forward"
    ? {
        nextForwardToken: writeToken("f", cursor),
        nextBackwardToken: writeToken("b", { ...cursor, id: cursor.id + 1 }),
      }
    : {
        nextForwardToken: writeToken("f", { ...cursor, id: Math.max(cursor.id - 1, 0) }),
        nextBackwardToken: writeToken("b", cursor),
      };
}

/** Like AWS's in form: a direction and 56 digits. */
function writeToken(letter: "f" | "b", { timestamp, id }: LogCursor): string {
  return `${letter}/${eventId({ timestamp, id })}/s`;
}

function readToken(token: string): Position {
  const [, letter, timestamp, id] = /^([fb])\/(\d{20})(\d{36})\/s$/.exec(token) ?? [];
  const cursor = { timestamp: Number(timestamp), id: Number(id) };
  if (letter === undefined || !Number.isSafeInteger(cursor.timestamp) || !Number.isSafeInteger(cursor.id))
    throw awsError("InvalidParameterException", "The specified nextToken is invalid.");
  return { direction: letter === "f" ? "forward" : "backward", cursor };
}

/** 56 digits that sort as the events do. */
export function eventId({ timestamp, id }: LogCursor): string {
  return String(timestamp).padStart(20, "0") + String(id).padStart(36, "0");
}
