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
