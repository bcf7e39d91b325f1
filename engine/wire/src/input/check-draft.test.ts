import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import type { SdkModule, ServiceDefinition } from "../service.ts";
import { checkDraft } from "./check-draft.ts";

const require = createRequire(import.meta.url);
const definition: ServiceDefinition = {
  id: "sagemaker",
  signingName: "sagemaker",
  protocols: ["aws-json"],
  load: () => require("@aws-sdk/client-sagemaker") as SdkModule,
  client: "SageMakerClient",
  operations: {},
  constraints: { "CreateTrainingJobRequest.RoleArn": { min: 20 } },
};

const request = {
  RoleArn: "arn:aws:iam::111122223333:role/x",
  AlgorithmSpecification: { TrainingImage: "later", TrainingInputMode: "File" },
  InputDataConfig: [{ ChannelName: "train", DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri: "later" } } }],
  OutputDataConfig: { S3OutputPath: "s3://data" },
  ResourceConfig: { InstanceType: "ml.m5.large", InstanceCount: 1, VolumeSizeInGB: "later" },
  StoppingCondition: { MaxRuntimeInSeconds: 60 },
};

function check(changes: object): string | undefined {
  const input = { ...request, ...changes };
  const isOpen = (value: unknown) => value === "later";
  return checkDraft(definition, { operation: "CreateTrainingJob", input, isOpen, openMembers: ["TrainingJobName"] });
}

test("a draft whose known values are right has no problem", () => {
  assert.equal(check({}), undefined);
  assert.equal(check({ ResourceConfig: "later", TrainingJobName: "prefix" }), undefined);
});

const wrong: readonly (readonly [object, RegExp])[] = [
  [{ RoleArn: undefined }, /^RoleArn is missing$/],
  [{ RoleArn: "short" }, /^RoleArn: .*length greater than or equal to 20/],
  [{ Colour: "red" }, /^Colour is not a member of CreateTrainingJobRequest$/],
  [{ HyperParameters: { epochs: 3 } }, /^HyperParameters: /],
  [
    { ResourceConfig: { ...request.ResourceConfig, InstanceType: "ml.none" } },
    /^ResourceConfig\.InstanceType: .*enum value set/,
  ],
  [{ ResourceConfig: { ...request.ResourceConfig, InstanceTyp: "x" } }, /^ResourceConfig\.InstanceTyp is not a member/],
  [{ InputDataConfig: [{ ChannelName: "later" }] }, /^InputDataConfig\[0\]\.DataSource is missing$/],
  [
    { InputDataConfig: [{ ...request.InputDataConfig[0], Shuffle: true }] },
    /^InputDataConfig\[0\]\.Shuffle is not a member/,
  ],
  [{ OutputDataConfig: "s3://data" }, /^OutputDataConfig must be an object$/],
];

test("names the member that is wrong, beside values that come later", () => {
  for (const [changes, message] of wrong) assert.match(check(changes) ?? "nothing", message);
});
