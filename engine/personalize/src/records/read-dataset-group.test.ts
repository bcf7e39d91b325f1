import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readDatasetGroup } from "./read-dataset-group.ts";
import type { Column, Records } from "./records.ts";
import { field, writeDatasets } from "./testing/write-datasets.ts";

const interactions = {
  type: "Interactions",
  fields: [
    field("USER_ID"),
    field("ITEM_ID"),
    field("TIMESTAMP", { type: "long" }),
    field("EVENT_TYPE"),
    field("EVENT_VALUE", { type: "float", isNullable: true }),
    field("IMPRESSION", { isNullable: true }),
    field("DEVICE_TYPE", { isNullable: true, isCategorical: true }),
  ],
} as const;

const items = {
  type: "Items",
  fields: [
    field("ITEM_ID"),
    field("GENRE_L2", { isNullable: true }),
    field("IS_NEW", { type: "boolean", isNullable: true }),
  ],
} as const;

/** A column as its values: texts, numbers, undefined where they are missing. */
function valuesOf(column: Column): (string | number | undefined)[] {
  if (column.kind === "text") return Array.from(column.codes, (code) => column.values[code]);
  return Array.from(column.values, (value) => (Number.isNaN(value) ? undefined : value));
}

/** One array per record. */
function rowsOf({ count, columns }: Records): unknown[][] {
  const all = Object.values(columns).map(valuesOf);
  for (const column of all) assert.equal(column.length, count);
  return Array.from({ length: count }, (_, row) => all.map((column) => column[row]));
}

describe("a dataset group", () => {
  test("has imported interactions, and those that were put after them", async () => {
    const first = `select * from (values ('u1', 'i1', 10, 'Watch', 4.2::double, 'i1|i2', null), ('u2', 'i1', 11, 'Click', null, null, 'tv'))
      as t("USER_ID", "ITEM_ID", "TIMESTAMP", "EVENT_TYPE", "EVENT_VALUE", "IMPRESSION", "DEVICE_TYPE")`;
    const values = { ITEM_ID: "i9", EVENT_TYPE: "Watch", TIMESTAMP: 20 };
    await using directory = await writeDatasets(
      {
        Interactions: {
          schema: interactions,
          segments: [first, "select 'u3' as USER_ID, 'i2' as ITEM_ID, 12::bigint as TIMESTAMP, 'Watch' as EVENT_TYPE"],
          events: [
            { number: 1, userId: "u1", values },
            { number: 2, userId: "u1", values: { ...values, EVENT_VALUE: 0.1, IMPRESSION: "a|b", DEVICE_TYPE: "tv" } },
            { number: 3, userId: "s2", values: { ...values, ITEM_ID: "i8", EVENT_VALUE: "much", DEVICE_TYPE: null } },
            { number: 4, userId: "u1", values: { EVENT_TYPE: "Login", TIMESTAMP: 21 } },
          ],
        },
      },
      4,
    );
    const group = await readDatasetGroup(directory.path);
    assert.equal(group.eventsUpTo, 4);
    assert.deepEqual(Object.keys(group.datasets), ["Interactions"]);
    const records = group.datasets.Interactions?.records;
    assert.ok(records !== undefined);
    assert.deepEqual(rowsOf(records), [
      ["u1", "i1", 10, "Watch", 4.2, "i1|i2", undefined],
      ["u2", "i1", 11, "Click", undefined, undefined, "tv"],
      ["u3", "i2", 12, "Watch", undefined, undefined, undefined],
      ["u1", "i9", 20, "Watch", undefined, undefined, undefined],
      ["u1", "i9", 20, "Watch", 0.1, "a|b", "tv"],
      ["s2", "i8", 20, "Watch", undefined, undefined, undefined],
    ]);
    const { EVENT_TYPE } = records.columns;
    assert.deepEqual(EVENT_TYPE.kind === "text" && EVENT_TYPE.values, ["Watch", "Click"]);
  });

  test("has the newest record of an item, whether it was imported or put", async () => {
    const row = (id: string, genre: string) => `select '${id}' as ITEM_ID, '${genre}' as GENRE_L2, true as IS_NEW`;
    await using directory = await writeDatasets({
      Items: {
        schema: items,
        segments: [
          `${row("a", "old")} union all ${row("b", "kept")} union all ${row("a", "newer")}`,
          row("c", "imported last"),
        ],
        order: [0, 2],
        events: [
          { number: 1, values: { ITEM_ID: "c", GENRE_L2: "put before the import" } },
          { number: 2, values: { ITEM_ID: "d", GENRE_L2: "put", IS_NEW: false } },
          { number: 3, values: { ITEM_ID: "a", GENRE_L2: "put last", IS_NEW: "perhaps" } },
        ],
      },
    });
    const records = (await readDatasetGroup(directory.path)).datasets.Items?.records;
    assert.ok(records !== undefined);
    assert.deepEqual(rowsOf(records), [
      ["b", "kept", 1],
      ["d", "put", 0],
      ["c", "imported last", 1],
      ["a", "put last", undefined],
    ]);
  });

  test("may be empty, or have a dataset into which nothing was imported", async () => {
    await using empty = await writeDatasets({});
    assert.deepEqual(await readDatasetGroup(empty.path), { datasets: {}, eventsUpTo: 0 });
    await using directory = await writeDatasets({ Items: { schema: items, segments: [] } });
    const records = (await readDatasetGroup(directory.path)).datasets.Items?.records;
    assert.equal(records?.count, 0);
    assert.deepEqual(Object.keys(records?.columns ?? {}), ["ITEM_ID", "GENRE_L2", "IS_NEW"]);
  });

  test("has large datasets in the order of their segments, so that the same files give the same columns", async () => {
    const part = (start: number) =>
      `select 'u' || (range % 977) as USER_ID, 'i' || (range % 331) as ITEM_ID, range as TIMESTAMP, 'Watch' as EVENT_TYPE from range(${start}, ${start + 60_000})`;
    await using directory = await writeDatasets({
      Interactions: { schema: interactions, segments: [0, 60_000, 120_000].map(part) },
    });
    const records = (await readDatasetGroup(directory.path)).datasets.Interactions?.records;
    assert.ok(
      records !== undefined && records.columns.TIMESTAMP.kind === "number" && records.columns.USER_ID.kind === "text",
    );
    assert.equal(records.count, 180_000);
    assert.ok(records.columns.TIMESTAMP.values.every((value, index) => value === index));
    assert.ok(records.columns.USER_ID.codes.every((code, index) => code === index % 977));
  });

  test("is not read when the signal was aborted", async () => {
    await using directory = await writeDatasets({ Items: { schema: items, segments: [] } });
    const signal = AbortSignal.abort(new Error("stopped"));
    await assert.rejects(readDatasetGroup(directory.path, { signal }), /stopped/);
  });
});
