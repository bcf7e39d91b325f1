import type { FilteredEvent, FilteredUser } from "../filters/filter.ts";
import type { Column } from "../records/records.ts";
import type { AnsweringModel } from "./answering-model.ts";
import type { Catalogue } from "./catalogue.ts";
import type { LiveEvent, LiveRecords, RecommendationRequest } from "./recommender.ts";

/** Of each event type; https://docs.aws.amazon.com/personalize/latest/dg/limits.html */
export const FILTERED_EVENTS = 100;

/** A request as filters see it: its item, the user's record, put since or trained, and the newest 100 of his events of each type. */
export function filteredUser(
  { trained, userOf }: Pick<AnsweringModel, "trained" | "userOf">,
  live: LiveRecords,
  catalogue: Catalogue,
  { userId, itemId }: Pick<RecommendationRequest, "userId" | "itemId">,
): FilteredUser {
  const user = userId === undefined ? -1 : userOf(userId);
  const put = userId === undefined ? undefined : live.user(userId);
  const { columns } = trained.users.records;
  const record = (field: string): string | number | undefined =>
    put === undefined ? valueOf(columns[field], user) : put[field];
  const currentItem = itemId === undefined ? -1 : (catalogue.indexOf(itemId) ?? -1);
  if (userId === undefined) return { record, events: [], currentItem };
  return { userId, record, events: newestEvents(trained, user, live.eventsOf(userId), catalogue), currentItem };
}

/** A record's value; undefined where it is missing. */
export function valueOf(column: Column | undefined, index: number): string | number | undefined {
  if (column === undefined || index < 0) return undefined;
  if (column.kind === "text") return column.values[column.codes[index]];
  const value = column.values[index];
  return Number.isNaN(value) ? undefined : value;
}

function newestEvents(
  { histories, eventTypes, eventTypeCodes, eventsUpTo }: AnsweringModel["trained"],
  user: number,
  since: readonly LiveEvent[],
  catalogue: Catalogue,
): FilteredEvent[] {
  const counts = new Map<string, number>();
  const isAmongNewest = (eventType: string): boolean => {
    const count = (counts.get(eventType) ?? 0) + 1;
    counts.set(eventType, count);
    return count <= FILTERED_EVENTS;
  };
  const events: FilteredEvent[] = [];
  for (let index = since.length - 1; index >= 0; index -= 1) {
    const { number, itemId, eventType } = since[index];
    if (number <= eventsUpTo || itemId === undefined || !isAmongNewest(eventType)) continue;
    events.push({ item: catalogue.indexOf(itemId) ?? -1, eventType });
  }
  if (user < 0) return events;
  const { starts, items } = histories.events;
  for (let event = starts[user + 1] - 1; event >= starts[user]; event -= 1) {
    const eventType = eventTypes[eventTypeCodes[event]] ?? "";
    if (!isAmongNewest(eventType)) continue;
    events.push({ item: items[event], eventType });
  }
  return events;
}
