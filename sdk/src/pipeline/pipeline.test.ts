import assert from "node:assert/strict";
import { test } from "node:test";
import { Estimator } from "../estimator.ts";
import { Processor } from "../processor.ts";
import { Session } from "../session.ts";
import { conditionGreaterThanOrEqualTo, conditionNot } from "./condition.ts";
import { ExecutionVariables } from "./execution-variables.ts";
import { requirePlain } from "./expression.ts";
import { join, jsonGet } from "./functions.ts";
import { ParameterFloat, ParameterString } from "./parameter.ts";
import { Pipeline } from "./pipeline.ts";
import { ConditionStep, FailStep, ProcessingStep, RegisterModelStep, TrainingStep } from "./steps.ts";

const session = new Session({ region: "eu-west-1", endpoint: "http://127.0.0.1:1" });
const role = "arn:aws:iam::123456789012:role/SageMakerRole";
const image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/node:24";
const inputData = new ParameterString({ name: "InputData", defaultValue: "s3://b/raw", enumValues: ["s3://b/raw"] });
const threshold = new ParameterFloat({ name: "Threshold", defaultValue: 0.8 });
const report = { name: "Report", outputName: "evaluation", path: "evaluation.json" };

async function prepareStep(): Promise<ProcessingStep> {
  const processor = new Processor({ imageUri: image, role, session, command: ["node"] });
  return new ProcessingStep({
    name: "Prepare",
    arguments: await processor.request({
      code: "s3://b/code/prepare.ts",
      inputs: [{ name: "raw", source: inputData, destination: "/opt/ml/processing/raw" }],
      outputs: [
        {
          name: "train",
          source: "/opt/ml/processing/train",
          destination: join("/", ["s3://b", ExecutionVariables.pipelineExecutionId]),
        },
      ],
    }),
    propertyFiles: [report],
    cache: { expireAfter: "P1D" },
    retryPolicies: [{ exceptionTypes: ["Step.SERVICE_FAULT"], maxAttempts: 3 }],
  });
}

async function trainStep(prepare: ProcessingStep): Promise<TrainingStep> {
  const estimator = new Estimator({
    imageUri: image,
    role,
    session,
    outputPath: "s3://b/models",
    hyperparameters: { share: threshold, shuffle: true },
  });
  const train = prepare.properties.ProcessingOutputConfig.Outputs.at("train").S3Output.S3Uri;
  return new TrainingStep({ name: "Train", arguments: await estimator.request({ train }) });
}

interface Definition {
  readonly Parameters: unknown;
  readonly Steps: readonly Record<string, unknown>[];
}

test("a definition has the form that the SageMaker Python SDK writes", async () => {
  const prepare = await prepareStep();
  const train = await trainStep(prepare);
  const register = new RegisterModelStep({
    name: "Register",
    arguments: {
      ModelPackageGroupName: "reviews",
      InferenceSpecification: {
        Containers: [{ Image: image, ModelDataUrl: train.properties.ModelArtifacts.S3ModelArtifacts }],
        SupportedContentTypes: ["application/json"],
        SupportedResponseMIMETypes: ["application/json"],
      },
    },
  });
  const accuracy = jsonGet("Prepare", report, "metrics.accuracy");
  const check = new ConditionStep({
    name: "Check",
    conditions: [conditionGreaterThanOrEqualTo(accuracy, threshold), conditionNot(conditionGreaterThanOrEqualTo(1, 2))],
    ifSteps: [register],
    elseSteps: [new FailStep({ name: "Refuse", errorMessage: "not good enough", dependsOn: [train] })],
  });
  const pipeline = new Pipeline({
    name: "p",
    session,
    parameters: [inputData, threshold],
    steps: [prepare, train, check],
  });

  const { Parameters, Steps } = JSON.parse(pipeline.definition()) as Definition;

  assert.deepEqual(Parameters, [
    { Name: "InputData", Type: "String", DefaultValue: "s3://b/raw", EnumValues: ["s3://b/raw"] },
    { Name: "Threshold", Type: "Float", DefaultValue: 0.8 },
  ]);
  const [first, second, third] = Steps;
  assert.deepEqual(first?.["PropertyFiles"], [
    { PropertyFileName: "Report", OutputName: "evaluation", FilePath: "evaluation.json" },
  ]);
  assert.deepEqual(first?.["CacheConfig"], { Enabled: true, ExpireAfter: "P1D" });
  assert.deepEqual(first?.["RetryPolicies"], [
    { ExceptionType: ["Step.SERVICE_FAULT"], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 3 },
  ]);
  const prepared = first?.["Arguments"] as {
    AppSpecification: unknown;
    ProcessingOutputConfig: { Outputs: unknown[] };
  };
  assert.deepEqual(prepared.AppSpecification, {
    ImageUri: image,
    ContainerEntrypoint: ["node", "/opt/ml/processing/input/code/prepare.ts"],
  });
  assert.deepEqual(prepared.ProcessingOutputConfig.Outputs, [
    {
      OutputName: "train",
      S3Output: {
        S3Uri: { "Std:Join": { On: "/", Values: ["s3://b", { Get: "Execution.PipelineExecutionId" }] } },
        LocalPath: "/opt/ml/processing/train",
        S3UploadMode: "EndOfJob",
      },
    },
  ]);
  const trained = second?.["Arguments"] as {
    HyperParameters: unknown;
    InputDataConfig: { DataSource: { S3DataSource: { S3Uri: unknown } } }[];
  };
  assert.deepEqual(trained.InputDataConfig[0]?.DataSource.S3DataSource.S3Uri, {
    Get: "Steps.Prepare.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri",
  });
  assert.deepEqual(trained.HyperParameters, {
    share: { "Std:Join": { On: "", Values: [{ Get: "Parameters.Threshold" }] } },
    shuffle: "True",
  });
  assert.deepEqual(third?.["Arguments"], {
    Conditions: [
      {
        Type: "GreaterThanOrEqualTo",
        LeftValue: {
          "Std:JsonGet": { PropertyFile: { Get: "Steps.Prepare.PropertyFiles.Report" }, Path: "metrics.accuracy" },
        },
        RightValue: { Get: "Parameters.Threshold" },
      },
      { Type: "Not", Condition: { Type: "GreaterThanOrEqualTo", LeftValue: 1, RightValue: 2 } },
    ],
    IfSteps: [
      {
        Name: "Register",
        Type: "RegisterModel",
        Arguments: {
          ModelPackageGroupName: "reviews",
          InferenceSpecification: {
            Containers: [{ Image: image, ModelDataUrl: { Get: "Steps.Train.ModelArtifacts.S3ModelArtifacts" } }],
            SupportedContentTypes: ["application/json"],
            SupportedResponseMIMETypes: ["application/json"],
          },
        },
      },
    ],
    ElseSteps: [{ Name: "Refuse", Type: "Fail", Arguments: { ErrorMessage: "not good enough" }, DependsOn: ["Train"] }],
  });
});

test("a value of a pipeline is refused outside of one", async () => {
  const processor = new Processor({ imageUri: image, role, session });
  const inputs = [{ name: "raw", source: inputData, destination: "/opt/ml/processing/raw" }];
  await assert.rejects(processor.run({ inputs }), /ProcessingInputs\.0\.S3Input\.S3Uri is a value of a pipeline/);
  assert.deepEqual(requirePlain<{ name: string }>({ name: "plain" }), { name: "plain" });
});
