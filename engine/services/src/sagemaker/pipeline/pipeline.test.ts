import assert from "node:assert/strict";
import { test } from "node:test";
import { createManualClock } from "@rondo/control/testing";
import { openTestSql } from "@rondo/store/testing";
import { caller } from "../testing/job-house.ts";
import type { JsonObject } from "./definition.ts";
import { definitionOf, trainingStep } from "./testing/definitions.ts";
import { openPipelineHouse, ROLE, runPipelineHouse } from "./testing/pipeline-house.ts";

const refuse = (message: string): JsonObject =>
  definitionOf(
    [{ Name: "Refuse", Type: "Fail", Arguments: { ErrorMessage: message } }],
    [{ Name: "Why", Type: "String", DefaultValue: "so" }],
  );
const TOKEN = "0123456789-0123456789-0123456789";

test("a pipeline is created, updated, described by version, listed and deleted", async () => {
  await using sql = await openTestSql();
  const clock = createManualClock();
  await using house = await openPipelineHouse(sql, clock);
  const create = (PipelineName: string, more: object = {}) =>
    house.call("CreatePipeline", {
      PipelineName,
      RoleArn: ROLE,
      PipelineDefinition: JSON.stringify(refuse("one")),
      ...more,
    });
  const arn = "arn:aws:sagemaker:eu-west-1:111122223333:pipeline/mypipeline";
  assert.deepEqual(await create("MyPipeline", { ClientRequestToken: TOKEN, Tags: [{ Key: "team", Value: "a" }] }), {
    PipelineArn: arn,
  });
  assert.deepEqual(await create("MyPipeline", { ClientRequestToken: TOKEN }), { PipelineArn: arn });
  await assert.rejects(create("MyPipeline"), { name: "ValidationException", message: /already exists/ });
  await assert.rejects(create("mypipeline"), { name: "ValidationException", message: /already exists/ });
  clock.advance(1000);
  const updated = await house.call("UpdatePipeline", {
    PipelineName: "MyPipeline",
    PipelineDescription: "better",
    PipelineDefinition: JSON.stringify(refuse("two")),
  });
  assert.deepEqual(updated, { PipelineArn: arn, PipelineVersionId: 2 });
  const described = await house.call("DescribePipeline", { PipelineName: arn });
  assert.deepEqual(JSON.parse(String(described.PipelineDefinition)), refuse("two"));
  assert.deepEqual(
    [
      described.PipelineName,
      described.PipelineStatus,
      described.RoleArn,
      described.PipelineDescription,
      described.CreatedBy,
    ],
    ["MyPipeline", "Active", ROLE, "better", { IamIdentity: { Arn: caller.arn } }],
  );
  const former = await house.call("DescribePipeline", { PipelineName: "MyPipeline", PipelineVersionId: 1 });
  assert.deepEqual(JSON.parse(String(former.PipelineDefinition)), refuse("one"));
  const versions = await house.call<{ PipelineVersionSummaries: JsonObject[] }>("ListPipelineVersions", {
    PipelineName: "MyPipeline",
  });
  assert.deepEqual(
    versions.PipelineVersionSummaries.map(({ PipelineVersionId }) => PipelineVersionId),
    [2, 1],
  );
  await create("Other");
  const list = async (input: object) =>
    (await house.call<{ PipelineSummaries: JsonObject[] }>("ListPipelines", input)).PipelineSummaries.map(
      ({ PipelineName }) => PipelineName,
    );
  assert.deepEqual(await list({}), ["Other", "MyPipeline"]);
  assert.deepEqual(await list({ PipelineNamePrefix: "My" }), ["MyPipeline"]);
  assert.deepEqual(await list({ SortBy: "Name", SortOrder: "Ascending", MaxResults: 1 }), ["MyPipeline"]);
  assert.deepEqual((await house.call("ListTags", { ResourceArn: arn })).Tags, [{ Key: "team", Value: "a" }]);
  assert.deepEqual(await house.call("DeletePipeline", { PipelineName: "MyPipeline" }), { PipelineArn: arn });
  await assert.rejects(house.call("DescribePipeline", { PipelineName: "MyPipeline" }), { name: "ResourceNotFound" });
});

test("a definition may lie in S3, and is checked wherever it lies", async () => {
  await using sql = await openTestSql();
  await using house = await openPipelineHouse(sql, createManualClock());
  const create = (more: object) => house.call("CreatePipeline", { PipelineName: "P", RoleArn: ROLE, ...more });
  const PipelineDefinitionS3Location = { Bucket: "data", ObjectKey: "definition.json" };
  await assert.rejects(create({}), /PipelineDefinition or PipelineDefinitionS3Location is required/);
  await assert.rejects(create({ PipelineDefinitionS3Location }), /cannot be read: NoSuchKey/);
  await assert.rejects(create({ PipelineDefinition: "{" }), /not JSON/);
  await house.objects.put(
    { ...caller, bucket: "data" },
    "definition.json",
    Buffer.from(JSON.stringify(refuse("there"))),
  );
  await assert.rejects(create({ PipelineDefinitionS3Location, PipelineDefinition: "{}" }), /not both/);
  await create({ PipelineDefinitionS3Location });
  assert.match(String((await house.call("DescribePipeline", { PipelineName: "P" })).PipelineDefinition), /there/);
});

test("arguments that are no request of their service are refused before anything runs", async () => {
  await using sql = await openTestSql();
  await using house = await openPipelineHouse(sql, createManualClock());
  const step = trainingStep("Train", { Get: "Execution.PipelineName" }, "s3://data/train");
  const train = step.Arguments as JsonObject;
  const create = (Arguments: JsonObject) => house.createPipeline("P", definitionOf([{ ...step, Arguments }]));
  await assert.rejects(create({ ...train, Colour: "red" }), /step Train: Arguments\.Colour is not a member/);
  await assert.rejects(create({ ...train, RoleArn: 1 }), /step Train: Arguments\.RoleArn: /);
  const ResourceConfig = { InstanceType: "ml.none", InstanceCount: 1, VolumeSizeInGB: 1 };
  await assert.rejects(
    create({ ...train, ResourceConfig }),
    /step Train: Arguments\.ResourceConfig\.InstanceType: .*enum/,
  );
  const fail = { Name: "Refuse", Type: "Fail", Arguments: { Message: "" } };
  await assert.rejects(
    house.createPipeline("P", definitionOf([fail])),
    /step Refuse: Arguments\.Message is not a member/,
  );
  await create(train);
});

test("executions keep their definition and parameters, are the same for the same token, and go with their pipeline", async () => {
  await using sql = await openTestSql();
  await using house = await runPipelineHouse(sql, createManualClock(), { sageMaker: (of) => of.service });
  await house.createPipeline("P", refuse("one"));
  const parameters = { PipelineParameters: [{ Name: "Why", Value: "because" }] };
  const arn = await house.start("P", {
    ...parameters,
    ClientRequestToken: TOKEN,
    PipelineExecutionDisplayName: "shown",
  });
  assert.equal(await house.start("P", { ...parameters, ClientRequestToken: TOKEN }), arn);
  await house.ended(arn);
  await house.call("UpdatePipeline", { PipelineName: "P", PipelineDefinition: JSON.stringify(refuse("two")) });
  const second = await house.start("P");
  await house.ended(second);
  const of = (PipelineExecutionArn: string) => ({ PipelineExecutionArn });
  const definition = await house.call("DescribePipelineDefinitionForExecution", of(arn));
  assert.match(String(definition.PipelineDefinition), /one/);
  const given = await house.call("ListPipelineParametersForExecution", of(arn));
  assert.deepEqual(given.PipelineParameters, [{ Name: "Why", Value: "because" }]);
  assert.equal((await house.steps(second))[0]?.Metadata?.Fail?.ErrorMessage, "two");
  assert.equal((await house.describe(second)).PipelineVersionId, 2);
  assert.equal((await house.describe(arn)).PipelineExecutionDisplayName, "shown");
  await house.call("UpdatePipelineExecution", { ...of(arn), PipelineExecutionDescription: "noted" });
  assert.equal((await house.describe(arn)).PipelineExecutionDescription, "noted");
  const list = async (input: object = {}) =>
    await house.call<{ PipelineExecutionSummaries: JsonObject[]; NextToken?: string }>("ListPipelineExecutions", {
      PipelineName: "P",
      ...input,
    });
  const page = await list({ MaxResults: 1 });
  const rest = await list({ MaxResults: 1, NextToken: page.NextToken });
  const listed = [...page.PipelineExecutionSummaries, ...rest.PipelineExecutionSummaries];
  assert.deepEqual(
    listed.map(({ PipelineExecutionArn }) => PipelineExecutionArn),
    [second, arn],
  );
  await assert.rejects(
    house.start("P", { PipelineParameters: [{ Name: "Unknown", Value: "" }] }),
    /no parameter Unknown/,
  );
  const { LastRunTime: lastRun, PipelineName: name } = await house.call("DescribePipeline", { PipelineName: "p" });
  assert.deepEqual([lastRun, name], [(await house.describe(second)).CreationTime, "P"]);
  await assert.rejects(house.start("None"), { name: "ResourceNotFound" });
  await house.call("DeletePipeline", { PipelineName: "P" });
  await assert.rejects(house.describe(arn), { name: "ResourceNotFound" });
});
