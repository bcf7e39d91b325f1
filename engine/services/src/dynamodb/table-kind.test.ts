import assert from "node:assert/strict";
import { test } from "node:test";
import { testReconcile } from "@rondo/control/testing";
import { createItems, createResources, type Items, type Sql } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import type { Item } from "./attribute-value.ts";
import { expireItems } from "./expire-items.ts";
import { encodeItemKey } from "./item-key.ts";
import { defineTable, type IndexBody, TABLE_TYPE, type TableBody } from "./table-definition.ts";
import { createTableKind } from "./table-kind.ts";
import { toContent } from "./write-item.ts";

const ITEMS = 60;

const owner = { accountId: "111122223333", region: "eu-west-1" };

const scoreIndex: IndexBody = {
  id: 1,
  name: "ByScore",
  kind: "global",
  keySchema: [{ AttributeName: "Score", KeyType: "HASH" }],
  projection: { ProjectionType: "ALL" },
  status: "CREATING",
};

function bodyOf(changes: Partial<TableBody>): TableBody {
  return {
    tableId: "8c8e2f3a-0000-4000-8000-000000000000",
    attributeDefinitions: [
      { AttributeName: "Id", AttributeType: "N" },
      { AttributeName: "Score", AttributeType: "N" },
    ],
    keySchema: [{ AttributeName: "Id", KeyType: "HASH" }],
    billingMode: "PAY_PER_REQUEST",
    deletionProtectionEnabled: false,
    indexes: [],
    lastIndexId: 2,
    ...changes,
  };
}

const rowOf = (body: TableBody, status: string) => ({
  ...owner,
  type: TABLE_TYPE,
  name: "Scores",
  arn: "arn:aws:dynamodb:eu-west-1:111122223333:table/Scores",
  status,
  body,
});

/** Every second item has a score, every item an expiry. */
async function putItems({ sql, items }: { readonly sql: Sql; readonly items: Items }, until: number): Promise<void> {
  const [row] = await sql.query<{ id: number; version: number; updatedAt: Date }>(
    `select id, version, updated_at as "updatedAt" from resource where type = $1`,
    [TABLE_TYPE],
  );
  assert.ok(row !== undefined);
  const table = defineTable({ ...rowOf(bodyOf({}), "ACTIVE"), ...row } as Parameters<typeof defineTable>[0]);
  await Promise.all(
    Array.from({ length: ITEMS }, (_, id) => {
      const item: Item = {
        Id: { N: String(id) },
        Expires: { N: String(until + id) },
        ...(id % 2 === 0 && { Score: { N: String(id) } }),
      };
      return items.put({
        table: table.itemTable,
        key: encodeItemKey(table.key, item),
        content: toContent(table, item),
      });
    }),
  );
}

const count = async (sql: Sql, table: "item" | "item_index_entry"): Promise<number> =>
  (await sql.query<{ count: number }>(`select count(*) from ${table}`))[0]?.count ?? 0;

const scenes = [
  {
    name: "a table with an index that is CREATING",
    status: "UPDATING",
    body: bodyOf({ indexes: [scoreIndex] }),
    crashPoints: ["index-page-filled"],
    left: { items: ITEMS, entries: ITEMS / 2 },
  },
  {
    name: "a table with an index that is DELETING",
    status: "UPDATING",
    body: bodyOf({ indexes: [{ ...scoreIndex, status: "DELETING" }] }),
    crashPoints: ["index-page-deleted"],
    left: { items: ITEMS, entries: 0 },
  },
  {
    name: "a table whose time to live is ENABLING",
    status: "ACTIVE",
    body: bodyOf({ timeToLive: { attribute: "Expires", indexId: 2, status: "ENABLING" } }),
    crashPoints: ["expiry-page-filled"],
    left: { items: ITEMS, entries: ITEMS },
  },
  {
    name: "a table that is DELETING",
    status: "DELETING",
    body: bodyOf({ indexes: [{ ...scoreIndex, status: "ACTIVE" }] }),
    crashPoints: ["items-deleted"],
    left: { items: 0, entries: 0 },
  },
] as const;

for (const { name, status, body, crashPoints, left } of scenes) {
  testReconcile({
    name,
    crashPoints,
    async createWorld({ sql, resources, clock }) {
      const items = createItems({ sql, clock });
      const kind = createTableKind({ resources, items });
      let isPrepared = false;
      return {
        kind: {
          ...kind,
          // The items need the id of the row, which the suite inserts.
          async reconcile(table, context) {
            if (!isPrepared) {
              isPrepared = true;
              await putItems({ sql, items }, 1_000_000);
            }
            return await kind.reconcile(table as Parameters<typeof kind.reconcile>[0], context);
          },
          giveUp: (table, reason) => kind.giveUp(table as Parameters<typeof kind.giveUp>[0], reason),
        },
        resource: { ...rowOf(body, status), due: "now" },
        async observe() {
          const observed = { items: await count(sql, "item"), entries: await count(sql, "item_index_entry") };
          assert.deepEqual(observed, left);
          return observed;
        },
      };
    },
  });
}

test("what has expired is deleted, page by page, unless it was given more time or expired years ago", async () => {
  await using sql = await openTestSql();
  const items = createItems({ sql });
  const resources = createResources({ sql });
  const body = bodyOf({ timeToLive: { attribute: "Expires", indexId: 2, status: "ENABLED" } });
  const row = await resources.insert({ ...rowOf(body, "ACTIVE") });
  const table = defineTable(row);
  const now = new Date("2026-11-21T12:00:00Z");
  const seconds = now.getTime() / 1000;
  const put = (id: number, expires: number) => {
    const item: Item = { Id: { N: String(id) }, Expires: { N: String(expires) } };
    const decide = () => ({ next: toContent(table, item), result: undefined });
    return items.update({ table: table.itemTable, key: encodeItemKey(table.key, item), decide });
  };
  await Promise.all(Array.from({ length: 300 }, (_, id) => put(id, seconds - id)));
  await Promise.all([put(0, seconds + 1), put(1, seconds - 6 * 365 * 86_400), put(400, seconds + 3_600)]);
  const { signal } = new AbortController();
  assert.equal(await expireItems({ sql, items, now, signal }), 298);
  assert.equal(await count(sql, "item"), 3);
  assert.deepEqual((await items.countItems(row.id)).get(0)?.items, 3);
  assert.equal(await expireItems({ sql, items, now: new Date(now.getTime() + 1_000), signal }), 1);
});
