import type { Interactions } from "@rondo/learn";
import type { AnsweringModel } from "./answering-model.ts";
import { FILTERED_EVENTS } from "./filtered-user.ts";
import type { LiveRecords } from "./recommender.ts";
import { type CountedEvent, mergedHistory, onlyItem, trainedHistory } from "./user-history.ts";

/** How well every item of the model suits a request. */
export interface Judgement {
  /** Higher is better; −∞ is not shown. Written to freely, since the next judgement overwrites it. */
  readonly scores: Float32Array;
  /** What scores are multiplied by to be logits; absent where their spread decides. */
  readonly steepness?: number;
  /** What was judged; absent where popularity stands in. */
  readonly history?: Interactions;
  /** What stood in, and why. */
  readonly note?: string;
}

export interface Judge {
  /** Of a user's history, with what happened since the training. `isNewOnly`: for a list without what the user knows. */
  user(userId: string, isNewOnly: (history: Interactions) => boolean): Judgement;
  /** Of an item, which is not among the best itself. */
  item(itemId: string): Judgement;
  /** The same for everybody. */
  everybody(): Judgement;
}

export function openJudge(model: AnsweringModel, live: Pick<LiveRecords, "eventsOf">): Judge {
  const { trained, scorer, newItemsScorer, steepness, popular, itemIndexes } = model;
  const { items } = trained.learned;
  const logShares = popular.shares.map((share) => Math.log(share));
  const standIn = new Float32Array(items);
  const nobody = onlyItem(items, -1);
  const popularItems = (note: string): Judgement => {
    standIn.set(logShares);
    return { scores: standIn, steepness: 1, note };
  };
  return {
    user(userId, isNewOnly) {
      const history = historyOf(model, userId, live);
      if (history === undefined) return popularItems("unknown user: popular items");
      return isNewOnly(history)
        ? { scores: newItemsScorer.score(history, 0), steepness: steepness?.newItems, history }
        : { scores: scorer.score(history, 0), steepness: steepness?.all, history };
    },
    item(itemId) {
      const item = itemIndexes.get(itemId);
      if (item === undefined) return popularItems("unknown item: popular items");
      const history = onlyItem(items, item);
      const scores = scorer.score(history, 0);
      scores[item] = Number.NEGATIVE_INFINITY;
      return { scores, history };
    },
    everybody: () => ({ scores: scorer.score(nobody, 0) }),
  };
}

/** A user's events that count, or undefined when there is none. */
function historyOf(
  { trained, userOf, itemIndexes, weigh }: AnsweringModel,
  userId: string,
  live: Pick<LiveRecords, "eventsOf">,
): Interactions | undefined {
  const user = userOf(userId);
  const since: CountedEvent[] = [];
  for (const event of live.eventsOf(userId)) {
    if (event.number <= trained.eventsUpTo || event.itemId === undefined) continue;
    const item = itemIndexes.get(event.itemId);
    const weight = weigh(event.eventType, event.eventValue);
    if (item !== undefined && weight > 0) since.push({ item, weight, event });
  }
  if (since.length > 0) return mergedHistory(trained, user, since);
  const { starts } = trained.learned.events;
  return user < 0 || starts[user] === starts[user + 1] ? undefined : trainedHistory(trained, user);
}

export interface HiddenItems {
  readonly live: Pick<LiveRecords, "eventsOf">;
  readonly userId: string;
  readonly eventTypes: readonly string[];
  indexOf(itemId: string): number | undefined;
}

/** The items that a user has events of these types with, which domain use cases do not show again. */
export function hiddenItems(
  { trained, userOf }: AnsweringModel,
  { live, userId, eventTypes, indexOf }: HiddenItems,
): ReadonlySet<number> {
  const names = new Set(eventTypes.map((name) => name.toLowerCase()));
  const hidden = new Set<number>();
  for (const { itemId, eventType } of live.eventsOf(userId)) {
    const item = itemId === undefined ? undefined : indexOf(itemId);
    if (item !== undefined && names.has(eventType.toLowerCase())) hidden.add(item);
  }
  const user = userOf(userId);
  if (user < 0) return hidden;
  const { starts, items } = trained.histories.events;
  const isHidden = trained.eventTypes.map((name) => names.has(name.toLowerCase()));
  for (let event = starts[user]; event < starts[user + 1]; event += 1) {
    if (isHidden[trained.eventTypeCodes[event]]) hidden.add(items[event]);
  }
  return hidden;
}

/** Whether a user is shown nothing that he knows. His newest events decide: filters do not see older ones, and so let their items through. */
export function isNewOnly(isShown: (item: number) => boolean): (history: Interactions) => boolean {
  return ({ events }) => !events.items.subarray(-FILTERED_EVENTS).some((item) => isShown(item));
}
