import assert from "node:assert/strict";
import type { MetricAttribute } from "@aws-sdk/client-personalize";
import { type ManualClock, testReconcile } from "@rondo/control/testing";
import type { DatasetSchema } from "@rondo/personalize";
import type { NewDatasetRecord, Resource, Sql } from "@rondo/store";
import { caller } from "../sagemaker/testing/job-house.ts";
import type { MetricAttributionBody } from "./metric-attribution-body.ts";
import { createMetricAttributionKind, metricAttributionCrashPoints } from "./metric-attribution-kind.ts";
import { newPersonalizeResource } from "./personalize-resource.ts";
import { newRecommendationId } from "./recommendation-id.ts";
import { field, interactionsSchema, openDatasetHouse } from "./testing/dataset-house.ts";
import { GROUP_ARN } from "./testing/personalize-house.ts";

const campaignArn = `arn:aws:personalize:${caller.region}:${caller.accountId}:campaign/offers`;

const itemsSchema: DatasetSchema = {
  type: "Items",
  fields: [field("ITEM_ID"), field("PRICE", { type: "float", isNullable: true })],
};

const metrics: MetricAttribute[] = [
  { eventType: "buy", metricName: "purchases", expression: "SAMPLECOUNT()" },
  { eventType: "buy", metricName: "revenue", expression: "SUM(Items.PRICE)" },
];

function bought(itemId: string, content: NewDatasetRecord["content"] = {}): NewDatasetRecord {
  return {
    dataset: "Interactions",
    userId: "u1",
    content: { ITEM_ID: itemId, EVENT_TYPE: "Buy", TIMESTAMP: 1, ...content },
  };
}

const item = (itemId: string, PRICE: number): NewDatasetRecord => ({
  dataset: "Items",
  content: { ITEM_ID: itemId, PRICE },
});

/** Sums of all metrics by source. */
async function sums(sql: Sql): Promise<unknown> {
  return await sql.query(
    `select s.name, s.dimensions ->> 'EVENT_ATTRIBUTION_SOURCE' as source, sum(p.sum) as sum
     from metric_point p join metric_series s on s.id = p.series_id group by 1, 2 order by 1, 2`,
  );
}

async function openWorld({ sql, clock }: { readonly sql: Sql; readonly clock: ManualClock }) {
  const house = await openDatasetHouse(sql, clock);
  await house.insertDataset(interactionsSchema);
  await house.insertDataset(itemsSchema);
  await house.resources.insert(
    newPersonalizeResource(caller, { type: "campaign", name: "offers", status: "ACTIVE", body: {} }),
  );
  const groupId = await house.groupId();
  await house.records.put(groupId, [bought("i1"), item("i1", 99)]);
  const countedUpTo = await house.records.newest(groupId);
  await house.records.put(groupId, [
    item("i1", 10),
    item("i2", 2.5),
    bought("i1", { EVENT_ATTRIBUTION_SOURCE: "mail" }),
    bought("i2", { RECOMMENDATION_ID: newRecommendationId(campaignArn) }),
    bought("unknown"),
  ]);
  const body: MetricAttributionBody = {
    datasetGroupArn: GROUP_ARN,
    metrics,
    metricsOutputConfig: { roleArn: "arn:aws:iam::111122223333:role/r" },
    countedUpTo,
  };
  const kind = createMetricAttributionKind(house.kindDependencies);
  const end = clock.now().getTime() + 180_000;
  return {
    /** After three minutes the dataset group is deleted: else a metric attribution goes on for ever. */
    kind: {
      ...kind,
      async reconcile(...args: Parameters<typeof kind.reconcile>) {
        const group = await house.resources.find(caller, "personalize/dataset-group", "shop");
        if (group !== undefined && clock.now().getTime() >= end) await house.resources.delete(group);
        return await kind.reconcile(...args);
      },
    },
    resource: newPersonalizeResource(caller, {
      type: "metric-attribution",
      name: "sales",
      status: "CREATE PENDING",
      body,
      due: "now",
    }),
    async observe() {
      const found = await sums(sql);
      assert.deepEqual(found, [
        { name: "purchases", source: "SOURCE_NAME_UNDEFINED", sum: 1 },
        { name: "purchases", source: campaignArn, sum: 1 },
        { name: "purchases", source: "mail", sum: 1 },
        { name: "revenue", source: campaignArn, sum: 2.5 },
        { name: "revenue", source: "mail", sum: 10 },
      ]);
      return found;
    },
    close: () => house[Symbol.asyncDispose](),
  };
}

const outcome = (resource: Resource | undefined): unknown => {
  const { status, body } = resource as unknown as Resource<MetricAttributionBody>;
  return { status, countedUpTo: body.countedUpTo };
};

testReconcile({
  name: "a metric attribution",
  createWorld: openWorld,
  crashPoints: metricAttributionCrashPoints,
  outcome,
});
