import assert from "node:assert/strict";
import { test } from "node:test";
import {
  AddTagsCommand,
  BatchDescribeModelPackageCommand,
  CreateModelCommand,
  CreateModelPackageCommand,
  CreateModelPackageGroupCommand,
  type CreateModelPackageInput,
  DeleteModelPackageCommand,
  DeleteModelPackageGroupCommand,
  DeleteModelPackageGroupPolicyCommand,
  DescribeModelCommand,
  DescribeModelPackageCommand,
  DescribeModelPackageGroupCommand,
  GetModelPackageGroupPolicyCommand,
  type InferenceSpecification,
  ListModelPackageGroupsCommand,
  ListModelPackagesCommand,
  type ListModelPackagesInput,
  ListTagsCommand,
  type ModelApprovalStatus,
  PutModelPackageGroupPolicyCommand,
  UpdateModelPackageCommand,
} from "@aws-sdk/client-sagemaker";
import { ENDPOINT_TYPE, type ServedEndpoint } from "@rondo/serve";
import { COUNTING_IMAGE_URI } from "@rondo/serve/testing";
import { type ServingHouse, startServingHouse } from "./testing/serving-house.ts";
import { TRAINING_JOB } from "./training-job-body.ts";

const isError = (name: string, pattern: RegExp) => (error: Error) => {
  assert.equal(error.name, name);
  assert.match(error.message, pattern);
  return true;
};
const isValidation = (pattern: RegExp) => isError("ValidationException", pattern);

const specificationOf = (answer: string) => ({
  Containers: [
    {
      Image: COUNTING_IMAGE_URI,
      ModelDataUrl: `s3://models/${answer}.tar.gz`,
      Environment: { KEY: "package", KEPT: "package" },
    },
  ],
  SupportedContentTypes: ["text/plain"],
  SupportedResponseMIMETypes: ["text/plain"],
});

/** What a package without a group must say. */
const instanceTypes: Partial<InferenceSpecification> = {
  SupportedRealtimeInferenceInstanceTypes: ["ml.m5.large"],
  SupportedTransformInstanceTypes: ["ml.m5.large"],
};

async function createGroup({ sagemaker }: ServingHouse, name: string) {
  return await sagemaker.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName: name }));
}

async function register({ sagemaker }: ServingHouse, input: Partial<CreateModelPackageInput>): Promise<string> {
  const command = new CreateModelPackageCommand({ InferenceSpecification: specificationOf("one"), ...input });
  return (await sagemaker.send(command)).ModelPackageArn ?? "";
}

async function approve({ sagemaker }: ServingHouse, arn: string, status: ModelApprovalStatus): Promise<void> {
  await sagemaker.send(new UpdateModelPackageCommand({ ModelPackageArn: arn, ModelApprovalStatus: status }));
}

async function versionsOf({ sagemaker }: ServingHouse, input: ListModelPackagesInput) {
  const { ModelPackageSummaryList = [] } = await sagemaker.send(new ListModelPackagesCommand(input));
  return ModelPackageSummaryList.map(
    ({ ModelPackageVersion, ModelPackageName }) => ModelPackageVersion ?? ModelPackageName,
  );
}

test("a model package group is created, described, listed and deleted", async () => {
  await using house = await startServingHouse();
  const { sagemaker } = house;
  const { ModelPackageGroupArn: arn } = await createGroup(house, "Sentiment");
  assert.equal(arn, `arn:aws:sagemaker:${house.region}:${house.accountId}:model-package-group/sentiment`);
  await assert.rejects(
    createGroup(house, "Sentiment"),
    isValidation(/already exists: arn:.*model-package-group\/sentiment/),
  );
  for (const name of ["Sentiment", arn]) {
    const group = await sagemaker.send(new DescribeModelPackageGroupCommand({ ModelPackageGroupName: name }));
    assert.equal(group.ModelPackageGroupName, "Sentiment");
    assert.equal(group.ModelPackageGroupStatus, "Completed");
    assert.match(group.CreatedBy?.IamIdentity?.Arn ?? "", /user\/serving$/);
  }
  await createGroup(house, "other");
  const { ModelPackageGroupSummaryList: all } = await sagemaker.send(new ListModelPackageGroupsCommand({}));
  assert.deepEqual(
    all?.map(({ ModelPackageGroupName }) => ModelPackageGroupName),
    ["Sentiment", "other"],
  );
  const version = await register(house, { ModelPackageGroupName: "Sentiment" });
  const remove = () => sagemaker.send(new DeleteModelPackageGroupCommand({ ModelPackageGroupName: "Sentiment" }));
  await assert.rejects(remove(), isError("ConflictException", /still contains model packages/));
  await sagemaker.send(new DeleteModelPackageCommand({ ModelPackageName: version }));
  await remove();
  await assert.rejects(remove(), isValidation(/^Model Package Group arn:.*\/sentiment does not exist/));
});

test("a group keeps its policy and its tags", async () => {
  await using house = await startServingHouse();
  const { sagemaker } = house;
  const { ModelPackageGroupArn: ResourceArn } = await createGroup(house, "sentiment");
  const group = { ModelPackageGroupName: "sentiment" };
  const read = () => sagemaker.send(new GetModelPackageGroupPolicyCommand(group));
  await assert.rejects(read(), isValidation(/^Cannot find resource policy/));
  const ResourcePolicy = JSON.stringify({ Version: "2012-10-17", Statement: [] });
  const bad = new PutModelPackageGroupPolicyCommand({ ...group, ResourcePolicy: "none" });
  await assert.rejects(sagemaker.send(bad), isValidation(/JSON/));
  await sagemaker.send(new PutModelPackageGroupPolicyCommand({ ...group, ResourcePolicy }));
  assert.equal((await read()).ResourcePolicy, ResourcePolicy);
  await sagemaker.send(new DeleteModelPackageGroupPolicyCommand(group));
  await assert.rejects(read(), isValidation(/^Cannot find resource policy/));
  await sagemaker.send(new AddTagsCommand({ ResourceArn, Tags: [{ Key: "team", Value: "nlp" }] }));
  const version = await register(house, group);
  await sagemaker.send(new AddTagsCommand({ ResourceArn: version, Tags: [{ Key: "stage", Value: "live" }] }));
  const tagsOf = async (arn: string | undefined) =>
    (await sagemaker.send(new ListTagsCommand({ ResourceArn: arn }))).Tags?.map(({ Key }) => Key);
  assert.deepEqual([await tagsOf(ResourceArn), await tagsOf(version)], [["team"], ["stage"]]);
});

test("a version keeps what it was registered with, and is approved", async () => {
  await using house = await startServingHouse();
  const { sagemaker } = house;
  await createGroup(house, "sentiment");
  const given = {
    ModelPackageGroupName: "sentiment",
    ModelPackageDescription: "of November",
    ModelMetrics: {
      ModelQuality: { Statistics: { ContentType: "application/json", S3Uri: "s3://b/evaluation.json" } },
    },
    DriftCheckBaselines: { Bias: { ConfigFile: { S3Uri: "s3://b/bias.json" } } },
    MetadataProperties: { CommitId: "abc" },
    CustomerMetadataProperties: { accuracy: "0.91", data: "v1" },
    Domain: "NATURAL_LANGUAGE_PROCESSING",
  };
  const arn = await register(house, given);
  assert.equal(arn, `arn:aws:sagemaker:${house.region}:${house.accountId}:model-package/sentiment/1`);
  const described = await sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: "sentiment/1" }));
  for (const [member, value] of Object.entries(given)) assert.deepEqual(described[member as keyof typeof given], value);
  assert.equal(described.ModelPackageStatus, "Completed");
  assert.equal(described.ModelApprovalStatus, "PendingManualApproval");
  assert.deepEqual(described.ModelPackageStatusDetails?.ValidationStatuses, []);
  const update = new UpdateModelPackageCommand({
    ModelPackageArn: arn,
    ModelApprovalStatus: "Approved",
    ClientToken: "once",
    ApprovalDescription: "better on both domains",
    CustomerMetadataProperties: { accuracy: "0.92" },
    CustomerMetadataPropertiesToRemove: ["data"],
    AdditionalInferenceSpecificationsToAdd: [{ Name: "second", Containers: specificationOf("two").Containers }],
  });
  await sagemaker.send(update);
  await sagemaker.send(update);
  const approved = await sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: arn }));
  assert.equal(approved.ModelApprovalStatus, "Approved");
  assert.equal(approved.ApprovalDescription, "better on both domains");
  assert.deepEqual(approved.CustomerMetadataProperties, { accuracy: "0.92" });
  assert.equal(approved.AdditionalInferenceSpecifications?.length, 1);
  assert.match(approved.LastModifiedBy?.IamIdentity?.Arn ?? "", /user\/serving$/);
});

test("versions that are registered at the same time count up without gaps or doubles, and none is given twice", async () => {
  await using house = await startServingHouse();
  await createGroup(house, "sentiment");
  const group = { ModelPackageGroupName: "sentiment" };
  const arns = await Promise.all(Array.from({ length: 12 }, () => register(house, group)));
  const numbers = arns.map((arn) => Number(arn.split("/").at(-1))).toSorted((a, b) => a - b);
  assert.deepEqual(numbers, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  assert.deepEqual(await versionsOf(house, { ...group, SortBy: "Name", MaxResults: 100 }), numbers);
  const newest = new DeleteModelPackageCommand({ ModelPackageName: "sentiment/12" });
  await house.sagemaker.send(newest);
  await assert.rejects(
    house.sagemaker.send(newest),
    isValidation(/^ModelPackage arn:.*\/sentiment\/12 does not exist/),
  );
  assert.match(await register(house, group), /sentiment\/13$/);
});

test("the same request with the same client token registers once", async () => {
  await using house = await startServingHouse();
  await createGroup(house, "sentiment");
  const request = { ModelPackageGroupName: "sentiment", ClientToken: "token-1" };
  const arns = await Promise.all([1, 2, 3].map(() => register(house, request)));
  assert.equal(new Set(arns).size, 1);
  const other = register(house, { ...request, ModelPackageDescription: "another" });
  await assert.rejects(other, isError("ConflictException", /token-1/));
  assert.match(await register(house, { ...request, ClientToken: "token-2" }), /sentiment\/2$/);
  const InferenceSpecification = { ...specificationOf("one"), ...instanceTypes };
  const single = { ModelPackageName: "single", InferenceSpecification, ClientToken: "token-1" };
  const singles = await Promise.all([1, 2, 3].map(() => register(house, single)));
  assert.equal(new Set(singles).size, 1);
});

test("packages are listed by group, approval, type, name and page", async () => {
  await using house = await startServingHouse();
  for (const name of ["sentiment", "sentiment-two"]) await createGroup(house, name);
  const arns: string[] = [];
  for (let index = 0; index < 3; index++) arns.push(await register(house, { ModelPackageGroupName: "sentiment" }));
  await register(house, { ModelPackageGroupName: "sentiment-two" });
  const InferenceSpecification = { ...specificationOf("one"), ...instanceTypes };
  await register(house, { ModelPackageName: "single", InferenceSpecification, ModelApprovalStatus: "Approved" });
  const again = register(house, { ModelPackageName: "single", InferenceSpecification });
  await assert.rejects(again, isValidation(/^ModelPackage already exists/));
  await approve(house, arns[1]!, "Approved");
  const group = { ModelPackageGroupName: "sentiment" };
  assert.deepEqual(await versionsOf(house, group), [1, 2, 3]);
  assert.deepEqual(await versionsOf(house, { ...group, SortOrder: "Descending", MaxResults: 2 }), [3, 2]);
  assert.deepEqual(await versionsOf(house, { ...group, ModelApprovalStatus: "Approved" }), [2]);
  assert.deepEqual(await versionsOf(house, {}), ["single"]);
  assert.deepEqual(await versionsOf(house, { ModelPackageType: "Both", NameContains: "s" }), [1, 2, 3, 1, "single"]);
  const missing = `${arns[0]}9`;
  const batch = await house.sagemaker.send(
    new BatchDescribeModelPackageCommand({ ModelPackageArnList: [arns[1]!, missing] }),
  );
  assert.equal(batch.ModelPackageSummaries?.[arns[1]!]?.ModelApprovalStatus, "Approved");
  assert.equal(batch.BatchDescribeModelPackageErrorMap?.[missing]?.ErrorCode, "ValidationException");
});

test("what a package cannot be is refused", async () => {
  await using house = await startServingHouse();
  await createGroup(house, "sentiment");
  const refused: [Partial<CreateModelPackageInput>, RegExp][] = [
    [{}, /Missing ARN/],
    [{ ModelPackageGroupName: "sentiment", ModelPackageName: "single" }, /Cannot determine which one to use/],
    [{ ModelPackageGroupName: "none" }, /^Model Package Group arn:.*\/none does not exist/],
    [{ ModelPackageName: "single" }, /SupportedRealtimeInferenceInstanceTypes/],
    [{ ModelPackageGroupName: "sentiment", InferenceSpecification: undefined }, /SourceUri must be given/],
    [{ ModelPackageGroupName: "sentiment", InferenceSpecification: { Containers: [{}] } }, /must have an Image/],
    [{ ModelPackageGroupName: "sentiment", SourceUri: "s3://b/model" }, /cannot be given together/],
    [{ ModelPackageGroupName: "sentiment", Tags: [{ Key: "a", Value: "b" }] }, /tags of its model package group/],
    [{ ModelPackageGroupName: "sentiment", CertifyForMarketplace: true }, /CertifyForMarketplace/],
  ];
  for (const [input, pattern] of refused) await assert.rejects(register(house, input), isValidation(pattern));
});

test("a package says which training job made its artifact, and clones what its source contains", async () => {
  await using house = await startServingHouse();
  await createGroup(house, "sentiment");
  const { accountId, region } = house;
  const arn = `arn:aws:sagemaker:${region}:${accountId}:training-job/november`;
  const body = { ModelArtifacts: { S3ModelArtifacts: "s3://models/one.tar.gz" } };
  const job = { accountId, region, type: TRAINING_JOB, name: "november", arn, status: "Completed", body };
  await house.store.resources.insert(job);
  const describe = async (ModelPackageName: string) =>
    await house.sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName }));
  const first = await register(house, { ModelPackageGroupName: "sentiment" });
  assert.equal((await describe(first)).MetadataProperties?.GeneratedBy, arn);
  await house.createModel("plain", "two");
  const model = `arn:aws:sagemaker:${region}:${accountId}:model/plain`;
  for (const [SourceUri, artifact] of [
    [first, "s3://models/one.tar.gz"],
    [model, "s3://models/two.tar.gz"],
  ] as const) {
    const input = { ModelPackageGroupName: "sentiment", InferenceSpecification: undefined, SourceUri };
    const clone = await describe(await register(house, input));
    assert.equal(clone.InferenceSpecification?.Containers?.[0]?.ModelDataUrl, artifact);
    assert.equal(clone.SourceUri, SourceUri);
  }
});

test("a model made from an approved package serves what the package contains", async () => {
  await using house = await startServingHouse();
  await createGroup(house, "sentiment");
  const arn = await register(house, { ModelPackageGroupName: "sentiment" });
  const create = (name: string, container: object) =>
    house.sagemaker.send(new CreateModelCommand({ ModelName: name, PrimaryContainer: container }));
  const container = { ModelPackageName: arn, Environment: { KEY: "model" } };
  await assert.rejects(create("model", container), isValidation(/is PendingManualApproval; only an Approved/));
  await assert.rejects(create("model", { ModelPackageName: `${arn}1` }), isValidation(/does not exist/));
  await approve(house, arn, "Approved");
  await assert.rejects(create("model", { ...container, Image: COUNTING_IMAGE_URI }), isValidation(/takes its Image/));
  await create("model", container);
  const model = await house.sagemaker.send(new DescribeModelCommand({ ModelName: "model" }));
  assert.deepEqual(model.PrimaryContainer, container);
  await house.createConfig("config", { AllTraffic: "model" });
  await house.createEndpointOf("sentiment", "config");
  await house.inService("sentiment");
  assert.equal(await house.ask("sentiment", "x"), "one:x");
  const row = await house.store.resources.find<ServedEndpoint>(house, ENDPOINT_TYPE, "sentiment");
  assert.deepEqual(row?.body.deployed?.variants[0]?.containers[0]?.environment, { KEY: "model", KEPT: "package" });
  await approve(house, arn, "Rejected");
  assert.equal(await house.ask("sentiment", "x"), "one:x");
  await assert.rejects(house.createEndpointOf("next", "config"), isValidation(/is Rejected; only an Approved/));
});
