import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DatasetSchema, FieldType, SchemaField } from "../schema/dataset-schema.ts";
import { checkFilter, type DatasetSchemas } from "./check-filter.ts";
import { parseFilter } from "./parse-filter.ts";

const field = (name: string, type: FieldType, flags: Partial<SchemaField> = {}): SchemaField => ({
  name,
  type,
  isNullable: false,
  isCategorical: false,
  isTextual: false,
  ...flags,
});

const items: DatasetSchema = {
  type: "Items",
  fields: [
    field("ITEM_ID", "string"),
    field("GENRE", "string", { isCategorical: true }),
    field("PRICE", "float"),
    field("OLD_PRICE", "double"),
    field("ADULT", "boolean"),
    field("STORY", "string", { isTextual: true }),
  ],
};

const schemas: DatasetSchemas = {
  Items: items,
  Users: { type: "Users", fields: [field("USER_ID", "string"), field("AGE", "int")] },
  Actions: { type: "Actions", fields: [field("ACTION_ID", "string"), field("REPEAT_FREQUENCY", "long")] },
};

describe("checkFilter", () => {
  const ALLOWED = [
    'INCLUDE ItemID WHERE Items.genre IN ("a") AND Items.PRICE > "3" AND Items.PRICE < CurrentItem.OLD_PRICE',
    "INCLUDE ItemID WHERE Items.PRICE IN (1, $P) IF CurrentUser.AGE = $AGE",
    "EXCLUDE UserID WHERE Users.AGE < $AGE",
  ];
  for (const expression of ALLOWED) {
    test(`allows ${expression}`, () => {
      checkFilter(parseFilter(expression), schemas);
    });
  }

  const REFUSED = [
    ["INCLUDE ItemID WHERE Interactions.EVENT_TYPE = $E", /has no Interactions dataset, whose EVENT_TYPE/],
    [
      'INCLUDE ItemID WHERE Items.COLOR IN ("a")',
      /COLOR at character 22\. The Items dataset has no such field, only ITEM_ID, GENRE/,
    ],
    ['INCLUDE ItemID WHERE Items.ADULT IN ("True")', /ADULT at character 22\. Boolean fields cannot be filtered/],
    ['INCLUDE ItemID WHERE Items.STORY IN ("x")', /STORY at character 22\. Textual fields/],
    [
      "INCLUDE ItemID WHERE Items.GENRE > 3",
      /GENRE at character 22\. > compares numbers, and Items\.GENRE is a string/,
    ],
    [
      'INCLUDE ItemID WHERE Items.PRICE IN (1, "cheap")',
      /PRICE at character 22\. Items\.PRICE is a float and cannot be compared with "cheap"/,
    ],
    [
      "INCLUDE ItemID WHERE Items.PRICE = CurrentItem.GENRE",
      /PRICE is a float and cannot be compared with GENRE, a string/,
    ],
    ["INCLUDE ItemID WHERE Items.PRICE = 1 IF CurrentUser.HEIGHT = 2", /HEIGHT at character 41\. The Users dataset/],
    ["INCLUDE ActionID WHERE Actions.REPEAT_FREQUENCY > 3", /REPEAT_FREQUENCY at character 24\. It is applied/],
  ] as const;
  for (const [expression, message] of REFUSED) {
    test(`refuses ${expression}`, () => {
      assert.throws(() => checkFilter(parseFilter(expression), schemas), { name: "FilterError", message });
    });
  }
});
