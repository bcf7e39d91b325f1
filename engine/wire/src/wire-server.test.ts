import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import {
  CreateTrainingJobCommand,
  type CreateTrainingJobRequest,
  DeleteModelCommand,
  DescribeTrainingJobCommand,
  type DescribeTrainingJobRequest,
  ListModelsCommand,
  ResourceNotFound,
  SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import {
  InvokeEndpointCommand,
  type InvokeEndpointInput,
  InvokeEndpointWithResponseStreamCommand,
  ModelError,
  SageMakerRuntimeClient,
} from "@aws-sdk/client-sagemaker-runtime";
import { awsError } from "./error.ts";
import type { Caller, ServiceDefinition } from "./service.ts";
import { clientConfig, startWire } from "./testing/start-wire.ts";

const require = createRequire(import.meta.url);

const sagemaker: ServiceDefinition = {
  id: "sagemaker",
  signingName: "sagemaker",
  targetPrefix: "SageMaker",
  protocols: ["aws-json"],
  load: () => require("@aws-sdk/client-sagemaker"),
  client: "SageMakerClient",
  constraints: {
    "CreateTrainingJobRequest.TrainingJobName": { min: 1, max: 63, pattern: "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}" },
  },
  operations: {
    CreateTrainingJob: (input: CreateTrainingJobRequest, caller: Caller) => ({
      TrainingJobArn: `arn:aws:sagemaker:${caller.region}:${caller.accountId}:training-job/${input.TrainingJobName}`,
    }),
    DescribeTrainingJob(input: DescribeTrainingJobRequest) {
      if (input.TrainingJobName === "none") throw awsError("ResourceNotFound", "Requested resource not found.");
      if (input.TrainingJobName === "bug") throw new Error("a secret detail");
      const CreationTime = new Date(1234);
      return {
        TrainingJobName: input.TrainingJobName,
        CreationTime,
        FinalMetricDataList: [{ MetricName: "loss", Value: Number.NaN }],
      };
    },
    DeleteModel: () => {},
  },
};

const runtime: ServiceDefinition = {
  id: "sagemaker-runtime",
  signingName: "sagemaker",
  protocols: ["rest-json"],
  load: () => require("@aws-sdk/client-sagemaker-runtime"),
  client: "SageMakerRuntimeClient",
  operations: {
    InvokeEndpoint(input: InvokeEndpointInput) {
      if (input.EndpointName === "bad")
        throw awsError("ModelError", "boom", { fields: { OriginalStatusCode: 418, OriginalMessage: "teapot" } });
      return { Body: input.Body, ContentType: input.ContentType, InvokedProductionVariant: input.EndpointName };
    },
    InvokeEndpointWithResponseStream: () => ({
      ContentType: "text/plain",
      Body: (async function* () {
        for (const text of ["he", "llo"]) yield { PayloadPart: { Bytes: Buffer.from(text) } };
      })(),
    }),
  },
};

const job: CreateTrainingJobRequest = {
  TrainingJobName: "j-1",
  RoleArn: "arn:aws:iam::000000000000:role/training",
  AlgorithmSpecification: { TrainingImage: "image", TrainingInputMode: "File" },
  OutputDataConfig: { S3OutputPath: "s3://bucket/output" },
  ResourceConfig: { InstanceCount: 1, InstanceType: "ml.m5.large", VolumeSizeInGB: 1 },
  StoppingCondition: { MaxRuntimeInSeconds: 60 },
};

test("AWS JSON: the official client creates, describes and deletes", async () => {
  await using server = await startWire({ services: [sagemaker, runtime] });
  const client = new SageMakerClient(clientConfig(server));
  const created = await client.send(new CreateTrainingJobCommand(job));
  assert.equal(created.TrainingJobArn, "arn:aws:sagemaker:eu-central-1:000000000000:training-job/j-1");
  const described = await client.send(new DescribeTrainingJobCommand({ TrainingJobName: "j-1" }));
  assert.deepEqual(described.CreationTime, new Date(1234));
  assert.equal(described.FinalMetricDataList?.[0]?.Value, undefined);
  const deleted = await client.send(new DeleteModelCommand({ ModelName: "m" }));
  assert.equal(deleted.$metadata.httpStatusCode, 200);
  assert.match(deleted.$metadata.requestId ?? "", /^[0-9a-f-]{36}$/);
});

test("AWS JSON: errors arrive as the client's own classes, unknown ones say nothing of the cause and are logged once", async () => {
  await using server = await startWire({ services: [sagemaker, runtime] });
  const client = new SageMakerClient(clientConfig(server));
  await assert.rejects(client.send(new DescribeTrainingJobCommand({ TrainingJobName: "none" })), (error: unknown) => {
    return error instanceof ResourceNotFound && error.message === "Requested resource not found.";
  });
  await assert.rejects(client.send(new DescribeTrainingJobCommand({ TrainingJobName: "bug" })), (error: Error) => {
    return error.name === "InternalFailure" && !error.message.includes("secret");
  });
  assert.equal(server.logged.length, 1);
  assert.match(String(server.logged[0]?.["error"]), /a secret detail/);
  await assert.rejects(
    client.send(new ListModelsCommand({})),
    /UnknownOperationException|ListModels of sagemaker is not implemented.*docs\/operations\.md/,
  );
});

test("constraints: the message is AWS's", async () => {
  await using server = await startWire({ services: [sagemaker, runtime] });
  const client = new SageMakerClient(clientConfig(server));
  const send = (change: object) => client.send(new CreateTrainingJobCommand({ ...job, ...change }));
  await assert.rejects(send({ TrainingJobName: "a_b" }), {
    name: "ValidationException",
    message:
      "1 validation error detected: Value 'a_b' at 'trainingJobName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}",
  });
  await assert.rejects(send({ RoleArn: undefined, TrainingJobName: "x".repeat(64) }), {
    name: "ValidationException",
    message: `2 validation errors detected: Value '${"x".repeat(64)}' at 'trainingJobName' failed to satisfy constraint: Member must have length less than or equal to 63; Value null at 'roleArn' failed to satisfy constraint: Member must not be null`,
  });
  for (const InstanceCount of ["many", 1.5]) {
    await assert.rejects(send({ ResourceConfig: { ...job.ResourceConfig, InstanceCount } }), {
      name: "SerializationException",
    });
  }
});

test("REST-JSON: labels, headers and raw bodies both ways, modelled errors with their members", async () => {
  await using server = await startWire({ services: [sagemaker, runtime] });
  const client = new SageMakerRuntimeClient(clientConfig(server));
  const answer = await client.send(
    new InvokeEndpointCommand({ EndpointName: "e-1", ContentType: "text/csv", Body: "1,2" }),
  );
  assert.equal(Buffer.from(answer.Body ?? []).toString(), "1,2");
  assert.equal(answer.ContentType, "text/csv");
  assert.equal(answer.InvokedProductionVariant, "e-1");
  await assert.rejects(client.send(new InvokeEndpointCommand({ EndpointName: "bad", Body: "" })), (error: unknown) => {
    return error instanceof ModelError && error.OriginalStatusCode === 418 && error.$metadata.httpStatusCode === 424;
  });
});

test("event streams out", async () => {
  await using server = await startWire({ services: [sagemaker, runtime] });
  const client = new SageMakerRuntimeClient(clientConfig(server));
  const answer = await client.send(new InvokeEndpointWithResponseStreamCommand({ EndpointName: "e", Body: "x" }));
  let text = "";
  for await (const event of answer.Body ?? []) text += Buffer.from(event.PayloadPart?.Bytes ?? []).toString();
  assert.equal(text, "hello");
  assert.equal(answer.ContentType, "text/plain");
});
