import type { Records, TextColumn } from "../records/records.ts";
import { bindFilter, type FilterValues } from "./bind-filter.ts";
import { compileCondition } from "./condition-predicate.ts";
import type { FilteredUser } from "./filter.ts";
import { openFilter } from "./open-filter.ts";
import { parseFilter } from "./parse-filter.ts";

/** Milliseconds of a filter on 50,000 items: to open it for new values, and to ask it for a user; beside a judgement of item by item. */
const ITEMS = 50_000;
const EVENTS = 300;
const ROUNDS = 200;

const genres: TextColumn = {
  kind: "text",
  values: Array.from({ length: 1300 }, (_, code) =>
    [code % 7, code % 11, code % 13].map((genre) => `genre${genre}`).join("|"),
  ),
  codes: Int32Array.from({ length: ITEMS }, (_, place) => ((place * 7919) % 1301) - 1),
};
const titles: TextColumn = {
  kind: "text",
  values: Array.from({ length: ITEMS }, (_, code) => `title ${code}`),
  codes: Int32Array.from({ length: ITEMS }, (_, place) => place),
};
const price = {
  kind: "number",
  values: Float64Array.from({ length: ITEMS }, (_, place) => (place * 104_729) % 1000),
} as const;
const records: Records = { count: ITEMS, columns: { GENRES: genres, TITLE: titles, PRICE: price } };
const user: FilteredUser = {
  userId: "u",
  record: () => 30,
  events: Array.from({ length: EVENTS }, (_, at) => ({
    item: (at * 331) % ITEMS,
    eventType: ["click", "view", "buy"][at % 3],
  })),
  currentItem: 77,
};

const FILTERS: readonly (readonly [expression: string, values?: FilterValues])[] = [
  ['EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("buy")'],
  ["INCLUDE ItemID WHERE Items.PRICE < $PRICE", { PRICE: "500" }],
  ["INCLUDE ItemID WHERE Items.GENRES IN ($GENRES)", { GENRES: '"genre3","genre5"' }],
  ['INCLUDE ItemID WHERE Items.TITLE IN ("title 7")'],
  ["INCLUDE ItemID WHERE Items.PRICE < CurrentItem.PRICE AND Items.GENRES IN CurrentItem.GENRES"],
  [
    'INCLUDE ItemID WHERE Items.GENRES IN ("genre3") AND Items.PRICE < 900 IF CurrentUser.AGE > 18 | INCLUDE ItemID WHERE Items.PRICE < 100 OR Items.PRICE > 990 | EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*") | EXCLUDE ItemID WHERE Items.GENRES IN ("genre12")',
  ],
];

for (const [expression, values] of FILTERS) {
  const bound = bindFilter(parseFilter(expression), values);
  const answer = openFilter(bound, { records });
  const open = measure(() => openFilter(bound, { records }));
  let item = 0;
  const ask = measure(() => answer.allowed({ ...user, currentItem: item++ }));
  process.stdout.write(`${open.toFixed(3)} ms to open, ${ask.toFixed(3)} ms to ask: ${expression}\n`);
}

const expected = compileCondition({ operator: "IN", values: ["genre3", "genre5"] });
const byItem = measure(() => Uint8Array.from(genres.codes, (code) => Number(expected(genres.values[code]))));
process.stdout.write(`${byItem.toFixed(3)} ms item by item: INCLUDE ItemID WHERE Items.GENRES IN ($GENRES)\n`);

function measure(work: () => unknown): number {
  for (let round = 0; round < ROUNDS / 10; round += 1) work();
  const start = process.hrtime.bigint();
  for (let round = 0; round < ROUNDS; round += 1) work();
  return Number(process.hrtime.bigint() - start) / 1e6 / ROUNDS;
}
