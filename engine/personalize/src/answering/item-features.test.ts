import assert from "node:assert/strict";
import { test } from "node:test";
import type { Records, TextColumn } from "../records/records.ts";
import { contentProfile, likeness, openItemFeatures, weighCategories } from "./item-features.ts";
import { onlyItem } from "./user-history.ts";

function text(values: readonly (string | undefined)[]): TextColumn {
  const distinct = [...new Set(values.filter((value) => value !== undefined))];
  return { kind: "text", values: distinct, codes: Int32Array.from(values, (value) => distinct.indexOf(value ?? "")) };
}

// Six items: two red, two blue, a red and blue one, one of nothing; every name is its own.
const records: Records = {
  count: 6,
  columns: {
    COLOUR: text(["red", "red", "blue", "blue", "red|blue", undefined]),
    NAME: text(["a", "b", "c", "d", "e", "f"]),
    PRICE: { kind: "number", values: Float64Array.of(1, 1, 1, 1, 1, 1) },
  },
};
const features = openItemFeatures(weighCategories(records), records);
const like = (item: number, known: number): number =>
  likeness(features, item, contentProfile(features, onlyItem(6, known)));

test("items are alike by the categories that they share; names and prices say nothing", () => {
  assert.ok(Math.abs(like(1, 0) - 1) < 1e-9);
  assert.equal(like(2, 0), 0);
  assert.ok(Math.abs(like(4, 0) - Math.SQRT1_2) < 1e-9);
  assert.equal(like(5, 0), 0);
  assert.equal(like(0, 5), 0);
  assert.equal(likeness(features, 0, contentProfile(features, undefined)), 0);
});

test("a rare category says more than a common one", () => {
  const columns = { TAGS: text(["common|rare", "rare", "common", "common", "common", "common"]) };
  const rare = openItemFeatures(weighCategories({ count: 6, columns }), { count: 6, columns });
  const profile = contentProfile(rare, onlyItem(6, 0));
  assert.ok(likeness(rare, 1, profile) > likeness(rare, 2, profile));
});

test("items that came after the training are judged by the categories that it knew", () => {
  const later: Records = {
    count: 7,
    columns: { COLOUR: text(["red", "red", "blue", "blue", "red|blue", undefined, "red|new"]) },
  };
  const opened = openItemFeatures(weighCategories(records), later);
  assert.ok(Math.abs(likeness(opened, 6, contentProfile(opened, onlyItem(6, 0))) - 1) < 1e-9);
});
