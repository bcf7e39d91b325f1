import type { Entities } from "../model/trained-model.ts";
import type { Column, Records } from "../records/records.ts";
import type { LiveRecords } from "./recommender.ts";

/** The items that can be recommended, with their newest records: the model's, and after them those that were put since. */
export interface Catalogue extends Entities {
  /** Another number for another catalogue of the same model. */
  readonly version: number;
  /** The place of an item in `ids`; undefined for one that is unknown. */
  indexOf(itemId: string): number | undefined;
}

type LiveItems = Pick<LiveRecords, "item" | "changedItems" | "itemsVersion">;

/** Gives the catalogue as it is now: made anew when items were put, the same object as long as none were. */
export function openCatalogue(items: Entities, indexes: ReadonlyMap<string, number>, live: LiveItems): () => Catalogue {
  let current: Catalogue = { ...items, version: 0, indexOf: (itemId) => indexes.get(itemId) };
  let seen = 0;
  return () => {
    if (live.itemsVersion !== seen) {
      seen = live.itemsVersion;
      current = withChanges(items, indexes, live);
    }
    return current;
  };
}

function withChanges(items: Entities, indexes: ReadonlyMap<string, number>, live: LiveItems): Catalogue {
  const ids = [...items.ids];
  const added = new Map<string, number>();
  const changes = new Map<number, Readonly<Record<string, string | number>>>();
  for (const itemId of live.changedItems) {
    const record = live.item(itemId);
    if (record === undefined) continue;
    const index = indexes.get(itemId) ?? ids.push(itemId) - 1;
    if (index >= items.ids.length) added.set(itemId, index);
    changes.set(index, record);
  }
  const records = changeRecords(items.records, ids.length, changes);
  return {
    ids,
    records,
    version: live.itemsVersion,
    indexOf: (itemId) => indexes.get(itemId) ?? added.get(itemId),
  };
}

/** The records with some of them replaced or appended; a column that a new record leaves out is missing in it. */
function changeRecords(
  { columns }: Records,
  count: number,
  changes: ReadonlyMap<number, Readonly<Record<string, string | number>>>,
): Records {
  const changed: Record<string, Column> = {};
  for (const name of namesOf(columns, changes)) {
    const column = columns[name] ?? emptyColumn(name, changes);
    changed[name] = column.kind === "text" ? changeText(column, name) : changeNumbers(column, name);
  }
  return { count, columns: changed };

  function changeText(column: Extract<Column, { kind: "text" }>, name: string): Column {
    const codes = new Int32Array(count).fill(-1);
    codes.set(column.codes);
    const values = [...column.values];
    const places = new Map(values.map((value, place) => [value, place]));
    for (const [index, record] of changes) {
      const value = record[name];
      if (value === undefined) codes[index] = -1;
      else {
        const text = String(value);
        const place = places.get(text) ?? values.push(text) - 1;
        places.set(text, place);
        codes[index] = place;
      }
    }
    return { kind: "text", values, codes };
  }

  function changeNumbers(column: Extract<Column, { kind: "number" }>, name: string): Column {
    const values = new Float64Array(count).fill(Number.NaN);
    values.set(column.values);
    for (const [index, record] of changes) values[index] = Number(record[name] ?? Number.NaN);
    return { kind: "number", values };
  }
}

function namesOf(columns: Records["columns"], changes: ReadonlyMap<number, object>): Set<string> {
  const names = new Set(Object.keys(columns));
  for (const record of changes.values()) for (const name of Object.keys(record)) names.add(name);
  return names;
}

/** For a column that the training did not have: its kind is that of the first value. */
function emptyColumn(name: string, changes: ReadonlyMap<number, Readonly<Record<string, string | number>>>): Column {
  for (const record of changes.values()) {
    const value = record[name];
    if (typeof value === "number") return { kind: "number", values: new Float64Array(0) };
    if (value !== undefined) break;
  }
  return { kind: "text", values: [], codes: new Int32Array(0) };
}
