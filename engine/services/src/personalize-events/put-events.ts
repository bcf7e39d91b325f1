import type { Event, PutEventsRequest } from "@aws-sdk/client-personalize-events";
import type { NewDatasetRecord } from "@rondo/store";
import type { Caller } from "@rondo/wire";
import { readEventDetails, toSeconds } from "./event-content.ts";
import type { PutRecords } from "./put-records.ts";
import type { PropertyReader } from "./record-properties.ts";

/**
 * PutEvents: acknowledged when the events are on disk. A property that the schema has no column for is ignored. An event that names a recommendation and no impression has
 * that of the recommendation.
 */
export function createPutEvents({ records, targets, shown }: PutRecords) {
  return async function putEvents(input: PutEventsRequest, caller: Caller): Promise<object> {
    const { trackingId = "", userId, sessionId, eventList = [] } = input;
    const { groupId, properties } = await targets.ofEventTracker(caller, trackingId);
    const events = eventList.map((event, index) => {
      const { eventId, recommendationId = "", impression = shown.find(recommendationId) } = event;
      const content = toContent(properties, { ...event, impression }, `eventList[${index}]`);
      return { dataset: "Interactions", userId, sessionId, eventId, content };
    });
    await records.put(groupId, events);
    return {};
  };
}

type SeenEvent = Omit<Event, "impression"> & { readonly impression: readonly string[] | undefined };

/** Older clients name the item and the value in the properties. */
function toContent(
  reader: PropertyReader,
  { itemId, eventType = "", eventValue, sentAt, metricAttribution, ...details }: SeenEvent,
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
