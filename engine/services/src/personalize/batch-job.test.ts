import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CreateBatchInferenceJobCommand,
  type CreateBatchInferenceJobRequest,
  CreateBatchSegmentJobCommand,
  DescribeBatchInferenceJobCommand,
  DescribeBatchSegmentJobCommand,
  ListBatchInferenceJobsCommand,
  ListBatchSegmentJobsCommand,
} from "@aws-sdk/client-personalize";
import type { ResourceKind } from "@rondo/control";
import { testReconcile } from "@rondo/control/testing";
import type { Resource } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import { caller, type JobHouse } from "../sagemaker/testing/job-house.ts";
import { until } from "../sagemaker/testing/job-server.ts";
import type { BatchJob } from "./batch-job-body.ts";
import { batchJobCrashPoints } from "./batch-job-kind.ts";
import { newBatchJob } from "./batch-job-request.ts";
import { modelKey } from "./model-files.ts";
import { newPersonalizeResource, personalizeArn } from "./personalize-resource.ts";
import type { Solution } from "./solution-body.ts";
import { newSolutionVersion } from "./solution-version.ts";
import { internalUri } from "./storage.ts";
import { createTestBatchKind, putTestModel } from "./testing/batch-program.ts";
import { GROUP_ARN, openPersonalizeHouse, startPersonalize } from "./testing/personalize-house.ts";

const RECIPE = "arn:aws:personalize:::recipe/";

/** A trained version of a recipe, its model, two filters and an object of two lines. */
async function prepare(house: JobHouse, recipe: string, name = "offers"): Promise<string> {
  const body = { datasetGroupArn: GROUP_ARN, recipeArn: `${RECIPE}${recipe}` };
  const solution = { name, arn: personalizeArn(caller, "solution", name), body } as Solution;
  const own = { id: "0123abcd4567", trainingMode: "FULL", trainingType: "MANUAL" } as const;
  const version = newSolutionVersion(solution, own, caller, house.clock);
  const key = modelKey("solution-version", version.name);
  const trained = { ...version, status: "Completed", body: { ...version.body, modelUri: internalUri(caller, key) } };
  await putTestModel(house, key);
  await house.resources.insert({ ...newPersonalizeResource(caller, trained), due: null });
  await house.objects.put({ ...caller, bucket: "data" }, "requests/users.json", Buffer.from('{"userId":"1"}\n'));
  await house.objects.put({ ...caller, bucket: "data" }, "requests/deeper/no.json", Buffer.from("{}\n"));
  return personalizeArn(caller, "solution-version", `${name}/0123abcd`);
}

async function addFilter(house: JobHouse, name: string, filterExpression: string): Promise<string> {
  const body = { datasetGroupArn: GROUP_ARN, filterExpression };
  const filter = { type: "filter", name, status: "ACTIVE", body } as const;
  return (await house.resources.insert(newPersonalizeResource(caller, filter))).arn;
}

function inferenceRequest(solutionVersionArn: string): CreateBatchInferenceJobRequest {
  return {
    jobName: "nightly",
    solutionVersionArn,
    jobInput: { s3DataSource: { path: "s3://data/requests/" } },
    jobOutput: { s3DataDestination: { path: "s3://data/answers/" } },
    roleArn: "arn:aws:iam::111122223333:role/personalize",
  };
}

testReconcile({
  name: "a batch inference job",
  async createWorld({ sql, clock }) {
    const house = await openPersonalizeHouse(sql, clock);
    const request = inferenceRequest(await prepare(house, "aws-user-personalization"));
    const options = { ...house, createId: () => "0123abcd4567" };
    return {
      kind: createTestBatchKind(house, "batch-inference-job") as ResourceKind<object>,
      resource: newPersonalizeResource(caller, await newBatchJob(options, caller, "batch-inference-job", request)),
      observe: async () => ({
        runs: await house.countRuns(),
        leftovers: await house.leftovers(),
        answers: (await house.readObject("answers/users.json.out")).toString(),
      }),
      close: () => house[Symbol.asyncDispose](),
    };
  },
  crashPoints: batchJobCrashPoints("batch-inference-job"),
  outcome: (resource) => {
    const { status, body } = resource as Resource<object> as BatchJob;
    return { status, reason: body.failureReason };
  },
});

/** Personalize with loops for both kinds of batch jobs. */
async function startServer(recipe: string) {
  const sql = await openTestSql();
  const house = await openPersonalizeHouse(sql, { now: () => new Date() });
  const version = await prepare(house, recipe);
  const kinds = (["batch-inference-job", "batch-segment-job"] as const).map(
    (type) => createTestBatchKind(house, type) as ResourceKind<object>,
  );
  const server = await startPersonalize(sql, house, kinds);
  const create = async (changes: Partial<CreateBatchInferenceJobRequest> = {}) =>
    (await server.client.send(new CreateBatchInferenceJobCommand({ ...inferenceRequest(version), ...changes })))
      .batchInferenceJobArn;
  const describe = async (batchInferenceJobArn: string | undefined) =>
    (await server.client.send(new DescribeBatchInferenceJobCommand({ batchInferenceJobArn }))).batchInferenceJob ?? {};
  const ended = async (arn: string | undefined) => {
    await until(async () => /ACTIVE|FAILED/.test((await describe(arn)).status ?? ""));
    return await describe(arn);
  };
  return { ...server, version, create, ended };
}

test("a batch inference job answers each object of a folder, with its filter", async () => {
  await using server = await startServer("aws-user-personalization");
  const expression = 'INCLUDE ItemID WHERE Items.GENRE IN ("drama")';
  const filterArn = await addFilter(server.house, "drama", expression);
  const batchInferenceJobConfig = { itemExplorationConfig: { explorationWeight: "0.1" } };
  const arn = await server.create({ filterArn, numResults: 10, batchInferenceJobConfig });
  const job = await server.ended(arn);
  assert.equal(job.status, "ACTIVE");
  assert.equal(job.batchInferenceJobMode, "BATCH_INFERENCE");
  assert.equal(job.numResults, 10);
  const [model, request, line] = (await server.house.readObject("answers/users.json.out")).toString().split("\n");
  assert.equal(model, "weights");
  assert.deepEqual(JSON.parse(request ?? ""), {
    kind: "inference",
    numResults: 10,
    filterExpression: expression,
    itemExplorationConfig: { explorationWeight: "0.1" },
  });
  assert.equal(line, '{"userId":"1"}');
  const list = new ListBatchInferenceJobsCommand({ solutionVersionArn: server.version });
  const { batchInferenceJobs } = await server.client.send(list);
  assert.deepEqual(
    batchInferenceJobs?.map(({ jobName }) => jobName),
    ["nightly"],
  );
});

test("what cannot be done is refused, or fails with a reason", async () => {
  await using server = await startServer("aws-user-personalization");
  const users = await addFilter(server.house, "users", "INCLUDE UserID WHERE Users.AGE > 30");
  const refused: readonly (readonly [Partial<CreateBatchInferenceJobRequest>, RegExp])[] = [
    [{ batchInferenceJobMode: "THEME_GENERATION" }, /Theme generation is not supported/],
    [{ numResults: 501 }, /numResults must be from 1 to 500, not 501/],
    [{ filterArn: users }, /must be about ItemID, not about UserID/],
    [{ batchInferenceJobConfig: { rankingInfluence: { POPULARITY: 0.5 } } }, /rankingInfluence is not supported/],
    [{ jobInput: { s3DataSource: { path: "https://data/requests" } } }, /must be of the form s3:\/\/bucket\/key/],
  ];
  for (const [changes, message] of refused) {
    await assert.rejects(server.create(changes), { name: "InvalidInputException", message });
  }
  const segment = { ...inferenceRequest(server.version), jobName: "segment" };
  await assert.rejects(server.client.send(new CreateBatchSegmentJobCommand(segment)), {
    name: "InvalidInputException",
    message: /A batch segment job does not support solution versions of the recipe aws-user-personalization/,
  });
  const nowhere = await server.create({ jobOutput: { s3DataDestination: { path: "s3://none/answers/" } } });
  assert.match(
    (await server.ended(nowhere)).failureReason ?? "",
    /^The output location .* the bucket none does not exist/,
  );
  const jobInput = { s3DataSource: { path: "s3://data/nothing.json" } };
  const empty = await server.ended(await server.create({ jobName: "empty", jobInput }));
  assert.equal(empty.failureReason, "There is no object at s3://data/nothing.json.");
});

test("five jobs go on at a time", async () => {
  const sql = await openTestSql();
  const house = await openPersonalizeHouse(sql, { now: () => new Date() });
  const request = inferenceRequest(await prepare(house, "aws-user-personalization"));
  await using server = await startPersonalize(sql, house);
  const create = (jobName: string) => server.client.send(new CreateBatchInferenceJobCommand({ ...request, jobName }));
  for (const name of ["one", "two", "three", "four", "five"]) await create(name);
  await assert.rejects(create("six"), { name: "LimitExceededException" });
});

test("a batch segment job names users for the lines of one object", async () => {
  await using server = await startServer("aws-item-affinity");
  const path = "s3://data/requests/users.json";
  const request = { ...inferenceRequest(server.version), jobInput: { s3DataSource: { path } }, numResults: 1000 };
  const { batchSegmentJobArn } = await server.client.send(new CreateBatchSegmentJobCommand(request));
  const describe = async () =>
    (await server.client.send(new DescribeBatchSegmentJobCommand({ batchSegmentJobArn }))).batchSegmentJob;
  await until(async () => (await describe())?.status === "ACTIVE");
  assert.match(
    (await server.house.readObject("answers/users.json.out")).toString(),
    /"kind":"segment","numResults":1000/,
  );
  const { batchSegmentJobs } = await server.client.send(new ListBatchSegmentJobsCommand({}));
  assert.equal(batchSegmentJobs?.length, 1);
});
