import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createResources } from "../create-resources.ts";
import type { Sql } from "../sql.ts";
import { openTestSql } from "../testing/open-test-sql.ts";
import { createItems } from "./create-items.ts";
import { itemTableVersion } from "./item-table-version.ts";
import { type ItemContent, type ItemRef, type Items, type ItemTable, TransactionRefused } from "./items.ts";

/** The items of two processes in one database, and a table without indexes. */
async function openItems() {
  const sql = await openTestSql();
  const resources = createResources({ sql });
  const row = await resources.insert({
    type: "dynamodb/table",
    accountId: "111122223333",
    region: "eu-west-1",
    name: "Counters",
    arn: "arn:aws:dynamodb:eu-west-1:111122223333:table/Counters",
    status: "ACTIVE",
    body: {},
  });
  const table: ItemTable = { id: row.id, version: itemTableVersion(row) };
  return {
    sql,
    resources,
    row,
    table,
    items: createItems({ sql }),
    otherItems: createItems({ sql }),
    [Symbol.asyncDispose]: () => sql.close(),
  };
}

const content = (value: string): ItemContent => ({ value, size: value.length });

/** An index by the first letter. */
const byLetter = (table: ItemTable): ItemTable => ({
  ...table,
  entriesOf: (value) => [{ indexId: 1, key: Buffer.from(value.slice(0, 1)), size: value.length }],
});

const increment = (items: Items, ref: ItemRef): Promise<number> =>
  items.update({
    ...ref,
    decide(current) {
      const next = Number(current ?? "0") + 1;
      return { next: content(String(next)), result: next };
    },
  });

async function entries(sql: Sql): Promise<string[]> {
  const rows = await sql.query<{ key: Buffer; item_key: Buffer }>(
    "select key, item_key from item_index_entry order by key, item_key",
  );
  return rows.map(({ key, item_key }) => `${key.toString()}:${item_key.toString()}`);
}

const all = {
  from: { key: Buffer.of() },
  to: { key: Buffer.of(255) },
  direction: "forward",
  maxBytes: 1 << 20,
} as const;

describe("items", () => {
  test("changes of one item by two processes at once lose nothing", async () => {
    await using world = await openItems();
    const ref = { table: world.table, key: Buffer.from("counter") };
    const results = await Promise.all(
      Array.from({ length: 60 }, (_, at) => increment(at % 2 === 0 ? world.items : world.otherItems, ref)),
    );
    assert.equal(new Set(results).size, 60);
    assert.equal(await world.items.find(ref), "60");
  });

  test("a change that throws refuses itself alone, also among changes of the same item", async () => {
    await using world = await openItems();
    const ref = { table: world.table, key: Buffer.from("counter") };
    const refuse = () =>
      world.items.update({
        ...ref,
        decide() {
          throw new Error("refused");
        },
      });
    const outcomes = await Promise.allSettled([increment(world.items, ref), refuse(), increment(world.items, ref)]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ["fulfilled", "rejected", "fulfilled"],
    );
    assert.equal(await world.items.find(ref), "2");
  });

  test("changes that were durable before a later round failed are not made again", async () => {
    await using world = await openItems();
    const [first, second] = ["first", "second"].map((name) => ({ table: world.table, key: Buffer.from(name) })) as [
      ItemRef,
      ItemRef,
    ];
    let isBroken = false;
    const breaking = Object.create(world.sql, {
      query: {
        async value(...[text, ...rest]: Parameters<Sql["query"]>) {
          if (isBroken) throw new Error("The connection was lost");
          // The other process is faster with the second item, so that the first is written alone and the second needs another round.
          if (text.includes("write_items")) await increment(world.otherItems, second);
          const rows = await world.sql.query(text, ...rest);
          isBroken = text.includes("write_items");
          return rows;
        },
      },
    }) as Sql;
    const items = createItems({ sql: breaking });
    const outcomes = await Promise.allSettled([increment(items, first), increment(items, second)]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ["fulfilled", "rejected"],
    );
    assert.deepEqual(await world.items.findTogether([first, second]), ["1", "1"]);
  });

  test("a write whose outcome nobody knows is not repeated", async () => {
    await using world = await openItems();
    const refs = ["a", "b"].map((name) => ({ table: world.table, key: Buffer.from(name) }));
    const deaf = Object.create(world.sql, {
      query: {
        async value(...[text, ...rest]: Parameters<Sql["query"]>) {
          const rows = await world.sql.query(text, ...rest);
          if (text.includes("write_items")) throw new Error("The connection was lost");
          return rows;
        },
      },
    }) as Sql;
    const items = createItems({ sql: deaf });
    const outcomes = await Promise.allSettled(refs.map((ref) => increment(items, ref)));
    assert.ok(outcomes.every(({ status }) => status === "rejected"));
    assert.deepEqual(await world.items.findTogether(refs), ["1", "1"]);
  });

  test("an item that the database refuses does not fail its neighbours", async () => {
    await using world = await openItems();
    const put = (name: string, size: number) =>
      world.items.put({ table: world.table, key: Buffer.from(name), content: { value: name, size } });
    const outcomes = await Promise.allSettled([put("a", 1), put("b", 2 ** 40), put("c", 1)]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ["fulfilled", "rejected", "fulfilled"],
    );
  });

  test("entries follow their items, and counts what is there", async () => {
    await using world = await openItems();
    const table = byLetter(world.table);
    const put = (name: string, value: string | undefined) =>
      world.items.update({
        table,
        key: Buffer.from(name),
        decide: () => ({ next: value === undefined ? "delete" : content(value), result: undefined }),
      });
    await Promise.all([put("1", "apple"), put("2", "banana"), put("3", "avocado")]);
    assert.deepEqual(await entries(world.sql), ["a:1", "a:3", "b:2"]);
    await Promise.all([put("1", "blueberry"), put("2", undefined), put("3", "apricots")]);
    assert.deepEqual(await entries(world.sql), ["a:3", "b:1"]);
    await world.items.foldCounts(table.id);
    const counts = await world.items.countItems(table.id);
    assert.deepEqual(counts.get(0), { items: 2, bytes: 17 });
    assert.deepEqual(counts.get(1), { items: 2, bytes: 17 });
    const page = await world.items.page({ table, indexId: 1, ...all, limit: 10 });
    assert.deepEqual(
      page.map(({ value }) => value),
      ["apricots", "blueberry"],
    );
    await world.items.put({ table, key: Buffer.from("4"), content: content("x") });
    assert.deepEqual(await entries(world.sql), ["a:3", "b:1", "x:4"]);
  });

  test("a page ends with the item that reaches its bytes", async () => {
    await using world = await openItems();
    const { items, table } = world;
    await Promise.all(
      ["a", "b", "c", "d"].map((name) =>
        items.put({ table, key: Buffer.from(name), content: content("x".repeat(100)) }),
      ),
    );
    const keys = async (query: object) =>
      (await items.page({ table, ...all, limit: 10, ...query })).map(({ key }) => key.toString());
    assert.deepEqual(await keys({ maxBytes: 101 }), ["a", "b"]);
    assert.deepEqual(await keys({ maxBytes: 100 }), ["a"]);
    assert.deepEqual(await keys({ direction: "backward", limit: 3 }), ["d", "c", "b"]);
    assert.deepEqual(await keys({ from: { key: Buffer.from("b") }, to: { key: Buffer.from("d") } }), ["b", "c"]);
  });

  test("transactions are all or nothing, and wait for each other instead of failing", async () => {
    await using world = await openItems();
    const refs = ["a", "b", "c"].map((name) => ({ table: world.table, key: Buffer.from(name) }));
    const countAll = (items: Items, order: readonly number[]) =>
      items.updateTogether(
        order.map((at) => ({
          ...(refs[at] as ItemRef),
          decide: (current: string | undefined) => ({
            next: content(String(Number(current ?? "0") + 1)),
            result: undefined,
          }),
        })),
      );
    await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        countAll(at % 2 === 0 ? world.items : world.otherItems, at % 3 === 0 ? [2, 1, 0] : [0, 1, 2]),
      ),
    );
    assert.deepEqual(await world.items.findTogether(refs), ["20", "20", "20"]);
    const refusal = new Error("not this one");
    const refused = world.items.updateTogether<undefined>([
      { ...(refs[0] as ItemRef), decide: () => ({ next: "delete", result: undefined }) },
      {
        ...(refs[1] as ItemRef),
        decide() {
          throw refusal;
        },
      },
    ]);
    await assert.rejects(refused, (error) => {
      assert.ok(error instanceof TransactionRefused);
      assert.deepEqual(error.reasons, [undefined, refusal]);
      return true;
    });
    assert.equal(await world.items.find(refs[0] as ItemRef), "20");
  });

  test("a table of another version is noticed by everything", async () => {
    await using world = await openItems();
    const { items, table, resources, row } = world;
    const key = Buffer.from("k");
    await items.put({ table, key, content: content("1") });
    const changed = await resources.update(row, { status: "UPDATING" });
    const stale = { name: "StoreError", code: "StaleTable" };
    await assert.rejects(items.put({ table, key, content: content("2") }), stale);
    await assert.rejects(increment(items, { table, key }), stale);
    await assert.rejects(items.find({ table, key }), stale);
    await assert.rejects(items.findTogether([{ table, key }]), stale);
    await assert.rejects(items.page({ table, ...all, limit: 1 }), stale);
    const decide = () => ({ next: "delete", result: undefined }) as const;
    await assert.rejects(items.updateTogether([{ table, key, decide }]), stale);
    assert.equal(await items.find({ table: { ...table, version: itemTableVersion(changed) }, key }), "1");
  });
});
