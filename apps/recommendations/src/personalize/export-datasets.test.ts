import assert from "node:assert/strict";
import { test } from "node:test";
import type { PutObjectCommand } from "@aws-sdk/client-s3";
import { openTestSql } from "@rondo/store/testing";
import type { ApplicationContext } from "../application-context.ts";
import { syncOrders } from "../orders/sync-orders.ts";
import { openTestContext } from "../testing/open-test-context.ts";
import { exportDatasets } from "./export-datasets.ts";
import { avroSchema, DATASET_TYPES } from "./schemas.ts";

test("what leaves has the columns of the schemas, each purchase once, and nothing of the hold-out", async () => {
  await using database = await openTestSql();
  const written = new Map<string, string>();
  const s3 = {
    send: async ({ input }: PutObjectCommand) => void written.set(input.Key ?? "", String(input.Body)),
  } as unknown as ApplicationContext["s3"];
  const context = await openTestContext(database, { s3 });
  const order = (order_no: string, ordered_at: string, sku: string) => ({
    order_no,
    ordered_at,
    customer: { id: `c${order_no}`, country: "France" },
    lines: [{ sku, name: 'TIN, 6" ROUND', category: "Kitchen", quantity: 2, unit_price: 1.25 }],
  });
  const receivedAt = context.clock.now();
  const old = order("1", "2026-02-01T00:00:00Z", "A1");
  const recent = order("2", "2026-02-27T00:00:00Z", "A1");
  await syncOrders(context, [old], { delivery: "export", receivedAt });
  await syncOrders(context, [recent], { delivery: "event", receivedAt });

  const { locations, rows } = await exportDatasets(context, { prefix: "x", through: undefined, withEvents: false });
  assert.deepEqual(rows, { Interactions: 1, Items: 1, Users: 2 });
  assert.equal(locations.Users, "s3://mastergroup-personalize-data/x/Users/");
  for (const type of DATASET_TYPES) {
    const { fields } = JSON.parse(avroSchema(type)) as { fields: { name: string }[] };
    const [head] = written.get(`x/${type}/000000.csv`)?.split("\n") ?? [];
    assert.equal(head, fields.map(({ name }) => name).join(","));
  }
  assert.match(written.get("x/Interactions/000000.csv") ?? "", /\nc1,A1,purchase,2,1769904000\n$/);
  assert.match(written.get("x/Items/000000.csv") ?? "", /\nA1,"TIN, 6"" ROUND",Kitchen,1.25,1769904000\n$/);
  assert.match(written.get("x/Users/000000.csv") ?? "", /\nc1,,,France\n/);

  const through = new Date("2026-02-20T00:00:00Z");
  const twin = await exportDatasets(context, { prefix: "y", through, withEvents: true });
  assert.deepEqual(twin.rows, { Interactions: 1, Items: 1, Users: 1 });
  const all = await exportDatasets(context, { prefix: "z", through: undefined, withEvents: true });
  assert.equal(all.rows.Interactions, 2);
});
