import assert from "node:assert/strict";
import { test } from "node:test";
import { createResources } from "./create-resources.ts";
import { describeSql } from "./describe-sql.ts";
import { resetDatabase } from "./reset-database.ts";
import { openTestSql } from "./testing/open-test-sql.ts";
import { testSql } from "./testing/sql-suite.ts";
import { openMemoryPglite } from "./testing/test-pglite.ts";

testSql(process.env.RONDO_TEST_SQL ?? "embedded", openTestSql);
if (process.env.RONDO_TEST_SQL !== "pglite") testSql("pglite", openMemoryPglite);

test("a description says what is there, and what is overdue", async () => {
  await using sql = await openTestSql();
  const before = await describeSql(sql);
  assert.equal(before.home, sql.home);
  assert.match(before.version, /^\d+\.\d+/);
  assert.ok(before.sizeBytes > 1_000_000);
  assert.equal(before.migrations.applied, before.migrations.known);
  const row = { accountId: "1", region: "r", type: "t", name: "n", arn: "a", status: "s", body: {} };
  await createResources({ sql }).insert({ ...row, due: new Date(0) });
  const { problems } = await describeSql(sql);
  assert.equal(problems.length, before.problems.length + 1);
  assert.match(problems.at(-1) ?? "", /no control loop/);
});

test("a reset empties every table but that of the migrations", async () => {
  await using sql = await openTestSql();
  const resources = createResources({ sql });
  const row = { accountId: "1", region: "r", type: "t", name: "n", arn: "a", status: "s", body: {} };
  await resources.insert(row);
  await resetDatabase(sql);
  assert.equal(await resources.find(row, "t", "n"), undefined);
  assert.equal((await resources.insert(row)).id, 1);
  const { migrations } = await describeSql(sql);
  assert.equal(migrations.applied, migrations.known);
});
