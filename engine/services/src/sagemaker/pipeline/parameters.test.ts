import assert from "node:assert/strict";
import { test } from "node:test";
import { readParameters, resolveParameters } from "./parameters.ts";

const parameters = readParameters([
  { Name: "Bucket", Type: "String", EnumValues: ["a", "b"], DefaultValue: "a" },
  { Name: "Count", Type: "Integer", DefaultValue: 1 },
  { Name: "Rate", Type: "Float", DefaultValue: 0.5 },
  { Name: "Debug", Type: "Boolean", DefaultValue: false },
  { Name: "Needed", Type: "String" },
]);
const needed = { Name: "Needed", Value: "x" };

test("takes what is given in the declared type, else the defaults", () => {
  const given = [
    needed,
    { Name: "Count", Value: "3" },
    { Name: "Rate", Value: "1e-3" },
    { Name: "Debug", Value: "True" },
  ];
  assert.deepEqual(Object.fromEntries(resolveParameters(parameters, given)), {
    Bucket: "a",
    Count: 3,
    Rate: 0.001,
    Debug: true,
    Needed: "x",
  });
});

const refused: readonly (readonly [string, string, RegExp])[] = [
  ["Bucket", "c", /parameter Bucket is none of a, b/],
  ["Count", "1.5", /parameter Count is not of the type Integer/],
  ["Count", "many", /parameter Count is not of the type Integer/],
  ["Rate", "", /parameter Rate is not of the type Float/],
  ["Rate", "NaN", /parameter Rate is not of the type Float/],
  ["Debug", "yes", /parameter Debug is not of the type Boolean/],
  ["Other", "1", /no parameter Other/],
  ["Needed", "2", /Needed is given more than once/],
];

test("refuses what the definition does not allow", () => {
  for (const [Name, Value, message] of refused) {
    assert.throws(() => resolveParameters(parameters, [needed, { Name, Value }]), {
      name: "ValidationException",
      message,
    });
  }
  assert.throws(() => resolveParameters(parameters, []), /missing for the parameters Needed/);
});
