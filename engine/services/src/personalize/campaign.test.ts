import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CreateCampaignCommand,
  type CreateCampaignRequest,
  DeleteCampaignCommand,
  DeleteSolutionCommand,
  DescribeCampaignCommand,
  ListCampaignsCommand,
  UpdateCampaignCommand,
  type UpdateCampaignRequest,
} from "@aws-sdk/client-personalize";
import { createManualClock } from "@rondo/control/testing";
import { openTestSql } from "@rondo/store/testing";
import { caller, type JobHouse } from "../sagemaker/testing/job-house.ts";
import type { CampaignBody } from "./campaign-body.ts";
import { newPersonalizeResource, personalizeArn, personalizeType } from "./personalize-resource.ts";
import type { Solution, SolutionBody } from "./solution-body.ts";
import { newSolutionVersion } from "./solution-version.ts";
import { GROUP_ARN, openPersonalizeHouse, startPersonalize } from "./testing/personalize-house.ts";

const campaignArn = personalizeArn(caller, "campaign", "offers");
const RECIPE = "arn:aws:personalize:::recipe/";

/** A solution with a version `00000001` in this status. */
async function addSolution(
  { resources, clock }: JobHouse,
  name: string,
  { recipe = "aws-user-personalization", status = "Completed" } = {},
): Promise<string> {
  const training = { performAutoML: false, performHPO: false, performAutoTraining: false, solutionConfig: {} };
  const body: SolutionBody = { datasetGroupArn: GROUP_ARN, recipeArn: `${RECIPE}${recipe}`, ...training };
  await resources.insert(newPersonalizeResource(caller, { type: "solution", name, status: "ACTIVE", body }));
  const solution = { name, arn: personalizeArn(caller, "solution", name), body } as Solution;
  const own = { id: "00000001aaaa", trainingMode: "FULL", trainingType: "MANUAL" } as const;
  const version = { ...newSolutionVersion(solution, own, caller, clock), status, due: null };
  return (await resources.insert(newPersonalizeResource(caller, version))).arn;
}

async function startServer() {
  const sql = await openTestSql();
  const house = await openPersonalizeHouse(sql, createManualClock());
  const solutionVersionArn = await addSolution(house, "offers");
  const server = await startPersonalize(sql, house);
  const { client } = server;
  const create = (changes: Partial<CreateCampaignRequest> = {}) =>
    client.send(new CreateCampaignCommand({ name: "offers", solutionVersionArn, ...changes }));
  const update = (changes: Partial<UpdateCampaignRequest>) =>
    client.send(new UpdateCampaignCommand({ campaignArn, ...changes }));
  const describe = async () => (await client.send(new DescribeCampaignCommand({ campaignArn }))).campaign ?? {};
  /** As its kind would, which these tests do without. */
  async function reach(status: string): Promise<void> {
    const row = await house.resources.find<CampaignBody>(caller, personalizeType("campaign"), "offers");
    assert.ok(row);
    await house.resources.update(row, { status });
  }
  return { ...server, create, update, describe, reach, solutionVersionArn };
}

test("a campaign is created on a trained version, described and listed by its solution", async () => {
  await using server = await startServer();
  const { client } = server;
  assert.equal((await server.create({ minProvisionedTPS: 3 })).campaignArn, campaignArn);
  const { status, minProvisionedTPS, solutionVersionArn, latestCampaignUpdate } = await server.describe();
  assert.deepEqual(
    { status, minProvisionedTPS, solutionVersionArn, latestCampaignUpdate },
    {
      status: "CREATE PENDING",
      minProvisionedTPS: 3,
      solutionVersionArn: server.solutionVersionArn,
      latestCampaignUpdate: undefined,
    },
  );
  const solutionArn = personalizeArn(caller, "solution", "offers");
  const { campaigns } = await client.send(new ListCampaignsCommand({ solutionArn }));
  assert.deepEqual(
    campaigns?.map(({ name }) => name),
    ["offers"],
  );
  await assert.rejects(client.send(new DeleteSolutionCommand({ solutionArn })), {
    name: "ResourceInUseException",
    message: new RegExp(`is in use by the campaign ${campaignArn}`),
  });
});

test("the newest version stands for <solution>/$LATEST", async () => {
  await using server = await startServer();
  const latest = `${personalizeArn(caller, "solution", "offers")}/$LATEST`;
  const campaignConfig = { syncWithLatestSolutionVersion: true };
  await assert.rejects(server.create({ campaignConfig }), { name: "InvalidInputException", message: /\/\$LATEST/ });
  await server.create({ solutionVersionArn: latest, campaignConfig });
  assert.equal((await server.describe()).solutionVersionArn, server.solutionVersionArn);
});

test("what cannot answer is refused", async () => {
  await using server = await startServer();
  const { house } = server;
  const running = await addSolution(house, "running", { status: "InProgress" });
  await assert.rejects(server.create({ solutionVersionArn: running }), {
    name: "ResourceInUseException",
    message: /in status CREATE PENDING; it must be ACTIVE/,
  });
  const latest = `${personalizeArn(caller, "solution", "running")}/$LATEST`;
  await assert.rejects(server.create({ solutionVersionArn: latest }), {
    message: /has no ACTIVE solution version yet/,
  });
  const sims = await addSolution(house, "similar", { recipe: "aws-sims" });
  const explores = { itemExplorationConfig: { explorationWeight: "0.3" } };
  await assert.rejects(server.create({ solutionVersionArn: sims, campaignConfig: explores }), {
    name: "InvalidInputException",
    message: /itemExplorationConfig is not supported by the recipe aws-sims/,
  });
  const segments = await addSolution(house, "segments", { recipe: "aws-item-affinity" });
  await assert.rejects(server.create({ solutionVersionArn: segments }), { message: /Use CreateBatchSegmentJob/ });
  const wrong = { itemExplorationConfig: { explorationItemAgeCutOff: "soon" } };
  await assert.rejects(server.create({ campaignConfig: wrong }), { message: /must be a number of days, 0 or more/ });
  await assert.rejects(server.create({ campaignConfig: { rankingInfluence: { FRESHNESS: 0.5 } } }), {
    message: /rankingInfluence is not supported/,
  });
});

test("an update is noted and shown beside what answers, one at a time, and only to versions of the solution", async () => {
  await using server = await startServer();
  await server.create();
  await assert.rejects(server.update({ minProvisionedTPS: 2 }), {
    name: "ResourceInUseException",
    message: /is in status CREATE PENDING/,
  });
  await server.reach("ACTIVE");
  const other = await addSolution(server.house, "similar");
  await assert.rejects(server.update({ solutionVersionArn: other }), {
    name: "InvalidInputException",
    message: /is not a version of the campaign/,
  });
  await server.update({ minProvisionedTPS: 2 });
  const { minProvisionedTPS, latestCampaignUpdate } = await server.describe();
  assert.equal(minProvisionedTPS, 1);
  assert.equal(latestCampaignUpdate?.minProvisionedTPS, 2);
  assert.equal(latestCampaignUpdate.status, "CREATE PENDING");
  await assert.rejects(server.update({ minProvisionedTPS: 3 }), { message: /is being updated/ });
  await assert.rejects(server.client.send(new DeleteCampaignCommand({ campaignArn })), {
    name: "ResourceInUseException",
  });
});

test("a campaign that is deleted is DELETE PENDING until its kind removes it", async () => {
  await using server = await startServer();
  await server.create();
  await server.reach("ACTIVE");
  await server.client.send(new DeleteCampaignCommand({ campaignArn }));
  await server.client.send(new DeleteCampaignCommand({ campaignArn }));
  assert.equal((await server.describe()).status, "DELETE PENDING");
});
