import assert from "node:assert/strict";
import { test } from "node:test";
import { createControlLoop } from "@rondo/control";
import { createManualClock, testReconcile } from "@rondo/control/testing";
import { createResources, type Resource, type Sql } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import { caller } from "../sagemaker/testing/job-house.ts";
import { type Campaign, type CampaignBody, newUpdate } from "./campaign-body.ts";
import { campaignCrashPoints, createCampaignKind } from "./campaign-kind.ts";
import { newPersonalizeResource, personalizeArn, personalizeType } from "./personalize-resource.ts";
import type { Solution } from "./solution-body.ts";
import { newSolutionVersion } from "./solution-version.ts";
import { GROUP_ARN } from "./testing/personalize-house.ts";

const solutionArn = personalizeArn(caller, "solution", "offers");
const versionArn = (id: string) => personalizeArn(caller, "solution-version", `offers/${id}`);
const recipeArn = "arn:aws:personalize:::recipe/aws-sims";
const [first, second] = ["00000001", "00000002"] as const;

function campaignBody(changes: Partial<CampaignBody> = {}): CampaignBody {
  const settings = { solutionVersionArn: versionArn(first), minProvisionedTPS: 1 };
  return { solutionArn, recipeArn, datasetGroupArn: GROUP_ARN, ...settings, ...changes };
}

function newCampaign(status: string, body: CampaignBody) {
  return newPersonalizeResource(caller, { type: "campaign", name: "offers", status, body, due: "now" });
}

const live = (id: string) => ({ solutionVersionArn: versionArn(id), recipeArn, modelUri: `s3://models/${id}` });

/** Two trained versions, and models that are noted when they are asked for. */
async function openWorld(sql: Sql, clock: { now(): Date }) {
  const resources = createResources({ sql, clock });
  const prepared = new Set<string>();
  const kind = createCampaignKind({
    resources,
    clock,
    models: { prepare: async (modelUri) => void prepared.add(modelUri) },
  });
  const train = async (id: string, modelUri: string | undefined = `s3://models/${id}`) => {
    const solution = { name: "offers", arn: solutionArn, body: { datasetGroupArn: GROUP_ARN, recipeArn } };
    const own = { id: `${id}aaaa`, trainingMode: "FULL", trainingType: "MANUAL" } as const;
    const version = newSolutionVersion(solution as Solution, own, caller, clock);
    const body = { ...version.body, modelUri };
    await resources.insert(newPersonalizeResource(caller, { ...version, status: "Completed", body, due: null }));
  };
  await train(first);
  return { resources, kind, prepared, train };
}

const outcome = (resource: Resource | undefined) => {
  const { status, body } = resource as unknown as Campaign;
  return { status, live: body.live, version: body.solutionVersionArn, update: body.update?.status };
};

testReconcile({
  name: "a campaign that is created",
  async createWorld({ sql, clock }) {
    const { kind, prepared } = await openWorld(sql, clock);
    return { kind, resource: newCampaign("CREATE PENDING", campaignBody()), observe: () => [...prepared] };
  },
  crashPoints: campaignCrashPoints,
  outcome,
});

testReconcile({
  name: "a campaign that is updated",
  async createWorld({ sql, clock }) {
    const { kind, prepared, train } = await openWorld(sql, clock);
    await train(second);
    const update = newUpdate({ solutionVersionArn: versionArn(second), minProvisionedTPS: 3 }, clock.now());
    const body = campaignBody({ live: live(first), update });
    return { kind, resource: newCampaign("ACTIVE", body), observe: () => [...prepared] };
  },
  crashPoints: campaignCrashPoints,
  outcome,
});

/** The campaign as it is when nothing is due before `advanceMs` have passed. */
async function run(
  campaign: ReturnType<typeof newCampaign>,
  {
    advanceMs = 0,
    models,
    act,
  }: {
    readonly advanceMs?: number;
    readonly models?: { prepare(): Promise<void> };
    readonly act?: (world: Awaited<ReturnType<typeof openWorld>>) => Promise<void>;
  } = {},
): Promise<Campaign | undefined> {
  await using sql = await openTestSql();
  const clock = createManualClock();
  const world = await openWorld(sql, clock);
  const { resources } = world;
  await resources.insert(campaign);
  await act?.(world);
  const kind = models === undefined ? world.kind : createCampaignKind({ resources, clock, models });
  const loop = createControlLoop({ resources, kinds: [kind], clock });
  const end = clock.now().getTime() + advanceMs;
  await loop.start();
  for (;;) {
    await loop.idle();
    const next = await resources.nextDue([kind.type]);
    if (next === undefined || next.getTime() > end) break;
    clock.advance(Math.max(0, next.getTime() - clock.now().getTime()));
  }
  await loop.stop();
  return await resources.find<CampaignBody>(caller, personalizeType("campaign"), "offers");
}

test("an update that cannot be loaded leaves the campaign answering with what it had", async () => {
  const update = newUpdate({ solutionVersionArn: versionArn(second), minProvisionedTPS: 1 }, new Date(0));
  const campaign = await run(newCampaign("ACTIVE", campaignBody({ live: live(first), update })));
  assert.equal(campaign?.status, "ACTIVE");
  assert.deepEqual(campaign.body.live, live(first));
  assert.equal(campaign.body.solutionVersionArn, versionArn(first));
  assert.equal(campaign.body.update?.status, "CREATE FAILED");
  assert.match(campaign.body.update.failureReason ?? "", /has no model any more/);
});

test("a campaign whose model does not load fails with the reason after some attempts", async () => {
  const models = { prepare: () => Promise.reject(new Error("the archive is damaged")) };
  const campaign = await run(newCampaign("CREATE PENDING", campaignBody()), { models, advanceMs: 3_600_000 });
  assert.equal(campaign?.status, "CREATE FAILED");
  assert.match(campaign.body.failureReason ?? "", /the archive is damaged/);
  assert.equal(campaign.body.live, undefined);
});

test("a campaign that follows its solution goes to the newest version within a minute", async () => {
  const body = campaignBody({ live: live(first), campaignConfig: { syncWithLatestSolutionVersion: true } });
  const campaign = await run(newCampaign("ACTIVE", body), { advanceMs: 60_000, act: ({ train }) => train(second) });
  assert.deepEqual(campaign?.body.live, live(second));
  assert.equal(campaign.body.update?.status, "ACTIVE");
});

test("a campaign that is deleted is gone", async () => {
  assert.equal(await run(newCampaign("DELETE PENDING", campaignBody({ live: live(first) }))), undefined);
});
