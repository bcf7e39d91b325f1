import { createInteractions, DataError, type Interactions } from "@rondo/learn";
import { type EventSelection, weighEvent } from "../model/event-selection.ts";
import type { Entities, TrainedModel } from "../model/trained-model.ts";
import type { DatasetGroupData } from "../records/dataset-group-data.ts";
import type { Column, NumberColumn, Records, TextColumn } from "../records/records.ts";
import type { DatasetType } from "../schema/dataset-schema.ts";
import { selectRecords } from "./select-records.ts";

/** What a recipe learns from, with users and items numbered: the part of a model that is there before anything was learned. */
export type TrainingData = Pick<
  TrainedModel,
  "items" | "users" | "histories" | "learned" | "eventTypeCodes" | "eventTypes" | "eventRecords" | "eventSelection"
> & {
  /** Of each event of `histories.events` what was shown with it, as places of items; undefined where no impressions are known. */
  readonly impressions?: Impressions;
};

/** Of event e the items `starts[e]` to `starts[e + 1]`. */
export interface Impressions {
  readonly starts: Uint32Array;
  readonly items: Uint32Array;
}

export interface TrainingDataOptions {
  readonly selection: EventSelection;
  /** The datasets of events and of what they are with: actions have their own. */
  readonly events: DatasetType & ("Interactions" | "Action_Interactions");
  readonly entities: DatasetType & ("Items" | "Actions");
}

const MOST_EVENT_TYPES = 256;
/** What `histories` says itself, and what neither filters nor contexts ask for. */
const NOT_OF_EVENT_RECORDS = new Set([
  "USER_ID",
  "ITEM_ID",
  "ACTION_ID",
  "TIMESTAMP",
  "EVENT_TYPE",
  "IMPRESSION",
  "RECOMMENDATION_ID",
]);

/** Numbers users and items and sorts events by user and time. Throws DataError for data without the reserved columns. */
export function prepareTrainingData(group: DatasetGroupData, options: TrainingDataOptions): TrainingData {
  const { selection, events: eventsType, entities: itemsType } = options;
  const itemColumn = itemsType === "Items" ? "ITEM_ID" : "ACTION_ID";
  const events = group.datasets[eventsType]?.records ?? { count: 0, columns: {} };
  const userIds = textColumn(events, "USER_ID");
  const itemIds = textColumn(events, itemColumn);
  const times = numberColumn(events, "TIMESTAMP");
  const items = numberEntities(itemIds, group.datasets[itemsType]?.records, itemColumn);
  const users = numberEntities(userIds, group.datasets.Users?.records, "USER_ID");
  const order = orderOf(users.codes, times.values, users.entities.ids.length);
  const typesColumn = events.columns["EVENT_TYPE"];
  const types =
    typesColumn?.kind === "text" ? typesColumn : { values: [], codes: new Int32Array(events.count).fill(-1) };
  const eventTypes = types.codes.includes(-1) ? [...types.values, ""] : [...types.values];
  if (eventTypes.length > MOST_EVENT_TYPES) {
    throw new DataError(`There are ${eventTypes.length} event types; at most ${MOST_EVENT_TYPES} can be learned from.`);
  }
  const numbered = {
    users: Uint32Array.from(order, (event) => users.codes[event]),
    items: Uint32Array.from(order, (event) => items.codes[event]),
    times: Float64Array.from(order, (event) => times.values[event]),
  };
  const size = { users: users.entities.ids.length, items: items.entities.ids.length };
  const histories = createInteractions({ ...size, events: numbered });
  const values = events.columns["EVENT_VALUE"];
  const weights = Float32Array.from(order, (event) => {
    const value = values?.kind === "number" ? values.values[event] : Number.NaN;
    return weighEvent(selection, types.values[types.codes[event]], value);
  });
  const impressions = impressionsOf(events, order, items.places);
  return {
    items: items.entities,
    users: users.entities,
    histories,
    learned: weights.every((weight) => weight === 1) ? histories : countedEvents(numbered, size, weights),
    eventTypeCodes: Uint8Array.from(order, (event) =>
      types.codes[event] < 0 ? eventTypes.length - 1 : types.codes[event],
    ),
    eventTypes,
    eventRecords: otherColumns(events, order),
    eventSelection: selection,
    ...(impressions && { impressions }),
  };
}

interface Numbered {
  readonly entities: Entities;
  /** Of each event the place in `entities.ids`. */
  readonly codes: Uint32Array;
  readonly places: ReadonlyMap<string, number>;
}

/** Those with events first, in the order of their first, then those that only have records. */
function numberEntities(column: TextColumn, records: Records | undefined, idColumn: string): Numbered {
  if (column.codes.includes(-1)) throw new DataError(`An event has no ${idColumn}.`);
  const places = new Map(column.values.map((id, place) => [id, place]));
  if (records === undefined) {
    return {
      entities: { ids: column.values, records: { count: column.values.length, columns: {} } },
      codes: Uint32Array.from(column.codes),
      places,
    };
  }
  const recordIds = textColumn(records, idColumn);
  const ids = [...column.values];
  const recordOf = new Map<string, number>();
  for (const [record, code] of recordIds.codes.entries()) {
    const id = recordIds.values[code];
    recordOf.set(id, record);
    if (places.has(id)) continue;
    places.set(id, ids.length);
    ids.push(id);
  }
  const { [idColumn]: _, ...columns } = records.columns;
  const rows = Int32Array.from(ids, (id) => recordOf.get(id) ?? -1);
  return {
    entities: { ids, records: selectRecords({ count: records.count, columns }, rows) },
    codes: Uint32Array.from(column.codes),
    places,
  };
}

/** By user, then by time; events of equal time keep their order. */
function orderOf(users: Uint32Array, times: Float64Array, userCount: number): Uint32Array {
  const starts = new Uint32Array(userCount + 1);
  for (const user of users) starts[user + 1] += 1;
  for (let user = 0; user < userCount; user += 1) starts[user + 1] += starts[user];
  const order = new Uint32Array(users.length);
  const next = starts.slice();
  for (const [event, user] of users.entries()) order[next[user]++] = event;
  for (let user = 0; user < userCount; user += 1) {
    const own = order.subarray(starts[user], starts[user + 1]);
    if (own.some((event, place) => place > 0 && times[event] < times[own[place - 1]])) {
      own.sort((a, b) => times[a] - times[b] || a - b);
    }
  }
  return order;
}

function countedEvents(
  events: { readonly users: Uint32Array; readonly items: Uint32Array; readonly times: Float64Array },
  size: { readonly users: number; readonly items: number },
  weights: Float32Array,
): Interactions {
  const kept = Uint32Array.from(weights.keys()).filter((event) => weights[event] > 0);
  return createInteractions({
    ...size,
    events: {
      users: Uint32Array.from(kept, (event) => events.users[event]),
      items: Uint32Array.from(kept, (event) => events.items[event]),
      times: Float64Array.from(kept, (event) => events.times[event]),
      weights: Float32Array.from(kept, (event) => weights[event]),
    },
  });
}

function otherColumns({ count, columns }: Records, order: Uint32Array): Records {
  const kept = Object.entries(columns).filter(([name]) => !NOT_OF_EVENT_RECORDS.has(name));
  return selectRecords({ count, columns: Object.fromEntries(kept) }, Int32Array.from(order));
}

/** What was shown with each event, as far as it is known; ids that are no item are left out. */
function impressionsOf({ columns }: Records, order: Uint32Array, places: Numbered["places"]): Impressions | undefined {
  const column: Column | undefined = columns["IMPRESSION"];
  if (column?.kind !== "text" || column.values.length === 0) return undefined;
  const ofValues = column.values.map((value) =>
    value.split("|").flatMap((id) => {
      const place = places.get(id);
      return place === undefined ? [] : [place];
    }),
  );
  const starts = new Uint32Array(order.length + 1);
  const items: number[] = [];
  for (const [index, event] of order.entries()) {
    const code = column.codes[event];
    if (code >= 0) for (const item of ofValues[code]) items.push(item);
    starts[index + 1] = items.length;
  }
  return { starts, items: Uint32Array.from(items) };
}

function textColumn({ count, columns }: Records, name: string): TextColumn {
  const column = columns[name];
  if (column?.kind === "text") return column;
  if (count === 0) return { kind: "text", values: [], codes: new Int32Array(0) };
  throw new DataError(`The dataset has no texts in ${name}.`);
}

function numberColumn({ count, columns }: Records, name: string): NumberColumn {
  const column = columns[name];
  if (column?.kind === "number") return column;
  if (count === 0) return { kind: "number", values: new Float64Array(0) };
  throw new DataError(`The dataset has no numbers in ${name}.`);
}
