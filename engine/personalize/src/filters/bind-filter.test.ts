import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bindFilter } from "./bind-filter.ts";
import { parseFilter } from "./parse-filter.ts";

const include = parseFilter("INCLUDE ItemID WHERE Items.GENRE IN ($G, 7) AND Items.PRICE < $P");
const exclude = parseFilter(
  "EXCLUDE ItemID WHERE Items.GENRE IN ($G) | EXCLUDE ItemID WHERE Items.AGE = 1 IF CurrentUser.A = $A",
);

describe("bindFilter", () => {
  test("reads quoted texts and numbers", () => {
    const { expressions } = bindFilter(include, { G: '"horror" , "a \\"b\\", c",-2.5', P: "20" });
    assert.deepEqual(
      expressions[0].anyOf[0].map(({ values }) => values),
      [["horror", 'a "b", c', -2.5, 7], [20]],
    );
    assert.deepEqual(bindFilter(include, { G: "1", P: '"20"' }).expressions[0].anyOf[0][1].values, ["20"]);
  });

  test("leaves out an EXCLUDE whose values are missing", () => {
    assert.equal(bindFilter(exclude).expressions.length, 0);
    assert.deepEqual(
      bindFilter(exclude, { A: '"x"' }).expressions.map(({ ifAll }) => ifAll[0]?.values),
      [["x"]],
    );
  });

  const REFUSED = [
    [{ P: "1" }, /missing G: an INCLUDE needs a value/],
    [{ G: "1", P: "1", g: "1" }, /has g, and the filter's parameters are: G, P \(case counts\)/],
    [
      { G: "horror", P: "1" },
      /filterValues\.G cannot be read at character 1 of horror\. Put each text into double quotes/,
    ],
    [{ G: '"horror" "b"', P: "1" }, /cannot be read at character 1/],
    [{ G: '"a","b', P: "1" }, /cannot be read at character 5/],
    [{ G: "", P: "1" }, /cannot be read at character 1/],
    [{ G: '"a"', P: "1,2" }, /filterValues\.P has 2 values, and < compares with one/],
    [{ G: '"a"', P: '"cheap"' }, /filterValues\.P is "cheap", and < compares numbers/],
  ] as const;

  for (const [values, message] of REFUSED) {
    test(`refuses ${JSON.stringify(values)}`, () => {
      assert.throws(() => bindFilter(include, values), { name: "FilterError", message });
    });
  }
});
