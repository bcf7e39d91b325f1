import type { DatasetRecordContent } from "@rondo/store";
import { awsError } from "@rondo/wire";
import { normalize, type PropertyReader, parseObject } from "./record-properties.ts";

/** What events of items and of actions have in common. */
interface EventDetails {
  readonly properties?: unknown;
  readonly impression?: readonly string[] | undefined;
  readonly recommendationId?: string | undefined;
}

/** What the properties of an event may not say, since the event itself does. */
const RESERVED = ["userId", "sessionId", "eventType", "timestamp", "recommendationId", "impression"].map(normalize);

/** The columns that details of an event fill; properties without a column are ignored. Throws InvalidInputException. */
export function readEventDetails(
  reader: PropertyReader,
  { properties, impression, recommendationId }: EventDetails,
  where: string,
): DatasetRecordContent {
  if (properties !== undefined) refuseReserved(properties, `${where}.properties`);
  return {
    ...(properties === undefined ? {} : reader.read(properties, `${where}.properties`, { ignoresUnknown: true })),
    ...(impression === undefined ? {} : { IMPRESSION: impression.join("|") }),
    ...(recommendationId === undefined ? {} : { RECOMMENDATION_ID: recommendationId }),
  };
}

/** Datasets have whole seconds. */
export function toSeconds(date: Date | undefined): number {
  return Math.floor((date?.getTime() ?? 0) / 1000);
}

function refuseReserved(properties: unknown, where: string): void {
  const key = Object.keys(parseObject(properties, where)).find((name) => RESERVED.includes(normalize(name)));
  if (key === undefined) return;
  throw awsError("InvalidInputException", `${where} may not have ${key}: it is a member of the event itself.`);
}
