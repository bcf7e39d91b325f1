import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CreateMetricAttributionCommand,
  type CreateMetricAttributionRequest,
  DeleteMetricAttributionCommand,
  DescribeMetricAttributionCommand,
  ListMetricAttributionsCommand,
  paginateListMetricAttributionMetrics,
  UpdateMetricAttributionCommand,
} from "@aws-sdk/client-personalize";
import { createManualClock } from "@rondo/control/testing";
import { openTestSql } from "@rondo/store/testing";
import { addTestDataset, GROUP_ARN, openPersonalizeHouse, startPersonalize } from "./testing/personalize-house.ts";

const metricAttributionArn = "arn:aws:personalize:eu-west-1:111122223333:metric-attribution/sales";
const metricsOutputConfig = {
  s3DataDestination: { path: "s3://data/reports/" },
  roleArn: "arn:aws:iam::111122223333:role/personalize",
};
const revenue = { eventType: "purchase", metricName: "revenue", expression: "SUM(Items.PRICE)" };
const clicks = { eventType: "click", metricName: "clicks", expression: "SAMPLECOUNT()" };

async function startServer() {
  const sql = await openTestSql();
  const house = await openPersonalizeHouse(sql, createManualClock());
  await addTestDataset(house, { ITEM_ID: "string", PRICE: "float", NAME: "string" });
  const server = await startPersonalize(sql, house);
  const create = (changes: Partial<CreateMetricAttributionRequest> = {}) => {
    const request = { name: "sales", datasetGroupArn: GROUP_ARN, metrics: [revenue], metricsOutputConfig, ...changes };
    return server.client.send(new CreateMetricAttributionCommand(request));
  };
  async function metricNames(): Promise<(string | undefined)[]> {
    const names: (string | undefined)[] = [];
    const pages = paginateListMetricAttributionMetrics(
      { client: server.client, pageSize: 1 },
      { metricAttributionArn },
    );
    for await (const { metrics = [] } of pages) names.push(...metrics.map(({ metricName }) => metricName));
    return names;
  }
  return { ...server, create, metricNames };
}

test("a metric attribution is created once for a group, described, changed and deleted", async () => {
  await using server = await startServer();
  const { client } = server;
  assert.equal((await server.create()).metricAttributionArn, metricAttributionArn);
  await assert.rejects(server.create(), { name: "ResourceAlreadyExistsException" });
  await assert.rejects(server.create({ name: "others" }), { name: "LimitExceededException" });
  const { metricAttribution } = await client.send(new DescribeMetricAttributionCommand({ metricAttributionArn }));
  assert.deepEqual(metricAttribution?.metricsOutputConfig, metricsOutputConfig);
  const update = { metricAttributionArn, addMetrics: [clicks, { ...clicks, metricName: "more" }] };
  await client.send(new UpdateMetricAttributionCommand(update));
  assert.deepEqual(await server.metricNames(), ["revenue", "clicks", "more"]);
  await client.send(new UpdateMetricAttributionCommand({ metricAttributionArn, removeMetrics: ["revenue"] }));
  assert.deepEqual(await server.metricNames(), ["clicks", "more"]);
  await assert.rejects(
    client.send(new UpdateMetricAttributionCommand({ metricAttributionArn, removeMetrics: ["revenue"] })),
    { name: "InvalidInputException", message: /has no metric revenue to remove/ },
  );
  await client.send(new DeleteMetricAttributionCommand({ metricAttributionArn }));
  const list = await client.send(new ListMetricAttributionsCommand({ datasetGroupArn: GROUP_ARN }));
  assert.deepEqual(list.metricAttributions, []);
});

test("an expression that cannot be reckoned is refused", async () => {
  await using server = await startServer();
  const refused: readonly (readonly [string, RegExp])[] = [
    ["MAX(Items.PRICE)", /is neither SAMPLECOUNT\(\) nor SUM/],
    ["SUM(Users.AGE)", /of Interactions or Items/],
    ["SUM(Items.WEIGHT)", /does not have/],
    ["SUM(Items.NAME)", /sums NAME, which is a string/],
  ];
  for (const [expression, message] of refused) {
    const metrics = [{ ...revenue, expression }];
    await assert.rejects(server.create({ metrics }), { name: "InvalidInputException", message });
  }
  await assert.rejects(server.create({ metrics: [clicks, clicks] }), { message: /two metrics with the name clicks/ });
});
