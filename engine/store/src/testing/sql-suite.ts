import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Sql } from "../sql.ts";

/** The contract of `Sql`, the same for every home. Defines node:test tests. */
export function testSql(name: string, open: () => Promise<Sql>): void {
  describe(`Sql on ${name}`, () => {
    test("values arrive as the port says", async () => {
      await using sql = await open();
      const [row] = await sql.query(
        `select 9007199254740991::int8 as big, 2.5::numeric as decimal, 7::int4 as small, true as yes, null as nothing,
           '2026-01-02T03:04:05.678Z'::timestamptz as time, '{"a":[1,{"b":null}]}'::jsonb as document,
           '\\x00ff'::bytea as bytes, array[1,2]::int8[] as numbers, array['a','b'] as texts`,
      );
      assert.deepEqual(row, {
        big: 9007199254740991,
        decimal: 2.5,
        small: 7,
        yes: true,
        nothing: null,
        time: new Date("2026-01-02T03:04:05.678Z"),
        document: { a: [1, { b: null }] },
        bytes: Buffer.from([0, 255]),
        numbers: [1, 2],
        texts: ["a", "b"],
      });
    });
    test("parameters come back as they were, on a prepared statement too", async () => {
      await using sql = await open();
      const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 256));
      const values = [
        bytes,
        { "ünicode \u{1f600}": [1] },
        ["x", 'quote " \\'],
        new Date(1_700_000_000_123),
        2 ** 40,
        null,
      ];
      const text =
        "select $1::bytea as a, $2::jsonb as b, $3::text[] as c, $4::timestamptz as d, $5::int8 as e, $6::text as f";
      for (const options of [undefined, { name: "all-types" }, { name: "all-types" }]) {
        const [row] = await sql.query<Record<string, unknown>>(text, values, options);
        assert.deepEqual(Object.values(row ?? {}), values);
      }
    });
    test("a failed statement has PostgreSQL's code and harms nothing after it", async () => {
      await using sql = await open();
      await sql.query("create table t (id integer primary key)");
      for (let attempt = 0; attempt < 3; attempt++) {
        await assert.rejects(sql.query("select nonsense"), { code: "42703" });
        await assert.rejects(sql.query("select $1::int / 0", [1], { name: "division" }), { code: "22012" });
        assert.deepEqual(await sql.query("select $1::int as one", [1], { name: "one" }), [{ one: 1 }]);
      }
      await sql.query("insert into t values (1)");
      await assert.rejects(sql.query("insert into t values ($1)", [1]), { code: "23505" });
    });
    test("a transaction is all or nothing, through kysely too", async () => {
      await using sql = await open();
      await sql.query("create table t (id integer primary key)");
      const events: string[] = [];
      const failing = sql.transaction(async (transaction) => {
        transaction.afterCommit(() => events.push("failed"));
        await transaction.query("insert into t values (1)");
        const rows = await transaction.kysely
          .selectFrom("t" as "resource")
          .select("id")
          .execute();
        assert.deepEqual(rows, [{ id: 1 }]);
        throw new Error("changed my mind");
      });
      await assert.rejects(failing, /changed my mind/);
      assert.deepEqual(await sql.query("select * from t"), []);
      const result = await sql.transaction(async (transaction) => {
        transaction.afterCommit(() => events.push("committed"));
        await transaction.query("insert into t values (2)");
        assert.deepEqual(events, []);
        return "done";
      });
      assert.equal(result, "done");
      assert.deepEqual(events, ["committed"]);
      assert.deepEqual(await sql.query("select * from t"), [{ id: 2 }]);
    });
    test("twenty transactions at once count right", async () => {
      await using sql = await open();
      await sql.query("create table counter (value integer); insert into counter values (0)");
      const increment = (): Promise<void> =>
        sql.transaction(async (transaction) => {
          const [row] = await transaction.query<{ value: number }>("select value from counter for update");
          await transaction.query("update counter set value = $1", [(row?.value ?? 0) + 1]);
        });
      await Promise.all(Array.from({ length: 20 }, increment));
      assert.deepEqual(await sql.query("select value from counter"), [{ value: 20 }]);
    });
    test("messages arrive when their transaction commits, and only then", async () => {
      await using sql = await open();
      const heard: string[] = [];
      let end = (): void => {};
      const ended = new Promise<void>((resolve) => (end = resolve));
      const listening = await sql.listen("news", (payload) => (payload === "end" ? end() : heard.push(payload)));
      const failing = sql.transaction(async (transaction) => {
        await sql.notify(transaction, "news", "rolled back");
        throw new Error("no");
      });
      await assert.rejects(failing, /no/);
      await sql.transaction(async (transaction) => {
        await sql.notify(transaction, "news", "one");
        await sql.notify(transaction, "other", "not listened to");
      });
      await sql.notify(sql, "news", "end");
      await ended;
      assert.deepEqual(heard, ["one"]);
      await listening[Symbol.asyncDispose]();
    });
  });
}
