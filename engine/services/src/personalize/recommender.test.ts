import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CreateRecommenderCommand,
  type CreateRecommenderRequest,
  DeleteRecommenderCommand,
  DescribeRecommenderCommand,
  ListRecommendersCommand,
  StartRecommenderCommand,
  StopRecommenderCommand,
  UpdateRecommenderCommand,
} from "@aws-sdk/client-personalize";
import { createManualClock } from "@rondo/control/testing";
import { openTestSql } from "@rondo/store/testing";
import { caller } from "../sagemaker/testing/job-house.ts";
import { newPersonalizeResource, personalizeType } from "./personalize-resource.ts";
import type { RecommenderBody } from "./recommender-body.ts";
import { openPersonalizeHouse, startPersonalize } from "./testing/personalize-house.ts";

const groupArn = `arn:aws:personalize:${caller.region}:${caller.accountId}:dataset-group/store`;
const recommenderArn = `arn:aws:personalize:${caller.region}:${caller.accountId}:recommender/top`;
const request: CreateRecommenderRequest = {
  name: "top",
  datasetGroupArn: groupArn,
  recipeArn: "arn:aws:personalize:::recipe/aws-ecomm-recommended-for-you",
};

/** With the dataset group `store` of the domain ECOMMERCE. */
async function startServer() {
  const sql = await openTestSql();
  const house = await openPersonalizeHouse(sql, createManualClock());
  const group = { type: "dataset-group", name: "store", status: "ACTIVE", body: { domain: "ECOMMERCE" } } as const;
  await house.resources.insert(newPersonalizeResource(caller, group));
  const server = await startPersonalize(sql, house);
  const create = (changes: Partial<CreateRecommenderRequest> = {}) =>
    server.client.send(new CreateRecommenderCommand({ ...request, ...changes }));
  const describe = async () =>
    (await server.client.send(new DescribeRecommenderCommand({ recommenderArn }))).recommender ?? {};
  /** As its kind would, which these tests do without. */
  async function reach(status: string): Promise<void> {
    const row = await house.resources.find<RecommenderBody>(caller, personalizeType("recommender"), "top");
    assert.ok(row);
    await house.resources.update(row, { status });
  }
  return { ...server, create, describe, reach };
}

test("a recommender is created for its domain, described and listed", async () => {
  await using server = await startServer();
  assert.equal((await server.create()).recommenderArn, recommenderArn);
  const { status, recommenderConfig } = await server.describe();
  assert.equal(status, "CREATE PENDING");
  assert.deepEqual(recommenderConfig, { minRecommendationRequestsPerSecond: 1 });
  const list = await server.client.send(new ListRecommendersCommand({ datasetGroupArn: groupArn }));
  assert.deepEqual(
    list.recommenders?.map(({ name }) => name),
    ["top"],
  );
});

test("a recipe of another domain, or for solutions, is refused", async () => {
  await using server = await startServer();
  const refused: readonly (readonly [Partial<CreateRecommenderRequest>, RegExp])[] = [
    [{ recipeArn: "arn:aws:personalize:::recipe/aws-vod-top-picks" }, /is for the domain VIDEO_ON_DEMAND/],
    [{ recipeArn: "arn:aws:personalize:::recipe/aws-sims" }, /Use CreateSolution/],
    [{ datasetGroupArn: groupArn.replace("/store", "/shop") }, /has no domain/],
    [
      { recommenderConfig: { itemExplorationConfig: { explorationWeight: "2" } } },
      /explorationWeight must be a number from 0 to 1, not 2/,
    ],
  ];
  for (const [changes, message] of refused) {
    await assert.rejects(server.create(changes), { name: "InvalidInputException", message });
  }
});

test("it is stopped, started, updated and deleted in the states in which AWS allows it", async () => {
  await using server = await startServer();
  const { client } = server;
  await server.create();
  const stop = () => client.send(new StopRecommenderCommand({ recommenderArn }));
  await assert.rejects(stop(), { name: "ResourceInUseException", message: /CREATE PENDING; it must be ACTIVE/ });
  await server.reach("ACTIVE");
  const recommenderConfig = { itemExplorationConfig: { explorationWeight: "0.1" } };
  await client.send(new UpdateRecommenderCommand({ recommenderArn, recommenderConfig }));
  const { latestRecommenderUpdate, recommenderConfig: former } = await server.describe();
  assert.equal(latestRecommenderUpdate?.status, "CREATE PENDING");
  assert.deepEqual(former, { minRecommendationRequestsPerSecond: 1 });
  await assert.rejects(stop(), { name: "ResourceInUseException", message: /is being updated/ });
});

test("it goes from stopped to started to deleted", async () => {
  await using server = await startServer();
  const { client } = server;
  await server.create();
  await server.reach("ACTIVE");
  await client.send(new StopRecommenderCommand({ recommenderArn }));
  assert.equal((await server.describe()).status, "STOP PENDING");
  await server.reach("INACTIVE");
  await client.send(new StartRecommenderCommand({ recommenderArn }));
  assert.equal((await server.describe()).status, "START PENDING");
  await server.reach("ACTIVE");
  await client.send(new DeleteRecommenderCommand({ recommenderArn }));
  assert.equal((await server.describe()).status, "DELETE PENDING");
});
