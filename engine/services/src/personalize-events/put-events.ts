import type { Event, PutEventsRequest } from "@aws-sdk/client-personalize-events";
import type { NewDatasetRecord } from "@rondo/store";
import type { Caller } from "@rondo/wire";
import { readEventDetails, toSeconds } from "./event-content.ts";
import type { PutRecords } from "./put-records.ts";
import type { PropertyReader } from "./record-properties.ts";

/** PutEvents: acknowledged when the events are on disk. A property that the schema has no column for is ignored. */
export function createPutEvents({ records, targets }: PutRecords) {
  return async function putEvents(input: PutEventsRequest, caller: Caller): Promise<object> {
    const { trackingId = "", userId, sessionId, eventList = [] } = input;
    const { groupId, properties } = await targets.ofEventTracker(caller, trackingId);
    const events = eventList.map((event, index) => ({
      dataset: "Interactions",
      userId,
      sessionId,
      eventId: event.eventId,
      content: toContent(properties, event, `eventList[${index}]`),
    }));
    await records.put(groupId, events);
    return {};
  };
}

/** Older clients name the item and the value in the properties. */
function toContent(
  reader: PropertyReader,
  { itemId, eventType = "", eventValue, sentAt, metricAttribution, ...details }: Event,
  where: string,
): NewDatasetRecord["content"] {
  const source = metricAttribution?.eventAttributionSource;
  return {
    ...readEventDetails(reader, details, where),
    ...(itemId === undefined ? {} : { ITEM_ID: itemId }),
    ...(eventValue === undefined ? {} : { EVENT_VALUE: eventValue }),
    EVENT_TYPE: eventType,
    TIMESTAMP: toSeconds(sentAt),
    ...(source === undefined ? {} : { EVENT_ATTRIBUTION_SOURCE: source }),
  };
}
