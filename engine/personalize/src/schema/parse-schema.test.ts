import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Domain } from "./dataset-schema.ts";
import { parseSchema } from "./parse-schema.ts";
import { SchemaError } from "./schema-error.ts";

type Field = Readonly<Record<string, unknown>>;

const userId = { name: "USER_ID", type: "string" };
const itemId = { name: "ITEM_ID", type: "string" };
const timestamp = { name: "TIMESTAMP", type: "long" };
const genre = { name: "GENRE", type: ["null", "string"], categorical: true };

const avro = (name: string, fields: readonly Field[], changes: object = {}) =>
  JSON.stringify({
    type: "record",
    name,
    namespace: "com.amazonaws.personalize.schema",
    fields,
    version: "1.0",
    ...changes,
  });

const refuse = (text: string, message: RegExp, domain?: Domain) =>
  assert.throws(
    () => parseSchema(text, { domain }),
    (error) => error instanceof SchemaError && message.test(error.message),
  );

describe("a schema", () => {
  test("of interactions, as the official samples write it", () => {
    const fields = [
      userId,
      itemId,
      { name: "EVENT_VALUE", type: ["float", "null"] },
      timestamp,
      { name: "EVENT_TYPE", type: "string" },
      { name: "DEVICE", type: "string", categorical: true },
    ];
    const { type, fields: parsed } = parseSchema(avro("Interactions", fields));
    assert.equal(type, "Interactions");
    assert.deepEqual(
      parsed.map(({ name }) => name),
      ["USER_ID", "ITEM_ID", "EVENT_VALUE", "TIMESTAMP", "EVENT_TYPE", "DEVICE"],
    );
    assert.deepEqual(parsed[2], {
      name: "EVENT_VALUE",
      type: "float",
      isNullable: true,
      isCategorical: false,
      isTextual: false,
    });
    assert.equal(parsed[5].isCategorical, true);
  });

  test("of items with a description and a category that may be missing", () => {
    const description = { name: "DESCRIPTION", type: ["null", "string"], textual: true };
    const { fields } = parseSchema(avro("Items", [itemId, genre, description]));
    assert.deepEqual(
      fields.map(({ isNullable, isCategorical, isTextual }) => [isNullable, isCategorical, isTextual]),
      [
        [false, false, false],
        [true, true, false],
        [true, false, true],
      ],
    );
  });

  test("may have a field of any name", () => {
    const { fields } = parseSchema(avro("Users", [userId, { name: "constructor", type: "boolean" }]));
    assert.equal(fields[1].name, "constructor");
  });

  test("may leave its version out", () => {
    const { fields } = parseSchema(avro("Users", [userId, genre], { version: undefined }));
    assert.equal(fields.length, 2);
  });
});

describe("a schema is refused", () => {
  const interactions = (...fields: Field[]) => avro("Interactions", fields);

  test("when it is no Avro record of this namespace", () => {
    refuse("{", /not valid JSON/);
    refuse("[]", /JSON object/);
    refuse(avro("Interactions", [], { type: "enum" }), /type of the schema is "enum"; it must be "record"/);
    refuse(avro("Interactions", [], { namespace: "mine" }), /namespace of the schema is "mine"/);
    refuse(avro("Interactions", [], { version: "2.0" }), /version of the schema is "2.0"; it must be "1.0"/);
    refuse(avro("Interaction", [userId]), /name of the schema is "Interaction".*Interactions, Items, Users/);
    refuse(avro("Users", []), /fields must be a list/);
    refuse(" ".repeat(20_001), /20001 characters; at most 20000/);
  });

  test("when a required field is missing, for the domain as well", () => {
    refuse(interactions(userId, timestamp), /lacks the required field ITEM_ID/);
    refuse(interactions(timestamp), /lacks the required fields USER_ID, ITEM_ID/);
    refuse(interactions(userId, itemId, timestamp), /required field EVENT_TYPE/, "ECOMMERCE");
    refuse(avro("Items", [itemId, genre]), /required fields PRICE, CATEGORY_L1/, "ECOMMERCE");
    refuse(avro("Items", [itemId, genre]), /required fields CREATION_TIMESTAMP, GENRES/, "VIDEO_ON_DEMAND");
    refuse(avro("Actions", [{ name: "ACTION_ID", type: "string" }]), /domain ECOMMERCE has no Actions/, "ECOMMERCE");
  });

  test("when TIMESTAMP is an int, and told how to write it", () => {
    refuse(
      interactions(userId, itemId, { name: "TIMESTAMP", type: "int" }),
      /^Field TIMESTAMP must be of type long, not int: write \{"name": "TIMESTAMP", "type": "long"\}\.$/,
    );
  });

  test("when a reserved field has another type, null or flag", () => {
    const base = [userId, itemId, timestamp];
    refuse(interactions(...base, { name: "EVENT_VALUE", type: "string" }), /EVENT_VALUE must be of type float/);
    refuse(interactions(userId, { name: "ITEM_ID", type: ["string", "null"] }, timestamp), /ITEM_ID cannot be null/);
    refuse(interactions(...base, { name: "EVENT_TYPE", type: "string", categorical: true }), /neither categorical/);
    const price = { name: "PRICE", type: "float" };
    refuse(
      avro("Items", [itemId, price, { name: "CATEGORY_L1", type: "string" }]),
      /CATEGORY_L1 is not flagged; this reserved field must be categorical/,
      "ECOMMERCE",
    );
  });

  test("when a type or a flag is not one of Personalize's", () => {
    refuse(avro("Users", [userId, { name: "TAGS", type: { type: "array", items: "string" } }]), /TAGS has the type/);
    refuse(avro("Users", [userId, { name: "AGE", type: ["int", "string"] }]), /union of one of them with null/);
    refuse(avro("Users", [userId, { name: "AGE", type: "int", categorical: true }]), /only strings can be categorical/);
    refuse(avro("Users", [userId, { name: "BIO", type: "string", textual: true }]), /only an Items schema/);
    refuse(avro("Users", [userId, { name: "BIO", type: "string", categorical: "yes" }]), /must be true or false/);
    refuse(avro("Items", [itemId, { name: "A", type: "string", categorical: true, textual: true }]), /one of them/);
  });

  test("when names are not valid or too much alike", () => {
    refuse(avro("Users", [userId, { name: "AGE-GROUP", type: "int" }]), /"AGE-GROUP" of field 2 is not valid/);
    refuse(avro("Users", [userId, { type: "int" }]), /missing of field 2/);
    const twins = ["GENRES_FIELD_1", "GENRESFIELD1"].map((name) => ({ name, type: "string" }));
    refuse(avro("Items", [itemId, ...twins]), /GENRES_FIELD_1 and GENRESFIELD1 must differ/);
  });

  test("when it has too few or too many metadata fields", () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `F${index}`, type: "int" }));
    refuse(avro("Users", [userId]), /no metadata field; it needs at least 1/);
    refuse(avro("Items", [itemId, { name: "CREATION_TIMESTAMP", type: "long" }]), /no metadata field/);
    refuse(avro("Users", [userId, ...many(26)]), /26 metadata fields; at most 25/);
    refuse(avro("Items", [itemId, ...many(101)]), /101 metadata fields; at most 100/);
    assert.equal(parseSchema(avro("Items", [itemId, ...many(100)])).fields.length, 101);
    const subscription = { name: "SUBSCRIPTION_MODEL", type: "string", categorical: true };
    const users = avro("Users", [userId, subscription]);
    assert.equal(parseSchema(users, { domain: "VIDEO_ON_DEMAND" }).fields.length, 2);
  });
});
