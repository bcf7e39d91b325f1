import assert from "node:assert/strict";
import { test } from "node:test";
import { createResources } from "./create-resources.ts";
import type { RestingResource } from "./resources.ts";
import type { Sql } from "./sql.ts";
import { openTestSql } from "./testing/open-test-sql.ts";

const owner = { accountId: "000000000000", region: "us-east-1" };
const type = "sagemaker/training-job";

/** The database as a process of a shared server has it. */
function asProcess(sql: Sql, instance: string): Sql {
  return { ...sql, home: "server", instance };
}

/** Resolves with the first resource that comes to rest; counts them. */
function hearRest(sql: Sql) {
  const { promise, resolve } = Promise.withResolvers<RestingResource>();
  const heard: RestingResource[] = [];
  const resources = createResources({ sql });
  const listener = resources.onRest((resource) => {
    heard.push(resource);
    resolve(resource);
  });
  return { resources, first: promise, heard, [Symbol.dispose]: () => listener[Symbol.dispose]() };
}

test("a resource that has come to rest is heard of once in its own process and in others", {
  timeout: 30_000,
}, async () => {
  await using sql = await openTestSql();
  using here = hearRest(asProcess(sql, "here"));
  using there = hearRest(asProcess(sql, "there"));
  for (const name of ["one", "two"]) {
    const due = "now";
    await here.resources.insert({ ...owner, type, name, arn: `arn:${name}`, status: "InProgress", body: {}, due });
    const [claimed] = await here.resources.claimDue({ types: [type], limit: 1, leaseMs: 1000 });
    assert.ok(claimed !== undefined);
    await here.resources.settle(claimed, { status: "Completed", attempts: 0, reason: null });
    if (name === "one") assert.deepEqual(await there.first, { ...owner, type, name });
  }
  assert.deepEqual(
    here.heard.map(({ name }) => name),
    ["one", "two"],
  );
});
