import type { InputLogEvent, PutLogEventsRequest, PutLogEventsResponse } from "@aws-sdk/client-cloudwatch-logs";
import { bytesPerEvent, type Logs } from "@rondo/store";
import { awsError, type Caller, type Constraints } from "@rondo/wire";
import { logGroupRef, noSuchStream, requireGroup } from "./log-group-reference.ts";

export const putLogEventsConstraints: Constraints = {
  "PutLogEventsRequest.logGroupName": { min: 1, max: 512, pattern: "[\\.\\-_/#A-Za-z0-9]+" },
  "PutLogEventsRequest.logStreamName": { min: 1, max: 512, pattern: "[^:*]*" },
  "PutLogEventsRequest.logEvents": { min: 1, max: 10_000 },
  "InputLogEvent.timestamp": { min: 0 },
  "InputLogEvent.message": { min: 1 },
};

const maxBatchBytes = 1_048_576;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** PutLogEvents with the batch rules of its API page. Sequence tokens have no meaning any more; one is returned since old clients read it. */
export function createPutLogEvents({ logs, clock }: { readonly logs: Logs; readonly clock: { now(): Date } }) {
  return async function putLogEvents(input: PutLogEventsRequest, caller: Caller): Promise<PutLogEventsResponse> {
    const stream = { ...logGroupRef({ logGroupName: input.logGroupName }, caller), stream: input.logStreamName ?? "" };
    const events = (input.logEvents ?? []).map(({ timestamp = 0, message = "" }: InputLogEvent) => ({
      timestamp,
      message,
    }));
    checkBatch(events);
    const group = await requireGroup(logs, stream);
    if ((await logs.findStream(stream)) === undefined) throw noSuchStream();
    const now = clock.now().getTime();
    // Events are in order, so each kind of rejection is a range at one end.
    const tooOld = countBefore(events, now - 14 * dayMs);
    const expired = group.retentionDays === null ? 0 : countBefore(events, now - group.retentionDays * dayMs);
    const tooNew = countBefore(events, now + 2 * hourMs + 1);
    await logs.append(stream, events.slice(Math.max(tooOld, expired), tooNew));
    return {
      nextSequenceToken: String(now).padStart(56, "4"),
      ...((tooOld > 0 || expired > 0 || tooNew < events.length) && {
        rejectedLogEventsInfo: {
          tooOldLogEventEndIndex: tooOld > 0 ? tooOld : undefined,
          expiredLogEventEndIndex: expired > 0 ? expired : undefined,
          tooNewLogEventStartIndex: tooNew < events.length ? tooNew : undefined,
        },
      }),
    };
  };
}

function checkBatch(events: readonly { readonly timestamp: number; readonly message: string }[]): void {
  const bytes = events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + bytesPerEvent, 0);
  if (bytes > maxBatchBytes)
    throw awsError("InvalidParameterException", `Upload too large: ${bytes} bytes exceeds limit of ${maxBatchBytes}`);
  if (events.some(({ timestamp }, index) => timestamp < (events[index - 1]?.timestamp ?? 0)))
    throw awsError(
      "InvalidParameterException",
      "Log events in a single PutLogEvents request must be in chronological order.",
    );
  if ((events.at(-1)?.timestamp ?? 0) - (events[0]?.timestamp ?? 0) > dayMs)
    throw awsError(
      "InvalidParameterException",
      "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.",
    );
}

function countBefore(events: readonly { readonly timestamp: number }[], time: number): number {
  const index = events.findIndex(({ timestamp }) => timestamp >= time);
  return index === -1 ? events.length : index;
}
