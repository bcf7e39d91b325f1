import assert from "node:assert/strict";
import { test } from "node:test";
import { createControlLoop, type ResourceKind } from "@rondo/control";
import { createManualClock, type ManualClock, testReconcile } from "@rondo/control/testing";
import { createResources, type Resource, type Resources, type Sql } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import { caller } from "../sagemaker/testing/job-house.ts";
import { newPersonalizeResource, personalizeArn, personalizeType } from "./personalize-resource.ts";
import type { Recommender, RecommenderBody } from "./recommender-body.ts";
import { createRecommenderKind, recommenderCrashPoints, recommenderDeletionCrashPoints } from "./recommender-kind.ts";
import type { SolutionVersionBody } from "./solution-body.ts";
import { GROUP_ARN } from "./testing/personalize-house.ts";

const DAY_MS = 86_400_000;
const owner = { accountId: caller.accountId, region: caller.region };
const TRAINING = personalizeType("recommender-training");

const body: RecommenderBody = {
  datasetGroupArn: GROUP_ARN,
  recipeArn: "arn:aws:personalize:::recipe/aws-ecomm-recommended-for-you",
  recommenderConfig: { minRecommendationRequestsPerSecond: 1 },
};

function newRecommender(status: string, changes: Partial<RecommenderBody> = {}) {
  const row = { type: "recommender", name: "top", status, body: { ...body, ...changes }, due: "now" } as const;
  return newPersonalizeResource<RecommenderBody>(caller, row);
}

const liveOf = (id: string) => ({
  solutionVersionArn: personalizeArn(caller, "recommender-training", `top/${id}`),
  recipeArn: body.recipeArn,
  modelUri: `s3://models/top/${id}`,
});

async function listTrainings(resources: Resources) {
  return (await resources.list<SolutionVersionBody>({ ...owner, type: TRAINING, limit: 100 })).resources;
}

/** A kind whose trainings end, before its next step, as `end` says. */
function openWorld(sql: Sql, clock: ManualClock, end: "Completed" | "Failed" = "Completed") {
  const resources = createResources({ sql, clock });
  const prepared = new Set<string>();
  const deleted = new Set<string>();
  const kind = createRecommenderKind({
    sql,
    resources,
    clock,
    storage: { deletePrefix: async (_owner, prefix) => void deleted.add(prefix) },
    models: { prepare: async (modelUri) => void prepared.add(modelUri) },
    createId: () => `${String(clock.now().getTime()).slice(-8)}0000`,
  });
  async function endTrainings(): Promise<void> {
    for (const training of await listTrainings(resources)) {
      if (training.status !== "InProgress" && training.status !== "Stopping") continue;
      const status = training.status === "Stopping" ? "Stopped" : end;
      const learned = { modelUri: `s3://models/${training.name}`, metrics: { coverage: 1 } };
      const outcome = status === "Completed" ? learned : { failureReason: "There are too few events." };
      const startedAt = clock.now().toISOString();
      await resources.update(training, { status, body: { ...training.body, ...outcome, startedAt }, due: null });
    }
  }
  const trained: typeof kind = {
    ...kind,
    async reconcile(recommender, context) {
      if (recommender.body.training !== undefined || recommender.status.startsWith("DELETE")) await endTrainings();
      return await kind.reconcile(recommender, context);
    },
  };
  const addTraining = (id: string, status: string) => {
    const row = { type: "recommender-training", name: `top/${id}`, status, body: {}, due: null } as const;
    return resources.insert(newPersonalizeResource(caller, row));
  };
  return { resources, kind: trained, prepared, deleted, addTraining };
}

/** Like the kind, but what would go on every seven days ends when it is ACTIVE and swept. */
function withoutRetraining(kind: ResourceKind<RecommenderBody>): ResourceKind<object> {
  const once: typeof kind = {
    ...kind,
    async reconcile(recommender, context) {
      const patch = await kind.reconcile(recommender, context);
      const isDistant = patch.due instanceof Date && patch.due.getTime() - recommender.updatedAt.getTime() > DAY_MS;
      return isDistant ? { ...patch, due: null } : patch;
    },
  };
  return once as ResourceKind<object>;
}

testReconcile({
  name: "a recommender that is created",
  createWorld({ sql, clock }) {
    const { kind, resources, prepared, deleted } = openWorld(sql, clock);
    return {
      kind: withoutRetraining(kind),
      resource: newRecommender("CREATE PENDING"),
      observe: async () => ({
        prepared: prepared.size,
        deleted: [...deleted],
        trainings: (await listTrainings(resources)).length,
      }),
    };
  },
  crashPoints: recommenderCrashPoints,
  outcome: (resource) => {
    const { status, body: ended } = resource as unknown as Recommender;
    return { status, metrics: ended.modelMetrics, training: ended.training, isLive: ended.live !== undefined };
  },
});

testReconcile({
  name: "a recommender that is deleted",
  async createWorld({ sql, clock }) {
    const { kind, resources, deleted, addTraining } = openWorld(sql, clock);
    await addTraining("00000001", "Completed");
    await addTraining("00000002", "InProgress");
    return {
      kind: kind as ResourceKind<object>,
      resource: newRecommender("DELETE PENDING", { live: liveOf("00000001") }),
      observe: async () => ({ deleted: [...deleted], trainings: (await listTrainings(resources)).length }),
    };
  },
  crashPoints: recommenderDeletionCrashPoints,
});

/** The recommender after a time under a loop. */
async function run(
  recommender: ReturnType<typeof newRecommender>,
  options: { readonly forMs?: number; readonly end?: "Completed" | "Failed" } = {},
) {
  await using sql = await openTestSql();
  const clock = createManualClock();
  const world = openWorld(sql, clock, options.end);
  const { resources, kind } = world;
  await resources.insert(recommender);
  const loop = createControlLoop({ resources, kinds: [kind as ResourceKind<object>], clock });
  const end = clock.now().getTime() + (options.forMs ?? 10_000);
  await loop.start();
  for (;;) {
    await loop.idle();
    const next = await resources.nextDue([kind.type]);
    if (next === undefined || next.getTime() > end) break;
    clock.advance(Math.max(0, next.getTime() - clock.now().getTime()));
  }
  await loop.stop();
  const found = await resources.find<RecommenderBody>(owner, kind.type, "top");
  return { ...world, recommender: found as Resource<RecommenderBody>, trainings: await listTrainingNames(resources) };
}

async function listTrainingNames(resources: Resources): Promise<readonly string[]> {
  return (await listTrainings(resources)).map(({ name }) => name);
}

const start = createManualClock().now();

test("a stopped recommender keeps its model and answers with it when it is started", async () => {
  const stopped = await run(newRecommender("STOP PENDING", { live: liveOf("00000001") }));
  assert.equal(stopped.recommender.status, "INACTIVE");
  assert.equal(stopped.recommender.body.live, undefined);
  const { paused } = stopped.recommender.body;
  const trainedAt = start.toISOString();
  const started = await run(newRecommender("START PENDING", { ...(paused && { paused }), trainedAt }));
  assert.equal(started.recommender.status, "ACTIVE");
  assert.deepEqual(started.recommender.body.live, liveOf("00000001"));
  assert.equal(started.recommender.body.paused, undefined);
  assert.deepEqual([...started.prepared], ["s3://models/top/00000001"]);
});

test("models are trained anew every seven days, and the former ones deleted", async () => {
  const { recommender, trainings, deleted } = await run(newRecommender("CREATE PENDING"), { forMs: 15 * DAY_MS });
  assert.equal(recommender.status, "ACTIVE");
  assert.equal(trainings.length, 1);
  assert.equal(recommender.body.live?.modelUri, `s3://models/${trainings[0]}`);
  assert.equal(deleted.size, 2);
});

test("an update of what it trains on trains; another one only changes the configuration", async () => {
  const at = start.toISOString();
  const update = { status: "CREATE PENDING", createdAt: at, updatedAt: at } as const;
  const config = { itemExplorationConfig: { explorationWeight: "0.5" }, minRecommendationRequestsPerSecond: 2 };
  const before = { live: liveOf("00000001"), trainedAt: at };
  const light = await run(newRecommender("ACTIVE", { ...before, update: { ...update, recommenderConfig: config } }));
  assert.deepEqual(light.recommender.body.recommenderConfig, config);
  assert.equal(light.recommender.body.update?.status, "ACTIVE");
  assert.deepEqual(light.trainings, []);
  const trainingDataConfig = { excludedDatasetColumns: { ITEMS: ["PRICE"] } };
  const next = { ...update, recommenderConfig: { trainingDataConfig } };
  const trained = await run(newRecommender("ACTIVE", { ...before, update: next }));
  assert.equal(trained.trainings.length, 1);
  assert.notDeepEqual(trained.recommender.body.live, liveOf("00000001"));
  assert.deepEqual(trained.recommender.body.recommenderConfig, { trainingDataConfig });
  const during = await run(newRecommender("ACTIVE", { ...before, update: next, training: "top/00000009" }));
  assert.notEqual(during.recommender.body.live?.modelUri, "s3://models/top/00000009");
  const failing = await run(newRecommender("ACTIVE", { ...before, update: next }), { end: "Failed" });
  assert.equal(failing.recommender.status, "ACTIVE");
  assert.deepEqual(failing.recommender.body.live, liveOf("00000001"));
  assert.equal(failing.recommender.body.update?.status, "CREATE FAILED");
  assert.match(failing.recommender.body.update.failureReason ?? "", /too few events/);
});

test("a recommender whose first training fails says why", async () => {
  const { recommender } = await run(newRecommender("CREATE PENDING"), { end: "Failed" });
  assert.equal(recommender.status, "CREATE FAILED");
  assert.equal(recommender.body.failureReason, "There are too few events.");
});
