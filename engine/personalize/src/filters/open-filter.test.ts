import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Column, Records } from "../records/records.ts";
import { bindFilter, type FilterValues } from "./bind-filter.ts";
import { type FilteredCatalogue, type FilteredUser, NOBODY } from "./filter.ts";
import { openFilter } from "./open-filter.ts";
import { parseFilter } from "./parse-filter.ts";

function texts(...cells: readonly (string | undefined)[]): Column {
  const values = [...new Set(cells.filter((cell) => cell !== undefined))];
  return {
    kind: "text",
    values,
    codes: Int32Array.from(cells, (cell) => (cell === undefined ? -1 : values.indexOf(cell))),
  };
}

function numbers(...cells: readonly (number | undefined)[]): Column {
  return { kind: "number", values: Float64Array.from(cells, (cell) => cell ?? Number.NaN) };
}

/** Places:          0        1        2               3         4 */
const shop: Records = {
  count: 5,
  columns: {
    GENRE: texts("drama", "comedy", "drama|comedy", undefined, "horror"),
    PRICE: numbers(10, 20, 30, 40, undefined),
    CATEGORY_L1: texts("shoe", "shoe", "watch", "watch", undefined),
    CATEGORY_L2: texts("boot", "sandal", "luxury", undefined, "boot"),
  },
};

/** Clicked item 0, streamed item 2, and bought an item that the catalogue does not have. */
const anna: FilteredUser = {
  userId: "anna",
  record: (field) => ({ AGE: 30, MEMBERSHIP: "Gold" })[field],
  events: [
    { item: -1, eventType: "Purchase" },
    { item: 2, eventType: "stream" },
    { item: 0, eventType: "Click" },
  ],
};

function allowedPlaces(
  expression: string,
  user: FilteredUser = anna,
  {
    values,
    catalogue = { records: shop },
  }: { readonly values?: FilterValues; readonly catalogue?: FilteredCatalogue } = {},
): number[] {
  const answer = openFilter(bindFilter(parseFilter(expression), values), catalogue);
  assert.deepEqual(answer.allowed(user), answer.allowed(user));
  return [...answer.allowed(user).entries()].flatMap(([place, isAllowed]) => (isAllowed === 1 ? [place] : []));
}

describe("what the guide's examples admit", () => {
  const ADMITTED: readonly (readonly [expression: string, places: readonly number[]])[] = [
    ['EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("click", "stream")', [1, 3, 4]],
    ['INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("click")', [0]],
    ['INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")', [0, 2]],
    ['INCLUDE ItemID WHERE Interactions.EVENT_TYPE NOT IN ("CLICK")', [2]],
    ['INCLUDE ItemID WHERE Interactions.EVENT_TYPE = "click" OR Interactions.EVENT_TYPE = "stream"', [0, 2]],
    ['EXCLUDE ItemID WHERE Items.CATEGORY_L1 IN ("shoe") AND Items.CATEGORY_L2 NOT IN ("boot")', [0, 2, 3, 4]],
    [
      'INCLUDE ItemID WHERE Items.CATEGORY_L1 IN ("watch") AND Items.CATEGORY_L2 IN ("luxury") IF CurrentUser.AGE > 18',
      [2],
    ],
    ['INCLUDE ItemID WHERE Items.CATEGORY_L1 IN ("watch") IF CurrentUser.AGE > 30', [0, 1, 2, 3, 4]],
    ["EXCLUDE ItemID WHERE Items.PRICE < 25 IF CurrentUser.AGE > 18 AND CurrentUser.AGE < 30", [0, 1, 2, 3, 4]],
    ["EXCLUDE ItemID WHERE Items.PRICE < 25 IF CurrentUser.AGE > 18 AND CurrentUser.AGE <= 30", [2, 3, 4]],
    ['EXCLUDE ItemID WHERE Items.PRICE < 25 IF CurrentUser.MEMBERSHIP = "Gold"', [2, 3, 4]],
    ['EXCLUDE ItemID WHERE Items.PRICE < 25 IF CurrentUser.MEMBERSHIP = "gold"', [0, 1, 2, 3, 4]],
    // Chained: like verbs are united, EXCLUDE is taken from INCLUDE, in whichever order.
    ['INCLUDE ItemID WHERE Items.GENRE IN ("drama") | EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("click")', [2]],
    ['EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("click") | INCLUDE ItemID WHERE Items.GENRE IN ("drama")', [2]],
    [
      'INCLUDE ItemID WHERE Items.GENRE IN ("horror") | INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("click")',
      [0, 4],
    ],
    [
      'EXCLUDE ItemID WHERE Items.GENRE IN ("horror") | EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("click")',
      [1, 2, 3],
    ],
    [
      'INCLUDE ItemID WHERE Items.GENRE IN ("comedy") IF CurrentUser.AGE = 1 | INCLUDE ItemID WHERE Items.PRICE = 40',
      [3],
    ],
    // Operators, categories joined by |, missing values, spelling.
    ['INCLUDE ItemID WHERE Items.GENRE IN ("comedy")', [1, 2]],
    ['INCLUDE ItemID WHERE Items.GENRE IN ("drama|comedy")', [2]],
    ['INCLUDE ItemID WHERE Items.GENRE IN ("Comedy")', []],
    ['INCLUDE ItemID WHERE Items.GENRE NOT IN ("comedy")', [0, 3, 4]],
    ['EXCLUDE ItemID WHERE Items.GENRE IN ("comedy")', [0, 3, 4]],
    ["INCLUDE ItemID WHERE items.price >= 20 AND Items.PRICE != 30", [1, 3]],
    ["INCLUDE ItemID WHERE Items.PRICE IN (10, 20)", [0, 1]],
    ['INCLUDE ItemID WHERE Items.PRICE IN ("10")', [0]],
    ["INCLUDE ItemID WHERE Items.PRICE > 35 OR Items.PRICE < 15 AND Items.PRICE > 12", [3]],
    ['INCLUDE ItemID WHERE Items.UNKNOWN IN ("a")', []],
    ['INCLUDE ItemID WHERE Items.UNKNOWN NOT IN ("a")', [0, 1, 2, 3, 4]],
  ];
  for (const [expression, places] of ADMITTED) {
    test(expression, () => {
      assert.deepEqual(allowedPlaces(expression), places);
    });
  }
});

test("parameters take the request's values, and an EXCLUDE without them says nothing", () => {
  const expression = "EXCLUDE ItemID WHERE Items.GENRE IN ($GENRES) | EXCLUDE ItemID WHERE Items.PRICE > $PRICE";
  assert.deepEqual(allowedPlaces(expression, anna, { values: { GENRES: '"drama","horror"', PRICE: "35" } }), [1]);
  assert.deepEqual(allowedPlaces(expression, anna, { values: { PRICE: "35" } }), [0, 1, 2, 4]);
  assert.deepEqual(allowedPlaces(expression), [0, 1, 2, 3, 4]);
});

test("CurrentItem compares with the item of the request", () => {
  const cheaper = "INCLUDE ItemID WHERE Items.PRICE < CurrentItem.PRICE AND Items.GENRE IN CurrentItem.GENRE";
  assert.deepEqual(allowedPlaces(cheaper, { ...anna, currentItem: 2 }), [0, 1]);
  assert.deepEqual(allowedPlaces(cheaper, { ...anna, currentItem: 1 }), []);
  assert.deepEqual(allowedPlaces(cheaper, { ...anna, currentItem: 4 }), []);
  assert.deepEqual(allowedPlaces(cheaper), []);
  const other = "INCLUDE ItemID WHERE Items.GENRE NOT IN CurrentItem.GENRE";
  assert.deepEqual(allowedPlaces(other, { ...anna, currentItem: 2 }), [3, 4]);
  assert.deepEqual(allowedPlaces(other, { ...anna, currentItem: 3 }), []);
});

test("nothing is known of an unknown user: IF does not hold for him", () => {
  const expression = 'EXCLUDE ItemID WHERE Items.PRICE < 25 IF CurrentUser.MEMBERSHIP NOT IN ("Gold")';
  assert.deepEqual(allowedPlaces(expression, NOBODY), [0, 1, 2, 3, 4]);
});

describe("filters of segments", () => {
  const users: FilteredCatalogue = {
    records: { count: 3, columns: { AGE: numbers(20, 40, undefined) } },
    eventTypesOf: (user) => [["click"], ["Rating", "view"], []][user],
  };
  const ADMITTED: readonly (readonly [expression: string, places: readonly number[]])[] = [
    ["EXCLUDE UserID WHERE Users.AGE < 30", [1, 2]],
    ['INCLUDE UserID WHERE Interactions.EVENT_TYPE IN ("click", "rating")', [0, 1]],
    ['EXCLUDE UserID WHERE Interactions.EVENT_TYPE IN ("*") | INCLUDE UserID WHERE Users.AGE != 20', [2]],
  ];
  for (const [expression, places] of ADMITTED) {
    test(expression, () => {
      assert.deepEqual(allowedPlaces(expression, NOBODY, { catalogue: users }), places);
    });
  }
});
