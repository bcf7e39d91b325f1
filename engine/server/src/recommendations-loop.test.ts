import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import {
  CreateBatchInferenceJobCommand,
  CreateCampaignCommand,
  CreateDatasetCommand,
  CreateDatasetGroupCommand,
  CreateDatasetImportJobCommand,
  CreateEventTrackerCommand,
  CreateFilterCommand,
  CreateRecommenderCommand,
  CreateSchemaCommand,
  CreateSolutionCommand,
  CreateSolutionVersionCommand,
  DescribeBatchInferenceJobCommand,
  DescribeCampaignCommand,
  DescribeDatasetCommand,
  DescribeDatasetGroupCommand,
  DescribeDatasetImportJobCommand,
  DescribeRecommenderCommand,
  DescribeSolutionVersionCommand,
  type Domain,
  GetSolutionMetricsCommand,
  PersonalizeClient,
  StartRecommenderCommand,
  StopRecommenderCommand,
  UpdateCampaignCommand,
} from "@aws-sdk/client-personalize";
import { PersonalizeEventsClient, PutEventsCommand } from "@aws-sdk/client-personalize-events";
import { GetRecommendationsCommand, PersonalizeRuntimeClient } from "@aws-sdk/client-personalize-runtime";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { startTestServer, type TestServer } from "./testing/start-test-server.ts";

const roleArn = "arn:aws:iam::000000000000:role/personalize";
const DEADLINE_MS = 120_000;
const USERS = 60;
const ITEMS = 40;
const EVENTS_OF_USER = 18;
const DAY_SECONDS = 86_400;

const schema = JSON.stringify({
  type: "record",
  name: "Interactions",
  namespace: "com.amazonaws.personalize.schema",
  fields: ["USER_ID", "ITEM_ID", "EVENT_TYPE"]
    .map((name) => ({ name, type: "string" }))
    .concat({ name: "TIMESTAMP", type: "long" }),
  version: "1.0",
});

/** Users of even numbers like the items a…, the others b…: each has most items of his kind, in an order of his own. */
function interactions(): string {
  const lines = ["USER_ID,ITEM_ID,EVENT_TYPE,TIMESTAMP"];
  for (let user = 0; user < USERS; user += 1) {
    for (let event = 0; event < EVENTS_OF_USER; event += 1) {
      const item = (user * 7 + event * 3) % ITEMS;
      const time = 1_700_000_000 + event * DAY_SECONDS + user;
      lines.push(`user-${user},${user % 2 === 0 ? "a" : "b"}${item},View,${time}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

function openClients({ clientConfig }: TestServer) {
  const personalize = new PersonalizeClient(clientConfig);
  const runtime = new PersonalizeRuntimeClient(clientConfig);
  const events = new PersonalizeEventsClient(clientConfig);
  return { personalize, runtime, events, s3: new S3Client(clientConfig) };
}

type Clients = ReturnType<typeof openClients>;

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + DEADLINE_MS; !(await condition()); await delay(50)) {
    assert.ok(performance.now() < deadline, "the awaited state did not come");
  }
}

/** Waits until a resource is ACTIVE; fails with its reason. */
async function active(describe: () => Promise<{ status?: string; failureReason?: string } | undefined>): Promise<void> {
  await until(async () => {
    const { status, failureReason } = (await describe()) ?? {};
    assert.notEqual(status, "CREATE FAILED", failureReason);
    return status === "ACTIVE";
  });
}

/** A dataset group with its interactions imported from S3; returns its ARN. */
async function importInteractions({ personalize, s3 }: Clients, domain?: Domain): Promise<string> {
  await s3.send(new CreateBucketCommand({ Bucket: "clicks" }));
  await s3.send(new PutObjectCommand({ Bucket: "clicks", Key: "interactions.csv", Body: interactions() }));
  const { schemaArn } = await personalize.send(new CreateSchemaCommand({ name: "clicks", schema, domain }));
  const { datasetGroupArn = "" } = await personalize.send(new CreateDatasetGroupCommand({ name: "shop", domain }));
  await active(async () => (await personalize.send(new DescribeDatasetGroupCommand({ datasetGroupArn }))).datasetGroup);
  const dataset = { name: "clicks", schemaArn, datasetGroupArn, datasetType: "Interactions" };
  const { datasetArn } = await personalize.send(new CreateDatasetCommand(dataset));
  await active(async () => (await personalize.send(new DescribeDatasetCommand({ datasetArn }))).dataset);
  const dataSource = { dataLocation: "s3://clicks/interactions.csv" };
  const job = { jobName: "clicks", datasetArn, dataSource, roleArn };
  const { datasetImportJobArn } = await personalize.send(new CreateDatasetImportJobCommand(job));
  const describe = new DescribeDatasetImportJobCommand({ datasetImportJobArn });
  await active(async () => (await personalize.send(describe)).datasetImportJob);
  return datasetGroupArn;
}

/** A version of the solution that is trained; returns its ARN. */
async function train({ personalize }: Clients, solutionArn: string | undefined): Promise<string> {
  const { solutionVersionArn = "" } = await personalize.send(new CreateSolutionVersionCommand({ solutionArn }));
  const describe = new DescribeSolutionVersionCommand({ solutionVersionArn });
  await active(async () => (await personalize.send(describe)).solutionVersion);
  return solutionVersionArn;
}

interface BatchAnswer {
  readonly input: { readonly userId: string };
  readonly output: { readonly recommendedItems: readonly string[] };
  readonly error: string | null;
}

/** The answers of a batch inference job for two users. */
async function answerInBatch({ personalize, s3 }: Clients, solutionVersionArn: string): Promise<BatchAnswer[]> {
  const Body = '{"userId":"user-0"}\n{"userId":"user-1"}\n';
  await s3.send(new PutObjectCommand({ Bucket: "clicks", Key: "users.json", Body }));
  const job = {
    jobName: "users",
    solutionVersionArn,
    numResults: 5,
    jobInput: { s3DataSource: { path: "s3://clicks/users.json" } },
    jobOutput: { s3DataDestination: { path: "s3://clicks/answers/" } },
    batchInferenceJobConfig: { itemExplorationConfig: { explorationWeight: "0" } },
    roleArn,
  };
  const { batchInferenceJobArn } = await personalize.send(new CreateBatchInferenceJobCommand(job));
  const describe = new DescribeBatchInferenceJobCommand({ batchInferenceJobArn });
  await active(async () => (await personalize.send(describe)).batchInferenceJob);
  const answer = await s3.send(new GetObjectCommand({ Bucket: "clicks", Key: "answers/users.json.out" }));
  const text = (await answer.Body?.transformToString()) ?? "";
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as BatchAnswer);
}

test("clicks become a campaign whose answer the next click changes", async () => {
  await using server = await startTestServer();
  const clients = openClients(server);
  const { personalize, runtime, events } = clients;
  const datasetGroupArn = await importInteractions(clients);
  const recipeArn = "arn:aws:personalize:::recipe/aws-user-personalization";
  const solution = { name: "offers", datasetGroupArn, recipeArn, performAutoTraining: false };
  const { solutionArn } = await personalize.send(new CreateSolutionCommand(solution));
  const solutionVersionArn = await train(clients, solutionArn);
  const { metrics } = await personalize.send(new GetSolutionMetricsCommand({ solutionVersionArn }));
  assert.ok((metrics?.["precision_at_5"] ?? 0) > 0, JSON.stringify(metrics));
  const campaignConfig = { itemExplorationConfig: { explorationWeight: "0" } };
  const campaign = { name: "offers", solutionVersionArn, minProvisionedTPS: 2, campaignConfig };
  const { campaignArn } = await personalize.send(new CreateCampaignCommand(campaign));
  const describe = async () => (await personalize.send(new DescribeCampaignCommand({ campaignArn }))).campaign;
  await active(describe);

  const ask = async (userId: string, filterArn?: string) => {
    const request = { campaignArn, userId, numResults: 5, filterArn };
    return (await runtime.send(new GetRecommendationsCommand(request))).itemList ?? [];
  };
  const share = (items: readonly { itemId?: string }[], kind: string) =>
    items.filter(({ itemId }) => itemId?.startsWith(kind)).length / items.length;
  assert.equal(share(await ask("user-0"), "a"), 1);
  assert.equal(share(await ask("user-1"), "b"), 1);
  assert.equal((await ask("stranger")).length, 5);

  const tracker = { name: "shop", datasetGroupArn };
  const { trackingId } = await personalize.send(new CreateEventTrackerCommand(tracker));
  const put = async (itemIds: readonly string[]) => {
    const eventList = itemIds.map((itemId) => ({ eventType: "View", itemId, sentAt: new Date() }));
    await events.send(new PutEventsCommand({ trackingId, userId: "stranger", sessionId: "session", eventList }));
  };
  await put(["b1", "b2", "b3"]);
  const changed = await ask("stranger");
  assert.ok(share(changed, "b") > 0.5, JSON.stringify(changed));
  const filter = {
    name: "unknown",
    datasetGroupArn,
    filterExpression: 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("View")',
  };
  const { filterArn } = await personalize.send(new CreateFilterCommand(filter));
  const seen = new Set(["b1", "b2", "b3"]);
  assert.ok((await ask("stranger", filterArn)).every(({ itemId = "" }) => !seen.has(itemId)));

  const answers = await answerInBatch(clients, solutionVersionArn);
  assert.deepEqual(
    answers.map(({ input }) => input.userId),
    ["user-0", "user-1"],
  );
  for (const [index, { output, error }] of answers.entries()) {
    assert.equal(error, null);
    assert.ok(output.recommendedItems.every((itemId) => itemId.startsWith(index === 0 ? "a" : "b")));
  }

  const next = await train(clients, solutionArn);
  await personalize.send(new UpdateCampaignCommand({ campaignArn, solutionVersionArn: next }));
  await active(async () => {
    assert.equal((await ask("user-0")).length, 5);
    return (await describe())?.latestCampaignUpdate;
  });
  assert.equal((await describe())?.solutionVersionArn, next);
  assert.equal(share(await ask("stranger"), "b"), 1);
});

test("a domain's recommender trains by itself, stops and starts", async () => {
  await using server = await startTestServer();
  const clients = openClients(server);
  const { personalize, runtime } = clients;
  const datasetGroupArn = await importInteractions(clients, "ECOMMERCE");
  const recipeArn = "arn:aws:personalize:::recipe/aws-ecomm-customers-who-viewed-x-also-viewed";
  const create = new CreateRecommenderCommand({ name: "also", datasetGroupArn, recipeArn });
  const { recommenderArn } = await personalize.send(create);
  const describe = async () =>
    (await personalize.send(new DescribeRecommenderCommand({ recommenderArn }))).recommender ?? {};
  await active(describe);
  const ask = async () => {
    const request = { recommenderArn, itemId: "a1", userId: "user-3", numResults: 5 };
    return (await runtime.send(new GetRecommendationsCommand(request))).itemList ?? [];
  };
  const before = await ask();
  assert.equal(before.length, 5);
  assert.ok(before.every(({ itemId }) => itemId?.startsWith("a")));
  await personalize.send(new StopRecommenderCommand({ recommenderArn }));
  await until(async () => (await describe()).status === "INACTIVE");
  await assert.rejects(ask());
  await personalize.send(new StartRecommenderCommand({ recommenderArn }));
  await active(describe);
  assert.deepEqual(await ask(), before);
});
