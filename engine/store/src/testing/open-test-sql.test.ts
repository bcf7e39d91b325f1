import assert from "node:assert/strict";
import { test } from "node:test";
import { openTestSql } from "./open-test-sql.ts";

test("each database is migrated and nobody else's", async () => {
  await using first = await openTestSql();
  await using second = await openTestSql();
  await first.query("create table mine (id integer)");
  const [row] = await second.query("select to_regclass('mine') as mine, to_regclass('resource')::text as resource");
  assert.deepEqual(row, { mine: null, resource: "resource" });
});

test("what one test leaves the next one does not find", async () => {
  const insert = `insert into object_body (id, uses) values ('body', 1)`;
  for (const leave of ["create table mine (id integer)", insert, "prepare mine as select 1", insert]) {
    await using sql = await openTestSql();
    const [row] = await sql.query<{ mine: string | null; bodies: number; statements: number; migrations: number }>(
      `select to_regclass('mine')::text as mine, (select count(*) from object_body) as bodies,
         (select count(*) from pg_prepared_statements where name = 'mine') as statements, (select count(*) from migration) as migrations`,
    );
    assert.deepEqual(
      { ...row, migrations: Number(row?.migrations) > 0 },
      { mine: null, bodies: 0, statements: 0, migrations: true },
    );
    await sql.query(leave);
  }
});
