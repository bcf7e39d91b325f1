import assert from "node:assert/strict";
import { test } from "node:test";
import { parseFilterPattern } from "./filter-pattern.ts";

const order = JSON.stringify({
  level: "ERROR",
  status: 503,
  user: { id: "u-1", tags: ["a", "b"] },
  "a.b": 1,
  ok: true,
  none: null,
});

for (const [pattern, message, expected] of [
  ["", "anything", true],
  ["ERROR", "[ERROR 400] bad", true],
  ["error", "[ERROR 400] bad", false],
  ["ERROR bad", "bad [ERROR]", true],
  ["ERROR good", "bad [ERROR]", false],
  ['"not found"', "key not found", true],
  ['"not found"', "found not", false],
  ['"say \\"hi\\""', 'they say "hi"', true],
  ["ERROR -timeout", "ERROR timeout", false],
  ["ERROR -timeout", "ERROR disk", true],
  ['-"too long"', "too long", false],
  ["?ERROR ?WARN", "WARN x", true],
  ["?ERROR ?WARN", "INFO x", false],
  ['{ $.level = "ERROR" }', order, true],
  ['{ $.level = "ERR*R" }', order, true],
  ['{ $.level = "*X*" }', order, false],
  ["{ $.level != ERROR }", order, false],
  ["{ $.missing != ERROR }", order, false],
  ["{ $.status >= 500 && $.status < 504 }", order, true],
  ["{ $.status = 503 }", order, true],
  ["{ $.status > 503 }", order, false],
  ['{ $.user.id = "u-*" }', order, true],
  ['{ $.user.tags[1] = "b" }', order, true],
  ["{ $.['a.b'] = 1 }", order, true],
  ["{ $.ok IS TRUE }", order, true],
  ["{ $.none IS NULL }", order, true],
  ["{ $.missing IS NULL }", order, false],
  ["{ $.missing NOT EXISTS }", order, true],
  ['{ $.level = "INFO" || ($.ok IS TRUE && $.status = 503) }', order, true],
  ["{ $.constructor NOT EXISTS }", order, true],
  ["{ $.status = 503 }", "503, not JSON", false],
] as const)
  test(`${pattern || "(nothing)"} ${expected ? "matches" : "does not match"} ${message.slice(0, 24)}`, () => {
    assert.equal(parseFilterPattern(pattern)(message), expected);
  });

for (const pattern of [
  "%ERR.*%",
  "[ip, user]",
  '"open',
  "?ERROR INFO",
  "{ $.a = 1",
  "{ $.a }",
  "{ a = 1 }",
  "{ $.a < x }",
  "{ $.a = %x% }",
  "{ ($.a = 1 }",
  "{ }",
  "{ $.a IS 1 }",
])
  test(`${pattern} is refused`, () => {
    assert.throws(() => parseFilterPattern(pattern), { code: "InvalidParameterException" });
  });
