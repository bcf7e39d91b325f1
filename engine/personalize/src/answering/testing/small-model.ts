import { createInteractions, itemItem, popularity } from "@rondo/learn";
import { encodeBlendPlan } from "../../model/blend-plan.ts";
import type { EventSelection } from "../../model/event-selection.ts";
import { weighEvent } from "../../model/event-selection.ts";
import { componentFile, PLAN_FILE } from "../../model/open-scorer.ts";
import type { TrainedModel } from "../../model/trained-model.ts";
import type { RecipeName } from "../../recipes/recipes.ts";
import { findRecipe } from "../../recipes/recipes.ts";
import type { Column, Records } from "../../records/records.ts";
import { type AnsweringModel, openAnsweringModel } from "../answering-model.ts";
import type { LiveEvent, LiveRecords } from "../recommender.ts";

export interface SmallEvent {
  readonly user: string;
  readonly item: string;
  readonly time: number;
  readonly type?: string;
  /** Of the context column DEVICE. */
  readonly device?: string;
}

export interface SmallModel {
  readonly recipe: RecipeName;
  readonly events: readonly SmallEvent[];
  /** By column, by item id. */
  readonly itemColumns?: Readonly<Record<string, Readonly<Record<string, string | number>>>>;
  readonly userColumns?: Readonly<Record<string, Readonly<Record<string, string | number>>>>;
  readonly eventSelection?: EventSelection;
}

export const DAY = 86_400;

/**
 * 20 users and two tastes: even ones know six each of the items a0 to a9, odd ones of b0 to b9, the first items of each the most often. One event
 * a day; a user's events are views, his last is a purchase.
 */
export function twoTastes(): SmallEvent[] {
  const events: SmallEvent[] = [];
  for (let user = 0; user < 20; user += 1) {
    const taste = user % 2 === 0 ? "a" : "b";
    for (let step = 0; step < 6; step += 1) {
      const item = `${taste}${step < 3 ? step : 3 + ((user * 3 + step * 5) % 7)}`;
      events.push({ user: `u${user}`, item, time: (user + step) * DAY, type: step === 5 ? "Purchase" : "View" });
    }
  }
  return events;
}

/** A model of a few items, ready to answer. */
export async function smallModel(given: SmallModel): Promise<AnsweringModel> {
  return await openAnsweringModel(await trainSmallModel(given));
}

/** A model of a few items that is fitted at once: similar items by the users who know both, or popular ones. */
export async function trainSmallModel({
  recipe: name,
  events,
  itemColumns = {},
  userColumns = {},
  eventSelection = {},
}: SmallModel): Promise<TrainedModel> {
  const recipe = findRecipe(name);
  if (recipe === undefined) throw new Error(`There is no recipe ${name}.`);
  const itemIds = idsOf(
    events.map(({ item }) => item),
    itemColumns,
  );
  const userIds = idsOf(
    events.map(({ user }) => user),
    userColumns,
  );
  const sorted = events.toSorted(
    (one, other) => userIds.indexOf(one.user) - userIds.indexOf(other.user) || one.time - other.time,
  );
  const interactionsOf = (chosen: readonly SmallEvent[]) =>
    createInteractions({
      users: userIds.length,
      items: itemIds.length,
      events: {
        users: Uint32Array.from(chosen, ({ user }) => userIds.indexOf(user)),
        items: Uint32Array.from(chosen, ({ item }) => itemIds.indexOf(item)),
        times: Float64Array.from(chosen, ({ time }) => time),
      },
    });
  const learned = interactionsOf(sorted.filter(({ type = "View" }) => weighEvent(eventSelection, type) > 0));
  const eventTypes = [...new Set(sorted.map(({ type = "View" }) => type))];
  const algorithm = recipe.type === "POPULAR_ITEMS" ? "popularity" : "item-item";
  const component = { algorithm, parameters: {}, weight: 1, newItemsWeight: 1 } as const;
  const context = { seed: 1, threads: 1 };
  const file =
    algorithm === "popularity"
      ? popularity.encode(await popularity.fit({}, learned, context))
      : itemItem.encode(await itemItem.fit({ similarity: "cosine" }, learned, context));
  return {
    recipe: name,
    hyperparameters: {},
    trainedAt: 0,
    eventsUpTo: 10,
    eventSelection,
    items: { ids: itemIds, records: recordsOf(itemIds, itemColumns) },
    users: { ids: userIds, records: recordsOf(userIds, userColumns) },
    histories: interactionsOf(sorted),
    learned,
    eventTypeCodes: Uint8Array.from(sorted, ({ type = "View" }) => eventTypes.indexOf(type)),
    eventTypes,
    eventRecords: { count: sorted.length, columns: { DEVICE: textColumn(sorted.map(({ device }) => device)) } },
    files: {
      [PLAN_FILE]: encodeBlendPlan({ components: [component], knownItems: "kept" }),
      [componentFile(0)]: Buffer.concat([...file]),
    },
  };
}

/** What came since the training, by user and by item; events are numbered from 11, after the model's. */
export function liveRecords(
  events: Readonly<Record<string, readonly (Pick<LiveEvent, "itemId"> & Partial<LiveEvent>)[]>> = {},
  items: Readonly<Record<string, Readonly<Record<string, string | number>>>> = {},
): LiveRecords {
  let number = 10;
  const numbered = new Map(
    Object.entries(events).map(([user, own]) => [
      user,
      own.map((event): LiveEvent => {
        number += 1;
        return { number, eventType: "View", sentAt: number * 100 * DAY, ...event };
      }),
    ]),
  );
  return {
    eventsOf: (userId) => numbered.get(userId) ?? [],
    item: (itemId) => items[itemId],
    user: () => undefined,
    changedItems: Object.keys(items),
    itemsVersion: Object.keys(items).length,
  };
}

function idsOf(ids: readonly string[], columns: Readonly<Record<string, object>>): string[] {
  return [...new Set([...ids, ...Object.values(columns).flatMap((column) => Object.keys(column))])];
}

function recordsOf(
  ids: readonly string[],
  columns: Readonly<Record<string, Readonly<Record<string, string | number>>>>,
): Records {
  const built = Object.entries(columns).map(([name, values]): [string, Column] => {
    const isNumber = Object.values(values).every((value) => typeof value === "number");
    if (!isNumber) return [name, textColumn(ids.map((id) => values[id]))];
    return [name, { kind: "number", values: Float64Array.from(ids, (id) => Number(values[id] ?? Number.NaN)) }];
  });
  return { count: ids.length, columns: Object.fromEntries(built) };
}

function textColumn(values: readonly (string | number | undefined)[]): Column {
  const distinct = [...new Set(values.filter((value) => value !== undefined).map(String))];
  return {
    kind: "text",
    values: distinct,
    codes: Int32Array.from(values, (value) => (value === undefined ? -1 : distinct.indexOf(String(value)))),
  };
}
