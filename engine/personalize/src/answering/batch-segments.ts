import { bindFilter } from "../filters/bind-filter.ts";
import { NOBODY } from "../filters/filter.ts";
import { openFilter } from "../filters/open-filter.ts";
import { parseFilter } from "../filters/parse-filter.ts";
import type { AnsweringModel } from "./answering-model.ts";
import { answerLine, type BatchInput, BatchLineError, requireText } from "./batch-line.ts";
import type { BatchRequest } from "./batch-request.ts";
import type { LiveRecords } from "./recommender.ts";
import { type AffinityOptions, recommendUsers } from "./user-affinities.ts";

type SegmentOptions = Pick<AffinityOptions, "signal" | "onProgress">;

/**
 * Answers lines of a batch segment job, as many as `groupsAtOnce` at a time: `{"itemId": …}`, or `{"itemAttributes": "ITEMS.genres = \"Comedy\""}` for
 * aws-item-attribute-affinity. https://docs.aws.amazon.com/personalize/latest/dg/prepare-input-data-user-segment.html
 */
export function openBatchSegments(
  model: AnsweringModel,
  live: LiveRecords,
  { numResults, filterExpression }: BatchRequest,
): (lines: readonly string[], options: SegmentOptions) => Promise<string[]> {
  const allowed = filterExpression === undefined ? undefined : allowedUsers(model, live, filterExpression);
  const isByAttributes = model.recipe.name === "aws-item-attribute-affinity";
  const itemsOf = (input: BatchInput): readonly number[] =>
    isByAttributes ? itemsWithAttributes(model, requireText(input, "itemAttributes")) : [requireItem(model, input)];
  return async (lines, options) => {
    const groups: (readonly number[])[] = [];
    // Each line is read twice: for the items that it asks about, and for its answer or its error.
    const readable = new Set<number>();
    for (const [place, line] of lines.entries()) {
      answerLine(line, (input) => {
        groups.push(itemsOf(input));
        readable.add(place);
        return input;
      });
    }
    const segments = await recommendUsers(model, live, groups, { ...options, count: numResults, allowed });
    return lines.map((line, place) =>
      answerLine(line, (input) => (readable.has(place) ? { recommendedUsers: segments.shift() } : itemsOf(input))),
    );
  };
}

function requireItem({ itemIndexes }: AnsweringModel, input: BatchInput): number {
  const itemId = requireText(input, "itemId");
  const item = itemIndexes.get(itemId);
  if (item === undefined) throw new BatchLineError(`The model does not know the item ${itemId}.`);
  return item;
}

/** Attributes are conditions of a filter on items. Throws FilterError, and BatchLineError where no item has them. */
function itemsWithAttributes({ trained }: AnsweringModel, itemAttributes: string): readonly number[] {
  const expression = `INCLUDE ItemID WHERE ${itemAttributes}`;
  const mask = openFilter(bindFilter(parseFilter(expression)), trained.items).allowed(NOBODY);
  const items = [...mask.keys()].filter((item) => mask[item] !== 0 && item < trained.learned.items);
  if (items.length === 0) throw new BatchLineError(`No item has the attributes ${itemAttributes}.`);
  return items;
}

/** The users whom a filter lets through. */
function allowedUsers(
  { trained }: AnsweringModel,
  live: Pick<LiveRecords, "eventsOf">,
  expression: string,
): Uint8Array {
  const { histories, eventTypes, eventTypeCodes, eventsUpTo } = trained;
  const eventTypesOf = (user: number): Iterable<string> => {
    const types = new Set<string>();
    const { starts } = histories.events;
    for (let event = starts[user]; event < starts[user + 1]; event += 1) types.add(eventTypes[eventTypeCodes[event]]);
    for (const { number, eventType } of live.eventsOf(trained.users.ids[user])) {
      if (number > eventsUpTo) types.add(eventType);
    }
    return types;
  };
  const { records } = trained.users;
  return openFilter(bindFilter(parseFilter(expression)), { records, eventTypesOf }).allowed(NOBODY);
}
