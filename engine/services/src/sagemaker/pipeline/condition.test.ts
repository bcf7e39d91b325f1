import assert from "node:assert/strict";
import { test } from "node:test";
import { checkConditions, holdAll } from "./condition.ts";
import type { Json } from "./definition.ts";
import type { Scope } from "./expression.ts";

const scope: Scope = {
  parameter: (name) => ({ Accuracy: 0.8, Domain: "film", Debug: true })[name],
  execution: () => undefined,
  properties: () => undefined,
  file: () => undefined,
};

const accuracy = { Get: "Parameters.Accuracy" };
const domain = { Get: "Parameters.Domain" };
const isFalse = { Type: "Equals", LeftValue: 1, RightValue: 2 };
const isTrue = { Type: "Equals", LeftValue: domain, RightValue: "film" };

function compare(Type: string, LeftValue: Json, RightValue: Json): Json {
  return { Type, LeftValue, RightValue };
}

const cases: readonly (readonly [Json, boolean])[] = [
  [compare("Equals", accuracy, 0.8), true],
  [compare("Equals", { Get: "Parameters.Debug" }, true), true],
  [compare("GreaterThan", accuracy, 0.8), false],
  [compare("GreaterThanOrEqualTo", accuracy, 0.8), true],
  [compare("LessThan", 0.8, accuracy), false],
  [compare("LessThanOrEqualTo", 0.7, accuracy), true],
  [compare("LessThan", "a", "b"), true],
  [{ Type: "In", QueryValue: domain, Values: ["book", domain] }, true],
  [{ Type: "In", QueryValue: "0.8", Values: [accuracy] }, false],
  [{ Type: "Not", Condition: isTrue }, false],
  [{ Type: "Or", Conditions: [isFalse, isTrue] }, true],
  [{ Type: "Or", Conditions: [] }, false],
  [{ Type: "Not", Condition: { Type: "Or", Conditions: [isFalse, { Type: "Not", Condition: isTrue }] } }, true],
];

test("evaluates every condition, also nested", () => {
  for (const [condition, outcome] of cases) {
    checkConditions([condition], "Conditions");
    assert.equal(holdAll([condition], scope), outcome, JSON.stringify(condition));
  }
});

test("a Condition step wants all of its conditions, and stops at the first that does not hold", () => {
  assert.equal(holdAll([], scope), true);
  assert.equal(holdAll([isTrue, isFalse], scope), false);
  assert.equal(holdAll([isFalse, compare("LessThan", 1, "x")], scope), false);
});

test("refuses to compare what has no order", () => {
  assert.throws(() => holdAll([compare("Equals", 1, "1")], scope), /LeftValue 1 with the RightValue "1"/);
  assert.throws(() => holdAll([compare("LessThan", true, false)], scope), /must be two numbers/);
});

test("names the place of a condition that is none", () => {
  const wrong: readonly (readonly [Json, RegExp])[] = [
    ["x", /Conditions must be a list/],
    [[1], /Conditions\[0\] must be an object/],
    [[{ Type: "Between" }], /Conditions\[0\] has the Type "Between"/],
    [[isTrue, { Type: "Equals", LeftValue: 1 }], /Conditions\[1\] must have RightValue/],
    [
      [{ Type: "Not", Condition: { Type: "In", QueryValue: 1, Values: 1 } }],
      /Conditions\[0\]\.Condition\.Values must be a list/,
    ],
    [[{ Type: "Or", Conditions: [{}] }], /Conditions\[0\]\.Conditions\[0\] must have a Type/],
  ];
  for (const [conditions, message] of wrong) assert.throws(() => checkConditions(conditions, "Conditions"), message);
});
