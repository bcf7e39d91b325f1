import assert from "node:assert/strict";
import { test } from "node:test";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  CreateTrainingJobCommand,
  DescribeTrainingJobCommand,
  SageMakerClient,
  waitUntilEndpointInService,
  waitUntilTrainingJobCompletedOrStopped,
} from "@aws-sdk/client-sagemaker";
import { InvokeEndpointCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { startTestServer } from "./testing/start-test-server.ts";

const image = "811284229777.dkr.ecr.us-east-1.amazonaws.com/blazingtext:1";
const role = "arn:aws:iam::000000000000:role/training";
const soon = { minDelay: 1, maxDelay: 1, maxWaitTime: 60 };

test("labelled text becomes a model that answers, through the public API alone", async () => {
  await using server = await startTestServer();
  const s3 = new S3Client(server.clientConfig);
  const sagemaker = new SageMakerClient(server.clientConfig);
  const runtime = new SageMakerRuntimeClient(server.clientConfig);
  await s3.send(new CreateBucketCommand({ Bucket: "opinions" }));
  const lines = "__label__good great lovely phone\n__label__bad poor broken phone\n".repeat(300);
  await s3.send(new PutObjectCommand({ Bucket: "opinions", Key: "train/all.txt", Body: lines }));
  const source = { S3DataType: "S3Prefix" as const, S3Uri: "s3://opinions/train/" };
  await sagemaker.send(
    new CreateTrainingJobCommand({
      TrainingJobName: "opinions",
      RoleArn: role,
      AlgorithmSpecification: { TrainingImage: image, TrainingInputMode: "File" },
      HyperParameters: { mode: "supervised", epochs: "5", min_count: "1", vector_dim: "10", buckets: "1000" },
      InputDataConfig: [{ ChannelName: "train", DataSource: { S3DataSource: source } }],
      OutputDataConfig: { S3OutputPath: "s3://opinions/output" },
      ResourceConfig: { InstanceCount: 1, InstanceType: "ml.m5.large", VolumeSizeInGB: 5 },
      StoppingCondition: { MaxRuntimeInSeconds: 600 },
    }),
  );
  await waitUntilTrainingJobCompletedOrStopped({ client: sagemaker, ...soon }, { TrainingJobName: "opinions" });
  const job = await sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: "opinions" }));
  assert.equal(job.TrainingJobStatus, "Completed", job.FailureReason);

  const container = { Image: image, ModelDataUrl: job.ModelArtifacts?.S3ModelArtifacts };
  await sagemaker.send(new CreateModelCommand({ ModelName: "m", ExecutionRoleArn: role, PrimaryContainer: container }));
  const variant = { VariantName: "AllTraffic", ModelName: "m", InitialInstanceCount: 1 };
  const variants = [{ ...variant, InstanceType: "ml.m5.large" as const }];
  await sagemaker.send(new CreateEndpointConfigCommand({ EndpointConfigName: "c", ProductionVariants: variants }));
  await sagemaker.send(new CreateEndpointCommand({ EndpointName: "e", EndpointConfigName: "c" }));
  await waitUntilEndpointInService({ client: sagemaker, ...soon }, { EndpointName: "e" });
  const body = JSON.stringify({ instances: ["a lovely phone"] });
  const question = new InvokeEndpointCommand({ EndpointName: "e", ContentType: "application/json", Body: body });
  const answer = await runtime.send(question);
  assert.equal(JSON.parse(Buffer.from(answer.Body ?? []).toString())[0].label[0], "__label__good");
});
