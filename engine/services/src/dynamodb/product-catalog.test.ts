import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { bicycle, type CatalogServer, startCatalogServer } from "./testing/catalog.ts";

const TableName = "ProductCatalog";
const Key = { Id: { N: "123" } };

type Placeholders = {
  readonly names?: Record<string, string>;
  readonly values?: Record<string, AttributeValue>;
};

describe("the expressions of the developer guide", () => {
  let house: CatalogServer;

  before(async () => {
    house = await startCatalogServer();
  });

  after(() => house[Symbol.asyncDispose]());

  beforeEach(async () => void (await house.client.putItem({ TableName, Item: bicycle })));

  const project = async (ProjectionExpression: string, names?: Record<string, string>) =>
    (await house.client.getItem({ TableName, Key, ProjectionExpression, ExpressionAttributeNames: names })).Item;

  const update = async (UpdateExpression: string, { names, values }: Placeholders = {}) =>
    (
      await house.client.updateItem({
        TableName,
        Key,
        UpdateExpression,
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: values,
        ReturnValues: "ALL_NEW",
      })
    ).Attributes;

  /** Whether a condition holds for the bicycle. */
  const holds = async (FilterExpression: string, { names, values }: Placeholders = {}) => {
    const { Count } = await house.client.scan({
      TableName,
      FilterExpression,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: values,
    });
    return Count === 1;
  };

  test("projections: top level, nested, elements of lists, names with dots", async () => {
    assert.deepEqual(await project("Description, RelatedItems[0], ProductReviews.FiveStar"), {
      Description: bicycle.Description,
      RelatedItems: { L: [{ N: "341" }] },
      ProductReviews: { M: { FiveStar: bicycle.ProductReviews?.M?.FiveStar } },
    });
    assert.deepEqual(
      await project("#c, #sw, RelatedItems[2], RelatedItems[0], Absent.Deep", {
        "#c": "Comment",
        "#sw": "Safety.Warning",
      }),
      {
        Comment: bicycle.Comment,
        "Safety.Warning": bicycle["Safety.Warning"],
        RelatedItems: { L: [{ N: "341" }, { N: "649" }] },
      },
    );
    assert.deepEqual(await project("#pr.#5star[1]", { "#pr": "ProductReviews", "#5star": "FiveStar" }), {
      ProductReviews: { M: { FiveStar: { L: [{ S: "Do yourself a favor and buy this." }] } } },
    });
  });

  test("SET: values, elements, nested attributes, arithmetic, list_append, if_not_exists", async () => {
    const item = await update(
      "SET RelatedItems[1] = :ri, Pictures.#b = :pic, Price = Price - :p, #pr.FiveStar = list_append(:r, #pr.FiveStar), Stock = if_not_exists(Stock, :s)",
      {
        names: { "#b": "Bottom", "#pr": "ProductReviews" },
        values: {
          ":ri": { N: "999" },
          ":pic": { S: "below.jpg" },
          ":p": { N: "15.25" },
          ":r": { L: [{ S: "New" }] },
          ":s": { N: "7" },
        },
      },
    );
    assert.deepEqual(item?.RelatedItems, { L: [{ N: "341" }, { N: "999" }, { N: "649" }] });
    assert.deepEqual(item?.Pictures?.M?.Bottom, { S: "below.jpg" });
    assert.deepEqual(item?.Price, { N: "484.75" });
    assert.deepEqual(item?.ProductReviews?.M?.FiveStar?.L?.[0], { S: "New" });
    assert.equal(item?.ProductReviews?.M?.FiveStar?.L?.length, 3);
    assert.deepEqual(item?.Stock, { N: "7" });
    const again = await update("SET RelatedItems[100] = :ri, Stock = if_not_exists(Stock, :ri)", {
      values: { ":ri": { N: "1" } },
    });
    assert.deepEqual(again?.RelatedItems?.L?.at(3), { N: "1" });
    assert.deepEqual(again?.Stock, { N: "7" });
  });

  test("the right side of SET is the item as it was", async () => {
    const item = await update("SET Price = :one, Former = Price", { values: { ":one": { N: "1" } } });
    assert.deepEqual([item?.Price, item?.Former], [{ N: "1" }, { N: "500" }]);
  });

  test("REMOVE: attributes and elements, whose positions are those before", async () => {
    const item = await update("REMOVE Brand, InStock, RelatedItems[1], RelatedItems[2], Pictures.SideView, Absent");
    assert.equal(item?.Brand ?? item?.InStock, undefined);
    assert.deepEqual(item?.RelatedItems, { L: [{ N: "341" }] });
    assert.deepEqual(Object.keys(item?.Pictures?.M ?? {}).toSorted(), ["FrontView", "RearView"]);
  });

  test("elements beyond the end of a list are appended in the order of their positions, and no REMOVE takes them away", async () => {
    const item = await update("SET RelatedItems[12] = :b, RelatedItems[9] = :a REMOVE RelatedItems[3]", {
      values: { ":a": { N: "1" }, ":b": { N: "2" } },
    });
    assert.deepEqual(
      item?.RelatedItems?.L?.map(({ N }) => N),
      ["341", "472", "649", "1", "2"],
    );
  });

  test("REMOVE and DELETE alone make no item where there is none", async () => {
    const Key = { Id: { N: "404" } };
    const absent = { TableName, Key, ReturnValues: "ALL_NEW" } as const;
    const { Attributes } = await house.client.updateItem({ ...absent, UpdateExpression: "REMOVE Brand" });
    assert.equal(Attributes, undefined);
    assert.equal((await house.client.getItem({ TableName, Key })).Item, undefined);
    assert.deepEqual((await house.client.updateItem(absent)).Attributes, Key);
    await house.client.deleteItem({ TableName, Key });
  });

  test("ADD and DELETE: numbers and sets, and what is not there yet", async () => {
    const item = await update("ADD Price :five, Color :colors, Visits :five, Tags :colors DELETE Absent :colors", {
      values: { ":five": { N: "5" }, ":colors": { SS: ["Red", "Yellow"] } },
    });
    assert.deepEqual([item?.Price, item?.Visits], [{ N: "505" }, { N: "5" }]);
    assert.deepEqual(new Set(item?.Color?.SS), new Set(["Red", "Black", "Yellow"]));
    assert.deepEqual(item?.Tags, { SS: ["Red", "Yellow"] });
    const left = await update("DELETE Color :some, Tags :all", {
      values: { ":some": { SS: ["Yellow", "Blue"] }, ":all": { SS: ["Red", "Yellow"] } },
    });
    assert.deepEqual(new Set(left?.Color?.SS), new Set(["Red", "Black"]));
    assert.equal(left?.Tags, undefined);
  });

  test("conditions: functions", async () => {
    const type = (name: string): Placeholders => ({ values: { ":t": { S: name } } });
    const text = (value: string): Placeholders => ({ values: { ":v": { S: value } } });
    assert.equal(await holds("attribute_exists(ProductReviews.OneStar)"), true);
    assert.equal(await holds("attribute_not_exists(ProductReviews.TwoStar)"), true);
    assert.equal(await holds("attribute_type(ProductReviews.FiveStar, :t)", type("L")), true);
    assert.equal(await holds("attribute_type(Color, :t)", type("L")), false);
    assert.equal(await holds("begins_with(Pictures.FrontView, :v)", text("http://")), true);
    assert.equal(await holds("contains(Color, :v)", text("Red")), true);
    assert.equal(await holds("contains(Title, :v)", text("cycle")), true);
    assert.equal(await holds("contains(RelatedItems, :v)", { values: { ":v": { N: "472.0" } } }), true);
    assert.equal(
      await holds("size(Color) < :v AND size(Title) = size(:t)", {
        values: { ":v": { N: "3" }, ":t": { S: "Bicycle 124" } },
      }),
      true,
    );
    assert.equal(await holds("size(Price) = :v", { values: { ":v": { N: "3" } } }), false);
  });

  test("conditions: comparisons, BETWEEN, IN and their precedence", async () => {
    const values = { ":lo": { N: "100" }, ":hi": { N: "500.00" }, ":c1": { S: "Bicycle" }, ":no": { S: "None" } };
    const only = (...names: (keyof typeof values)[]) => ({
      values: Object.fromEntries(names.map((name) => [name, values[name]])),
    });
    assert.equal(await holds("Price BETWEEN :lo AND :hi", only(":lo", ":hi")), true);
    assert.equal(await holds("ProductCategory IN (:no, :c1)", only(":no", ":c1")), true);
    assert.equal(await holds("NOT ProductCategory IN (:no)", only(":no")), true);
    // OR binds weaker than AND: the first alone decides.
    assert.equal(await holds("Price = :hi OR Price = :lo AND Title = :no", only(":hi", ":lo", ":no")), true);
    assert.equal(await holds("(Price = :hi OR Price = :lo) AND Title = :no", only(":hi", ":lo", ":no")), false);
    assert.equal(await holds("NOT Price = :lo AND Price = :hi", only(":lo", ":hi")), true);
    assert.equal(await holds("Absent <> :no AND NOT Absent = :no", only(":no")), true);
    assert.equal(await holds("Title < :hi", only(":hi")), false);
  });

  const refused: readonly (readonly [string, string, Placeholders?])[] = [
    ["", "Invalid UpdateExpression: The expression can not be empty;"],
    ["SET Price", 'Invalid UpdateExpression: Syntax error; token: "<EOF>", near: "Price"'],
    [
      "SET Price = = :v",
      'Invalid UpdateExpression: Syntax error; token: "=", near: "= = :v"',
      { values: { ":v": { N: "1" } } },
    ],
    [
      "SET Size = :v",
      "Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: Size",
      { values: { ":v": { N: "1" } } },
    ],
    [
      "SET A = :v",
      "Invalid UpdateExpression: An expression attribute value used in expression is not defined; attribute value: :v",
    ],
    [
      "SET #a = :v",
      "Invalid UpdateExpression: An expression attribute name used in the document path is not defined; attribute name: #a",
      { values: { ":v": { N: "1" } } },
    ],
    [
      "SET A = :v SET B = :v",
      'Invalid UpdateExpression: The "SET" section can only be used once in an update expression;',
      { values: { ":v": { N: "1" } } },
    ],
    [
      "SET A.B = :v REMOVE A",
      "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [A, B], path two: [A]",
      { values: { ":v": { N: "1" } } },
    ],
    [
      "SET A.B = :v REMOVE A[1]",
      "Invalid UpdateExpression: Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [A, B], path two: [A, [1]]",
      { values: { ":v": { N: "1" } } },
    ],
    [
      "SET A = frobnicate(:v)",
      "Invalid UpdateExpression: Invalid function name; function: frobnicate",
      { values: { ":v": { N: "1" } } },
    ],
    [
      "SET A = list_append(:v)",
      "Invalid UpdateExpression: Incorrect number of operands for operator or function; operator or function: list_append, number of operands: 1",
      { values: { ":v": { L: [] } } },
    ],
    [
      "SET A = Price + :v",
      "Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: +, operand type: S",
      { values: { ":v": { S: "1" } } },
    ],
    ["SET A = Absent", "The provided expression refers to an attribute that does not exist in the item"],
    [
      "SET Price = Title + :v",
      "An operand in the update expression has an incorrect data type",
      { values: { ":v": { N: "1" } } },
    ],
    [
      "SET Absent.Deep = :v",
      "The document path provided in the update expression is invalid for update",
      { values: { ":v": { N: "1" } } },
    ],
    [
      "SET Id = :v",
      "One or more parameter values were invalid: Cannot update attribute Id. This attribute is part of the key",
      { values: { ":v": { N: "1" } } },
    ],
    [
      "REMOVE A",
      "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}",
      { values: { ":v": { N: "1" } } },
    ],
    [
      "REMOVE A",
      "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}",
      { names: { "#a": "A" } },
    ],
    [
      "SET A = :v",
      "ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value: one for key :v",
      { values: { ":v": { N: "one" } } },
    ],
  ];
  for (const [expression, message, placeholders] of refused) {
    test(`refuses "${expression}": ${message.slice(0, 70)}`, async () => {
      await assert.rejects(update(expression, placeholders), { name: "ValidationException", message });
    });
  }

  const refusedConditions: readonly (readonly [string, string, Placeholders?])[] = [
    [
      "((Price = :v))",
      "Invalid FilterExpression: The expression has redundant parentheses;",
      { values: { ":v": { N: "1" } } },
    ],
    [
      "size(Price)",
      "Invalid FilterExpression: The function is not allowed to be used this way in an expression; function: size",
    ],
    [
      "attribute_exists(:v)",
      "Invalid FilterExpression: Operator or function requires a document path; operator or function: attribute_exists",
      { values: { ":v": { N: "1" } } },
    ],
    [
      "Price BETWEEN :hi AND :lo",
      "Invalid FilterExpression: The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}",
      { values: { ":lo": { N: "1" }, ":hi": { N: "2" } } },
    ],
    [
      "begins_with(Title, :v)",
      "Invalid FilterExpression: Incorrect operand type for operator or function; operator or function: begins_with, operand type: N",
      { values: { ":v": { N: "1" } } },
    ],
    [
      "Price < :v",
      "Invalid FilterExpression: Incorrect operand type for operator or function; operator or function: <, operand type: BOOL",
      { values: { ":v": { BOOL: true } } },
    ],
    ["Price =", 'Invalid FilterExpression: Syntax error; token: "<EOF>", near: "="'],
    [
      `Price = :v${" OR Price = :v".repeat(150)}`,
      "Invalid FilterExpression: The expression contains too many operators; operator count: 301, maximum: 300",
      { values: { ":v": { N: "1" } } },
    ],
    [`${"NOT ".repeat(200)}attribute_exists(A)`, "Invalid FilterExpression: The expression is nested too deeply;"],
  ];
  for (const [expression, message, placeholders] of refusedConditions) {
    test(`refuses the condition "${expression.slice(0, 40)}": ${message.slice(26, 90)}`, async () => {
      await assert.rejects(holds(expression, placeholders), { name: "ValidationException", message });
    });
  }
});
