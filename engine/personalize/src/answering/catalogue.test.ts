import assert from "node:assert/strict";
import { test } from "node:test";
import type { Entities } from "../model/trained-model.ts";
import { openCatalogue } from "./catalogue.ts";

const items: Entities = {
  ids: ["a", "b"],
  records: {
    count: 2,
    columns: {
      COLOUR: { kind: "text", values: ["red"], codes: Int32Array.of(0, -1) },
      PRICE: { kind: "number", values: Float64Array.of(1, 2) },
    },
  },
};
const indexes = new Map([
  ["a", 0],
  ["b", 1],
]);

test("without changes it is the model's, the same object each time", () => {
  const live = { item: () => undefined, changedItems: [], itemsVersion: 0 };
  const catalogue = openCatalogue(items, indexes, live);
  assert.equal(catalogue(), catalogue());
  assert.equal(catalogue().records, items.records);
  assert.deepEqual([catalogue().indexOf("b"), catalogue().indexOf("c")], [1, undefined]);
});

test("a record that was put takes the place of the trained one, new items follow; the model's own stay", () => {
  const records: Record<string, Record<string, string | number>> = {
    a: { COLOUR: "blue" },
    c: { COLOUR: "red", PRICE: 3, SIZE: 5 },
  };
  const live = { item: (id: string) => records[id], changedItems: ["a", "c"], itemsVersion: 1 };
  const catalogue = openCatalogue(items, indexes, live)();
  assert.deepEqual(catalogue.ids, ["a", "b", "c"]);
  assert.equal(catalogue.indexOf("c"), 2);
  assert.deepEqual(catalogue.records, {
    count: 3,
    columns: {
      COLOUR: { kind: "text", values: ["red", "blue"], codes: Int32Array.of(1, -1, 0) },
      PRICE: { kind: "number", values: Float64Array.of(Number.NaN, 2, 3) },
      SIZE: { kind: "number", values: Float64Array.of(Number.NaN, Number.NaN, 5) },
    },
  });
  assert.deepEqual(items.records.columns.PRICE, { kind: "number", values: Float64Array.of(1, 2) });
});
