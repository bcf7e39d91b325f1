import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bindFilter } from "./bind-filter.ts";
import { FilterError } from "./filter-error.ts";
import { parseFilter } from "./parse-filter.ts";

const SYMBOLS =
  'INCLUDE EXCLUDE ItemID UserID WHERE Items Interactions Users . EVENT_TYPE A IN NOT ( ) , "a" " 1 -2.5e3 $P * = <= AND OR IF CurrentUser CurrentItem | \\ § ';

/** Symbols of the language in any order: they come further into the parser than arbitrary text. */
const symbols = fc.array(fc.constantFrom(...SYMBOLS.split(" ")), { maxLength: 25 }).map((words) => words.join(" "));

/** Begins right, so that most of it is read. */
const begun = symbols.map((rest) => `INCLUDE ItemID WHERE Items.A IN ("x", $P) ${rest}`);

function onlyFilterErrors(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof FilterError, String(error));
  }
}

test("whatever is given for a filter is read or refused as a filter", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), symbols, begun), (expression) => {
      onlyFilterErrors(() => parseFilter(expression));
    }),
    { numRuns: 1000 },
  );
});

test("whatever is given for a parameter is read or refused, and quoted texts come back", () => {
  const filter = parseFilter("INCLUDE ItemID WHERE Items.A IN ($P)");
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string(), { minLength: 1, maxLength: 5 }), (value, texts) => {
      onlyFilterErrors(() => bindFilter(filter, { P: value }));
      const quoted = texts.map((text) => `"${text.replace(/["\\]/g, "\\$&")}"`).join(",");
      assert.deepEqual(bindFilter(filter, { P: quoted }).expressions[0].anyOf[0][0].values, texts);
    }),
    { numRuns: 500 },
  );
});
