import type { ActionInteraction, PutActionInteractionsRequest } from "@aws-sdk/client-personalize-events";
import type { NewDatasetRecord } from "@rondo/store";
import { awsError, type Caller } from "@rondo/wire";
import { readEventDetails, toSeconds } from "./event-content.ts";
import type { PutRecords } from "./put-records.ts";
import type { PropertyReader } from "./record-properties.ts";

/** The event types of actions: `Viewed`, `Taken` and `Not Taken`, in whatever case. */
const EVENT_TYPE = /^(viewed|taken|not[ _]taken)$/i;

/** PutActionInteractions. A property that the schema has no column for is ignored. */
export function createPutActionInteractions({ records, targets }: PutRecords) {
  return async function putActionInteractions(input: PutActionInteractionsRequest, caller: Caller): Promise<object> {
    const { trackingId = "", actionInteractions = [] } = input;
    const { groupId, properties } = await targets.ofActionTracker(caller, trackingId);
    const events = actionInteractions.map((event, index) =>
      toRecord(properties, event, `actionInteractions[${index}]`),
    );
    await records.put(groupId, events);
    return {};
  };
}

function toRecord(
  reader: PropertyReader,
  { actionId = "", userId, sessionId, timestamp, eventType = "", eventId, ...details }: ActionInteraction,
  where: string,
): NewDatasetRecord {
  if (!EVENT_TYPE.test(eventType)) {
    throw awsError(
      "InvalidInputException",
      `${where}.eventType is ${eventType}; it must be Viewed, Taken or Not Taken.`,
    );
  }
  const event = { ACTION_ID: actionId, EVENT_TYPE: eventType, TIMESTAMP: toSeconds(timestamp) };
  const content = { ...readEventDetails(reader, details, where), ...event };
  return { dataset: "Action_Interactions", userId, sessionId, eventId, content };
}
