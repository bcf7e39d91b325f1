import assert from "node:assert/strict";
import { test } from "node:test";
import { readNumbers } from "./read-numbers.ts";
import { field, writeDatasets } from "./testing/write-datasets.ts";

test("numbers are read of the newest records with the ids, and only where they are there", async () => {
  const schema = {
    type: "Items",
    fields: [field("ITEM_ID"), field("PRICE", { type: "float", isNullable: true }), field("NAME")],
  } as const;
  const row = (id: string, price: string) => `select '${id}' as ITEM_ID, ${price}::double as PRICE, 'n' as NAME`;
  const segments = [
    `${row("a", "1")} union all ${row("b", "2.5")} union all ${row("it''s", "3")} union all ${row("d", "null")}`,
  ];
  const events = [{ number: 1, values: { ITEM_ID: "a", PRICE: 10 } }];
  await using directory = await writeDatasets({ Items: { schema, segments, events } });
  const read = (column: string, ids: readonly string[]) => readNumbers(directory.path, { type: "Items", column, ids });
  assert.deepEqual(
    await read("PRICE", ["it's", "a", "d", "e"]),
    new Map([
      ["it's", 3],
      ["a", 10],
    ]),
  );
  assert.deepEqual(await read("NAME", ["a"]), new Map());
  assert.deepEqual(await read("COLOR", ["a"]), new Map());
  assert.deepEqual(await read("PRICE", []), new Map());
  assert.deepEqual(await readNumbers(directory.path, { type: "Users", column: "AGE", ids: ["u"] }), new Map());
});
