import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Records } from "../records/records.ts";
import { bindFilter } from "./bind-filter.ts";
import type { FilteredEvent } from "./filter.ts";
import { openFilter } from "./open-filter.ts";
import { parseFilter } from "./parse-filter.ts";

interface Item {
  readonly GENRE: string | undefined;
  readonly PRICE: number | undefined;
}

interface Condition {
  readonly text: string;
  readonly holds: (item: Item) => boolean;
}

const category: fc.Arbitrary<string> = fc.constantFrom("a", "b", "c", "d");
const amount = fc.integer({ min: 0, max: 5 });

const item: fc.Arbitrary<Item> = fc.record({
  GENRE: fc.option(
    fc.uniqueArray(category, { minLength: 1 }).map((categories) => categories.join("|")),
    { nil: undefined },
  ),
  PRICE: fc.option(amount, { nil: undefined }),
});

const inGenres: fc.Arbitrary<Condition> = fc
  .tuple(fc.uniqueArray(category, { minLength: 1 }), fc.boolean())
  .map(([genres, isNot]) => ({
    text: `Items.GENRE ${isNot ? "NOT IN" : "IN"} (${genres.map((genre) => `"${genre}"`).join(", ")})`,
    holds: ({ GENRE }) => (GENRE?.split("|") ?? []).some((genre) => genres.includes(genre)) !== isNot,
  }));

const comparedPrice: fc.Arbitrary<Condition> = fc
  .tuple(fc.constantFrom("<", "<=", ">", ">=", "=", "!=" as const), amount)
  .map(([operator, bound]) => ({
    text: `Items.PRICE ${operator} ${bound}`,
    holds: ({ PRICE }) => {
      if (PRICE === undefined) return operator === "!=";
      return {
        "<": PRICE < bound,
        "<=": PRICE <= bound,
        ">": PRICE > bound,
        ">=": PRICE >= bound,
        "=": PRICE === bound,
        "!=": PRICE !== bound,
      }[operator];
    },
  }));

/** Conditions joined by AND, and those by OR, judged as JavaScript judges them. */
const itemsExpression: fc.Arbitrary<{
  readonly text: string;
  readonly matches: (place: number, items: readonly Item[], events: readonly FilteredEvent[]) => boolean;
}> = fc
  .array(fc.array(fc.oneof(inGenres, comparedPrice), { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 })
  .map((anyOf) => ({
    text: anyOf.map((all) => all.map(({ text }) => text).join(" AND ")).join(" OR "),
    matches: (place, items) => anyOf.some((all) => all.every(({ holds }) => holds(items[place]))),
  }));

const eventsExpression: typeof itemsExpression = fc.uniqueArray(category, { minLength: 1 }).map((types) => ({
  text: `Interactions.EVENT_TYPE IN (${types.map((type) => `"${type}"`).join(",")})`,
  matches: (place, _, events) =>
    events.some((event) => event.item === place && types.includes(event.eventType.toLowerCase())),
}));

const expression = fc.record({
  isInclude: fc.boolean(),
  condition: fc.oneof(itemsExpression, eventsExpression),
  /** The age that the current user must have, if any. */
  age: fc.option(amount, { nil: undefined }),
});

function toRecords(items: readonly Item[]): Records {
  const values = [...new Set(items.flatMap(({ GENRE }) => GENRE ?? []))];
  return {
    count: items.length,
    columns: {
      GENRE: {
        kind: "text",
        values,
        codes: Int32Array.from(items, ({ GENRE }) => (GENRE === undefined ? -1 : values.indexOf(GENRE))),
      },
      PRICE: { kind: "number", values: Float64Array.from(items, ({ PRICE }) => PRICE ?? Number.NaN) },
    },
  };
}

test("a filter admits what a judgement of item by item admits", () => {
  const input = fc.record({
    items: fc.array(item, { maxLength: 20 }),
    expressions: fc.array(expression, { minLength: 1, maxLength: 4 }),
    events: fc.array(
      fc.record({ item: fc.integer({ min: -1, max: 20 }), eventType: fc.constantFrom("A", "b", "C", "d") }),
      { maxLength: 10 },
    ),
    age: fc.option(amount, { nil: undefined }),
  });
  fc.assert(
    fc.property(input, ({ items, expressions, events, age }) => {
      const text = expressions
        .map(({ isInclude, condition, age: asked }) => {
          const statement = `${isInclude ? "INCLUDE" : "EXCLUDE"} ItemID WHERE ${condition.text}`;
          return asked === undefined ? statement : `${statement} IF CurrentUser.AGE = ${asked}`;
        })
        .join(" | ");
      const user = { record: (field: string) => (field === "AGE" ? age : undefined), events };
      const allowed = openFilter(bindFilter(parseFilter(text)), { records: toRecords(items) }).allowed(user);
      const said = expressions.filter(({ age: asked }) => asked === undefined || asked === age);
      const includes = said.filter(({ isInclude }) => isInclude);
      const excludes = said.filter(({ isInclude }) => !isInclude);
      const expected = items.map((_, place) => {
        const matches = ({ condition }: (typeof said)[number]): boolean => condition.matches(place, items, events);
        return Number((includes.length === 0 || includes.some(matches)) && !excludes.some(matches));
      });
      assert.deepEqual([...allowed], expected);
    }),
    { numRuns: 300 },
  );
});
