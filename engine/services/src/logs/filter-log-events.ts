import type {
  FilteredLogEvent,
  FilterLogEventsRequest,
  FilterLogEventsResponse,
} from "@aws-sdk/client-cloudwatch-logs";
import type { LogCursor, LogGroupPage, Logs } from "@rondo/store";
import { awsError, type Caller, type Constraints } from "@rondo/wire";
import { writePageToken } from "../page-token.ts";
import { parseFilterPattern } from "./filter-pattern.ts";
import { eventId } from "./get-log-events.ts";
import { logGroupRef, requireGroup } from "./log-group-reference.ts";
import { readNextToken } from "./next-token.ts";

export const filterLogEventsConstraints: Constraints = {
  "FilterLogEventsRequest.logGroupName": { min: 1, max: 512, pattern: "[\\.\\-_/#A-Za-z0-9]+" },
  "FilterLogEventsRequest.logStreamNames": { min: 1, max: 100 },
  "FilterLogEventsRequest.logStreamNamePrefix": { min: 1, max: 512, pattern: "[^:*]*" },
  "FilterLogEventsRequest.filterPattern": { max: 1024 },
  "FilterLogEventsRequest.limit": { min: 1, max: 10_000 },
  "FilterLogEventsRequest.startTime": { min: 0 },
  "FilterLogEventsRequest.endTime": { min: 0 },
};

const batchSize = 1000;
const maxPageBytes = 1_048_576;
/** Beyond so many events looked at, the page is answered as it is; clients go on with its token, as they must on AWS. */
const maxScanned = 20_000;

interface Place {
  readonly direction: "forward" | "backward";
  readonly timestamp: number;
  readonly id: number;
}

/** FilterLogEvents: the events of many streams in the order of time. A page may be empty and still have a nextToken, as on AWS. */
export function createFilterLogEvents({ logs }: { readonly logs: Logs }) {
  return async function filterLogEvents(
    input: FilterLogEventsRequest,
    caller: Caller,
  ): Promise<FilterLogEventsResponse> {
    if (input.logStreamNames !== undefined && input.logStreamNamePrefix !== undefined)
      throw awsError("InvalidParameterException", "logStreamNames and logStreamNamePrefix cannot be used together.");
    const matches = parseFilterPattern(input.filterPattern ?? "");
    const place = readNextToken(input.nextToken, isPlace);
    const group = logGroupRef(input, caller);
    await requireGroup(logs, group);
    const page: LogGroupPage = {
      ...group,
      streamNames: input.logStreamNames,
      streamPrefix: input.logStreamNamePrefix,
      from: input.startTime,
      to: input.endTime,
      direction: place?.direction ?? (input.startFromHead === false ? "backward" : "forward"),
      cursor: place,
      limit: batchSize,
      maxBytes: maxPageBytes,
    };
    const { events, next } = await scan(logs, page, { matches, limit: input.limit ?? 10_000 });
    return {
      events,
      // AWS answers an empty list since 2019: every stream is searched.
      searchedLogStreams: [],
      nextToken: next && writePageToken({ direction: page.direction, timestamp: next.timestamp, id: next.id }),
    };
  };
}

async function scan(
  logs: Logs,
  page: LogGroupPage,
  { matches, limit }: { readonly matches: (message: string) => boolean; readonly limit: number },
): Promise<{ events: FilteredLogEvent[]; next: LogCursor | undefined }> {
  const events: FilteredLogEvent[] = [];
  let cursor = page.cursor;
  let bytes = 0;
  for (let scanned = 0; scanned < maxScanned; ) {
    const batch = await logs.readGroup({ ...page, cursor });
    if (batch.length === 0) return { events, next: undefined };
    for (const event of batch) {
      if (!matches(event.message)) {
        cursor = event;
        continue;
      }
      bytes += Buffer.byteLength(event.message);
      if (events.length === limit || (bytes > maxPageBytes && events.length > 0)) return { events, next: cursor };
      cursor = event;
      events.push({
        logStreamName: event.stream,
        timestamp: event.timestamp,
        message: event.message,
        ingestionTime: event.ingestedAt,
        eventId: eventId(event),
      });
    }
    scanned += batch.length;
  }
  return { events, next: cursor };
}

function isPlace(value: Partial<Place>): value is Place {
  return (
    (value.direction === "forward" || value.direction === "backward") &&
    Number.isSafeInteger(value.timestamp) &&
    Number.isSafeInteger(value.id)
  );
}
