import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import {
  CreateSolutionVersionCommand,
  DeleteSolutionCommand,
  DescribeSolutionCommand,
  DescribeSolutionVersionCommand,
  GetSolutionMetricsCommand,
  ListSolutionVersionsCommand,
  StopSolutionVersionCreationCommand,
} from "@aws-sdk/client-personalize";
import type { ResourceKind } from "@rondo/control";
import { testReconcile } from "@rondo/control/testing";
import type { Resource, Sql } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import { caller, type JobHouse } from "../sagemaker/testing/job-house.ts";
import { until } from "../sagemaker/testing/job-server.ts";
import { newPersonalizeResource, personalizeArn } from "./personalize-resource.ts";
import type { Solution, SolutionBody, SolutionVersion } from "./solution-body.ts";
import { newSolutionVersion } from "./solution-version.ts";
import { createPersonalizeStorage } from "./storage.ts";
import { GROUP_ARN, openPersonalizeHouse, startPersonalize } from "./testing/personalize-house.ts";
import { sendForExtras } from "./testing/send-for-extras.ts";
import { createTestTrainingKind } from "./testing/training-program.ts";
import { solutionVersionCrashPoints } from "./training-kind.ts";

const solutionBody: SolutionBody = {
  datasetGroupArn: GROUP_ARN,
  recipeArn: "arn:aws:personalize:::recipe/aws-user-personalization",
  performAutoML: false,
  performHPO: false,
  performAutoTraining: false,
  solutionConfig: {},
};
const solution = { type: "solution", name: "offers", status: "ACTIVE", body: solutionBody } as const;
const solutionArn = personalizeArn(caller, "solution", "offers");
const MODEL_KEY = "solution-versions/offers/0123abcd/model.tar.gz";

testReconcile({
  name: "a solution version",
  async createWorld({ sql, clock }) {
    const house = await openPersonalizeHouse(sql, clock);
    const row = { name: "offers", arn: solutionArn, body: solutionBody } as Solution;
    const own = { id: "0123abcd4567", trainingMode: "FULL", trainingType: "MANUAL" } as const;
    return {
      kind: createTestTrainingKind(house, "train") as ResourceKind<object>,
      resource: newPersonalizeResource(caller, newSolutionVersion(row, own, caller, clock)),
      observe: () => observe(house),
      close: () => house[Symbol.asyncDispose](),
    };
  },
  crashPoints: solutionVersionCrashPoints,
  outcome: (resource) => {
    const { status, body } = resource as Resource<object> as SolutionVersion;
    return { status, modelUri: body.modelUri, metrics: body.metrics, reason: body.failureReason };
  },
});

async function observe(house: JobHouse): Promise<unknown> {
  const archive = await createPersonalizeStorage(house).get(caller, MODEL_KEY);
  assert.ok(archive !== undefined);
  return {
    runs: await house.countRuns(),
    leftovers: await house.leftovers(),
    log: await house.readLog(),
    model: createHash("sha256").update(gunzipSync(archive)).digest("hex"),
  };
}

/** Personalize with a loop for solution versions, whose program does what `mode` says; the solution `offers` is there. */
async function startServer(mode: Parameters<typeof createTestTrainingKind>[1]) {
  const sql: Sql = await openTestSql();
  const clock = { now: () => new Date() };
  const house = await openPersonalizeHouse(sql, clock);
  await house.resources.insert(newPersonalizeResource(caller, solution));
  const kind = createTestTrainingKind(house, mode) as ResourceKind<object>;
  const server = await startPersonalize(sql, house, [kind]);
  const { client } = server;
  const create = async (trainingMode?: "FULL" | "UPDATE" | "AUTOTRAIN") =>
    (await client.send(new CreateSolutionVersionCommand({ solutionArn, trainingMode }))).solutionVersionArn;
  const describe = async (solutionVersionArn: string | undefined) =>
    (await client.send(new DescribeSolutionVersionCommand({ solutionVersionArn }))).solutionVersion ?? {};
  const ended = async (arn: string | undefined) => {
    await until(async () => /ACTIVE|FAILED|STOPPED/.test((await describe(arn)).status ?? ""));
    return await describe(arn);
  };
  return { ...server, create, describe, ended };
}

test("a version is trained, measured and listed; an update goes on from its model", async () => {
  await using server = await startServer("train");
  const { client } = server;
  await assert.rejects(server.create("UPDATE"), {
    name: "InvalidInputException",
    message: /no ACTIVE solution version/,
  });
  await assert.rejects(server.create("AUTOTRAIN"), { name: "InvalidInputException" });
  const arn = await server.create();
  assert.match(arn ?? "", /:solution\/offers\/[0-9a-f]{8}$/);
  const version = await server.ended(arn);
  assert.equal(version.status, "ACTIVE");
  assert.equal(version.trainingMode, "FULL");
  assert.equal(version.trainingType, "MANUAL");
  assert.ok((version.trainingHours ?? 0) > 0);
  assert.deepEqual(version.tunedHPOParams, { algorithmHyperParameters: { bptt: "7" } });
  const { metrics } = await client.send(new GetSolutionMetricsCommand({ solutionVersionArn: arn }));
  assert.deepEqual(metrics, { coverage: 0.25 });
  const command = new GetSolutionMetricsCommand({ solutionVersionArn: arn });
  assert.deepEqual((await sendForExtras(client, () => client.send(command)))["rondo:extras"], { novelty: 3 });
  const update = await server.ended(await server.create("UPDATE"));
  assert.equal(update.status, "ACTIVE");
  const log = (await server.house.readLog()).join("\n");
  assert.match(log, /"trainingMode":"UPDATE"[^]*previous: weights/);
  const { solutionVersions } = await client.send(new ListSolutionVersionsCommand({ solutionArn }));
  assert.deepEqual(
    solutionVersions?.map((summary) => [summary.trainingMode, summary.status]),
    [
      ["FULL", "ACTIVE"],
      ["UPDATE", "ACTIVE"],
    ],
  );
  const described = await client.send(new DescribeSolutionCommand({ solutionArn }));
  assert.equal(described.solution?.latestSolutionVersion?.solutionVersionArn, update.solutionVersionArn);
});

test("a version that cannot be trained says why, as Personalize does", async () => {
  await using server = await startServer("fail");
  const arn = await server.create();
  const version = await server.ended(arn);
  assert.equal(version.status, "CREATE FAILED");
  assert.equal(version.failureReason, "There are 12 interactions; at least 1000 are needed.");
  await assert.rejects(server.client.send(new GetSolutionMetricsCommand({ solutionVersionArn: arn })), {
    name: "ResourceInUseException",
  });
});

test("a training that goes on can be stopped, and keeps its solution from being deleted", async () => {
  await using server = await startServer("wait");
  const { client } = server;
  const arn = await server.create();
  await assert.rejects(client.send(new DeleteSolutionCommand({ solutionArn })), {
    name: "ResourceInUseException",
    message: new RegExp(`is in use by the solution version ${arn}`),
  });
  await until(async () => (await server.house.readLog()).includes("ready"));
  assert.equal((await server.describe(arn)).status, "CREATE IN_PROGRESS");
  await client.send(new StopSolutionVersionCreationCommand({ solutionVersionArn: arn }));
  const stopped = await server.ended(arn);
  assert.equal(stopped.status, "CREATE STOPPED");
  assert.equal(stopped.trainingHours, undefined);
  await assert.rejects(client.send(new StopSolutionVersionCreationCommand({ solutionVersionArn: arn })), {
    name: "ResourceInUseException",
    message: /CREATE STOPPED and cannot be stopped/,
  });
});
