import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { describeFilter } from "./describe-filter.ts";
import { parseFilter } from "./parse-filter.ts";

describe("parseFilter", () => {
  /** The expressions of AWS's guide. */
  const EXAMPLES = [
    "EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ($EVENT_TYPE)",
    'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("click", "stream")',
    'INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")',
    "EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN (*)",
    'EXCLUDE itemId WHERE INTERACTIONS.event_type in ("EVENT_TYPE")',
    "EXCLUDE ItemID WHERE Items.CATEGORY IN ($CATEGORY)",
    "INCLUDE ItemID WHERE Items.PRICE < CurrentItem.PRICE AND Items.GENRE IN CurrentItem.GENRE",
    'EXCLUDE ItemID WHERE Items.CATEGORY_L1 IN ("shoe") AND Items.CATEGORY_L2 NOT IN ("boot")',
    "INCLUDE ItemID WHERE Items.PRICE <= $PRICE",
    "INCLUDE ItemID WHERE Items.CREATION_TIMESTAMP < $DATE",
    "INCLUDE ItemID WHERE Items.PRICE < CurrentItem.PRICE AND Items.CREATION_TIMESTAMP > $DATE",
    "EXCLUDE ItemID WHERE Items.GENRE IN ($GENRE) IF CurrentUser.AGE = $AGE",
    'INCLUDE ItemID WHERE Items.CATEGORY_L1 IN ("watch") AND Items.CATEGORY_L2 IN ("luxury") IF CurrentUser.AGE > 18',
    "EXCLUDE ItemID WHERE Items.NUMBER_OF_DOWNLOADS < 20 IF CurrentUser.AGE > 18 AND CurrentUser.AGE < 30",
    "INCLUDE UserID WHERE Users.MEMBERSHIP_STATUS IN ($MEMBERSHIP)",
    "EXCLUDE UserID WHERE Users.AGE < $AGE",
    'INCLUDE UserID WHERE Interactions.EVENT_TYPE IN ("click", "rating")',
    "INCLUDE ActionID WHERE Action_Interactions.EVENT_TYPE IN ($EVENT_TYPE)",
    'EXCLUDE ActionID WHERE Action_Interactions.EVENT_TYPE IN ("NOT_TAKEN")',
    "INCLUDE ActionID WHERE Actions.VALUE > ($VALUE)",
    "EXCLUDE ActionID WHERE Actions.VALUE < ($VALUE) IF CurrentUser.MEMBERSHIP = $PREMIUM",
    'INCLUDE ItemID WHERE Items.CATEGORY IN ($CATEGORY) | INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("favorite")',
    'INCLUDE ItemID WHERE Items.GENRE IN ($GENRE) | EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("click", "stream")',
  ];

  for (const example of EXAMPLES) {
    test(`reads ${example}`, () => {
      assert.ok(parseFilter(example).expressions.length > 0);
    });
  }

  test("gives the parts of an expression", () => {
    const filter = parseFilter(
      'include ITEMID where items.genre not in ("drama", "\\"so\\"") or Items.YEAR >= -1.5e3 and Items.GENRE IN ($G) if currentuser.AGE != 18',
    );
    assert.deepEqual(filter, {
      subject: "ItemID",
      expressions: [
        {
          verb: "INCLUDE",
          dataset: "Items",
          anyOf: [
            [{ field: "genre", operator: "NOT IN", at: 21, values: ["drama", '"so"'] }],
            [
              { field: "YEAR", operator: ">=", at: 63, values: [-1500] },
              { field: "GENRE", operator: "IN", at: 88, values: [{ parameter: "G" }] },
            ],
          ],
          ifAll: [{ field: "AGE", operator: "!=", at: 111, values: [18] }],
        },
      ],
    });
  });

  const REFUSED: readonly (readonly [expression: string, message: RegExp])[] = [
    ["", /the end at character 1\. Expected INCLUDE or EXCLUDE/],
    ["INCLUDES ItemID", /INCLUDES at character 1\./],
    ["INCLUDE Item WHERE", /Item at character 9\. Expected ItemID or UserID or ActionID/],
    ["INCLUDE ItemID Items.A = 1", /Items at character 16\. Expected WHERE/],
    ["INCLUDE ItemID WHERE Goods.A = 1", /Goods at character 22\. Expected Interactions or Items/],
    ["INCLUDE ItemID WHERE Users.A = 1", /Users at character 22\. ItemID is filtered by Items or Interactions/],
    ["INCLUDE ActionID WHERE Interactions.EVENT_TYPE = 1", /ActionID is filtered by Actions or Action_Interactions/],
    [
      'INCLUDE ItemID WHERE Interactions.DEVICE IN ("tv")',
      /DEVICE at character 35\. Interactions can be filtered by EVENT_TYPE only/,
    ],
    ["INCLUDE ItemID WHERE Interactions.EVENT_TYPE > 3", /> at character 35\. Event types are compared/],
    [
      "INCLUDE ItemID WHERE Items.GENRE NOT IN ($GENRE)",
      /^Invalid input symbol: \$GENRE at character 42\. Placeholders are not allowed with NOT_IN operator/,
    ],
    ["INCLUDE ItemID WHERE Items.A LIKE 3", /LIKE at character 30\. Expected IN, NOT IN, =, !=/],
    ["INCLUDE ItemID WHERE Items.A IN 3", /3 at character 33\. Expected \(/],
    ["INCLUDE ItemID WHERE Items.A IN ()", /\) at character 34\. Expected a text/],
    ['INCLUDE ItemID WHERE Items.A IN ("a" "b")', /"b" at character 38\. Expected , or \)/],
    ['INCLUDE ItemID WHERE Items.A IN ("a"', /the end at character 37/],
    ['INCLUDE ItemID WHERE Items.A IN ("a', /"a at character 34\. The quotation mark is not closed/],
    ["INCLUDE ItemID WHERE Items.A IN ('a')", /'a'\) at character 34\. Texts stand in double quotes/],
    ["INCLUDE ItemID WHERE Items.A IN (*)", /\* at character 34\. \* is for EVENT_TYPE only/],
    ['INCLUDE ItemID WHERE Items.A > "b"', /"b" at character 32\. > compares numbers/],
    [
      "INCLUDE ItemID WHERE Items.A = 1 AND Interactions.EVENT_TYPE = 1",
      /Interactions at character 38\. Expected Items/,
    ],
    ["INCLUDE ItemID WHERE Items.A = 1 IF Users.A = 1", /Users at character 37\. Expected CurrentUser/],
    ["INCLUDE ItemID WHERE Items.A = 1 IF CurrentUser.A = 1 OR CurrentUser.B = 1", /OR at character 55/],
    ["INCLUDE ItemID WHERE Items.A = 1 IF CurrentUser.A = CurrentItem.B", /CurrentItem at character 53/],
    ["INCLUDE UserID WHERE Users.A = 1 IF CurrentUser.A = 1", /IF at character 34/],
    ["INCLUDE ItemID WHERE Items.A = 1 | EXCLUDE UserID WHERE Users.A = 1", /UserID at character 36\. All expressions/],
    ["INCLUDE ItemID WHERE Items.A = 1 |", /the end at character 35/],
    ["INCLUDE ItemID WHERE (Items.A = 1)", /\( at character 22/],
    [`INCLUDE ItemID WHERE Items.A = ${"1".repeat(2500)}`, /has 2531 characters, and at most 2500/],
  ];

  for (const [expression, message] of REFUSED) {
    test(`refuses ${expression.slice(0, 80)}`, () => {
      assert.throws(() => parseFilter(expression), { name: "FilterError", message });
    });
  }

  test("allows ten fields", () => {
    const conditions = (count: number): string =>
      Array.from({ length: count }, (_, at) => `Items.F${at} = 1`).join(" OR ");
    assert.equal(
      describeFilter(parseFilter(`INCLUDE ItemID WHERE ${conditions(10)} OR Items.f1 = 2`)).fields.length,
      10,
    );
    assert.throws(() => parseFilter(`INCLUDE ItemID WHERE ${conditions(10)} IF CurrentUser.F = 1`), {
      message: /uses 11 fields, and at most 10 are allowed: Items.F0, /,
    });
  });
});

test("describeFilter tells datasets, fields and parameters", () => {
  const filter = parseFilter(
    "INCLUDE ItemID WHERE Items.genre IN ($G) OR Items.PRICE < CurrentItem.COST IF CurrentUser.AGE = $A | EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ($E, $G)",
  );
  assert.deepEqual(describeFilter(filter), {
    datasets: ["Items", "Users", "Interactions"],
    fields: ["Items.GENRE", "Items.PRICE", "Items.COST", "Users.AGE", "Interactions.EVENT_TYPE"],
    parameters: ["G", "A", "E"],
    requiredParameters: ["G", "A"],
    usesCurrentItem: true,
  });
});
