import assert from "node:assert/strict";
import { test } from "node:test";
import {
  AddTagsCommand,
  CreateModelPackageCommand,
  CreateModelPackageGroupCommand,
  CreatePipelineCommand,
  SearchCommand,
  type SearchRecord,
  type SearchRequest,
  StartPipelineExecutionCommand,
  UpdateModelPackageCommand,
} from "@aws-sdk/client-sagemaker";
import { COUNTING_IMAGE_URI } from "@rondo/serve/testing";
import { type ServingHouse, startServingHouse } from "./testing/serving-house.ts";

/** Three groups; the first has seven versions, the third of them approved. */
async function startRegistry(): Promise<ServingHouse> {
  const house = await startServingHouse();
  for (const ModelPackageGroupName of ["sentiment", "journey", "sentiment-two"]) {
    await house.sagemaker.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName }));
  }
  for (let version = 1; version <= 7; version++) {
    const command = new CreateModelPackageCommand({
      ModelPackageGroupName: "sentiment",
      InferenceSpecification: { Containers: [{ Image: COUNTING_IMAGE_URI, ModelDataUrl: "s3://models/one.tar.gz" }] },
      CustomerMetadataProperties: { accuracy: String(0.9 + version / 100) },
    });
    const { ModelPackageArn } = await house.sagemaker.send(command);
    if (version !== 3) continue;
    await house.sagemaker.send(new UpdateModelPackageCommand({ ModelPackageArn, ModelApprovalStatus: "Approved" }));
  }
  return house;
}

async function search({ sagemaker }: ServingHouse, input: SearchRequest): Promise<SearchRecord[]> {
  const records: SearchRecord[] = [];
  let NextToken: string | undefined;
  do {
    const page = await sagemaker.send(new SearchCommand({ ...input, NextToken }));
    assert.ok((page.Results ?? []).length <= (input.MaxResults ?? 10));
    records.push(...(page.Results ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return records;
}

const versionsOf = (records: readonly SearchRecord[]) =>
  records.map((record) => record.ModelPackage?.ModelPackageVersion);

test("model package groups and versions are found by their properties", async () => {
  await using house = await startRegistry();
  const named = { Filters: [{ Name: "ModelPackageGroupName", Operator: "Equals" as const, Value: "sentiment" }] };
  const groups = await search(house, { Resource: "ModelPackageGroup", SearchExpression: named });
  assert.deepEqual(
    groups.map(({ ModelPackageGroup }) => ModelPackageGroup?.ModelPackageGroupName),
    ["sentiment"],
  );
  const approved = await search(house, {
    Resource: "ModelPackage",
    SearchExpression: { Filters: [{ Name: "ModelApprovalStatus", Value: "Approved" }, ...named.Filters] },
  });
  assert.deepEqual(versionsOf(approved), [3]);
  assert.ok(approved[0]?.ModelPackage?.CreationTime instanceof Date);
  assert.equal(approved[0]?.ModelPackage?.InferenceSpecification?.Containers?.[0]?.Image, COUNTING_IMAGE_URI);
});

test("what is found is sorted by any property and comes page by page", async () => {
  await using house = await startRegistry();
  const byAccuracy = { SortBy: "CustomerMetadataProperties.accuracy", SortOrder: "Ascending" as const };
  const request: SearchRequest = { Resource: "ModelPackage", MaxResults: 2, ...byAccuracy };
  assert.deepEqual(versionsOf(await search(house, request)), [1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(versionsOf(await search(house, { ...request, SortOrder: "Descending" })), [7, 6, 5, 4, 3, 2, 1]);
  // The newest change first: version 3 was approved before the others were made.
  assert.deepEqual(versionsOf(await search(house, { Resource: "ModelPackage", MaxResults: 3 })), [7, 6, 5, 4, 3, 2, 1]);
  const unsorted = await search(house, { ...request, SortBy: "Domain" });
  assert.deepEqual(versionsOf(unsorted), [1, 2, 3, 4, 5, 6, 7]);
  const { NextToken, TotalHits } = await house.sagemaker.send(new SearchCommand(request));
  assert.equal(TotalHits?.Value, 7);
  const foreign = new SearchCommand({ ...request, SortOrder: "Descending", NextToken });
  await assert.rejects(house.sagemaker.send(foreign), { name: "ValidationException", message: /NextToken/ });
});

test("models, endpoints and tags are found; of what cannot be created here there is nothing", async () => {
  await using house = await startRegistry();
  await house.createEndpoint("live", "one", [{ Key: "team", Value: "nlp" }]);
  await house.inService("live");
  const arn = `arn:aws:sagemaker:${house.region}:${house.accountId}:model/live-one`;
  await house.sagemaker.send(new AddTagsCommand({ ResourceArn: arn, Tags: [{ Key: "team", Value: "nlp" }] }));
  const SearchExpression = { Filters: [{ Name: "Tags.team", Value: "nlp" }] };
  const [endpoint] = await search(house, { Resource: "Endpoint", SearchExpression });
  assert.equal(endpoint?.Endpoint?.EndpointStatus, "InService");
  assert.deepEqual(endpoint?.Endpoint?.Tags, [{ Key: "team", Value: "nlp" }]);
  const [model] = await search(house, { Resource: "Model", SearchExpression });
  assert.equal(model?.Model?.Model?.ModelName, "live-one");
  assert.deepEqual(await search(house, { Resource: "ModelCard", SearchExpression }), []);
  assert.deepEqual(await search(house, { Resource: "TrainingJob", SearchExpression }), []);
});

test("pipelines and their executions are found", async () => {
  await using house = await startServingHouse();
  const PipelineDefinition = JSON.stringify({
    Version: "2020-12-01",
    Parameters: [{ Name: "Epochs", Type: "Integer", DefaultValue: 3 }],
    Steps: [{ Name: "Refuse", Type: "Fail", Arguments: { ErrorMessage: "not good enough" } }],
  });
  const RoleArn = `arn:aws:iam::${house.accountId}:role/pipelines`;
  const pipeline = { PipelineName: "Training", PipelineDefinition, RoleArn };
  const { PipelineArn = "" } = await house.sagemaker.send(new CreatePipelineCommand(pipeline));
  await house.sagemaker.send(new StartPipelineExecutionCommand({ PipelineName: "Training" }));
  const named = { Filters: [{ Name: "PipelineName", Value: "Training" }] };
  const [found] = await search(house, { Resource: "Pipeline", SearchExpression: named });
  assert.equal(found?.Pipeline?.PipelineArn, PipelineArn);
  assert.ok(found.Pipeline.LastModifiedTime instanceof Date);
  const ofPipeline = { Filters: [{ Name: "PipelineArn", Value: PipelineArn }] };
  const [execution] = await search(house, { Resource: "PipelineExecution", SearchExpression: ofPipeline });
  assert.equal(execution?.PipelineExecution?.PipelineExecutionStatus, "Executing");
  assert.deepEqual(execution?.PipelineExecution?.PipelineParameters, [{ Name: "Epochs", Value: "3" }]);
});
