import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { CreateBucketCommand, ListBucketsCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateTrainingJobCommand, ListTrainingJobsCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { startTestServer } from "./testing/start-test-server.ts";

test("reset empties everything and keeps the key pair; what ran before does not come back", async () => {
  await using server = await startTestServer({ allowReset: true });
  const s3 = new S3Client(server.clientConfig);
  const sagemaker = new SageMakerClient(server.clientConfig);
  await s3.send(new CreateBucketCommand({ Bucket: "opinions" }));
  const lines = "__label__good great phone\n__label__bad poor phone\n".repeat(50_000);
  await s3.send(new PutObjectCommand({ Bucket: "opinions", Key: "train/all.txt", Body: lines }));
  const source = { S3DataType: "S3Prefix" as const, S3Uri: "s3://opinions/train/" };
  const job = new CreateTrainingJobCommand({
    TrainingJobName: "long",
    RoleArn: "arn:aws:iam::000000000000:role/training",
    AlgorithmSpecification: { TrainingImage: "local/blazingtext:1", TrainingInputMode: "File" },
    HyperParameters: { mode: "supervised", epochs: "1000" },
    InputDataConfig: [{ ChannelName: "train", DataSource: { S3DataSource: source } }],
    OutputDataConfig: { S3OutputPath: "s3://opinions/output" },
    ResourceConfig: { InstanceCount: 1, InstanceType: "ml.m5.large", VolumeSizeInGB: 5 },
    StoppingCondition: { MaxRuntimeInSeconds: 600 },
  });
  await sagemaker.send(job);

  const reset = (headers: Record<string, string>) => fetch(`${server.url}/_rondo/reset`, { method: "POST", headers });
  assert.equal((await reset({ origin: "https://example.org" })).status, 403);
  assert.equal((await s3.send(new ListBucketsCommand({}))).Buckets?.length, 1);
  assert.equal((await reset({})).status, 200);
  assert.deepEqual((await s3.send(new ListBucketsCommand({}))).Buckets ?? [], []);
  assert.deepEqual((await sagemaker.send(new ListTrainingJobsCommand({}))).TrainingJobSummaries, []);
  await s3.send(new CreateBucketCommand({ Bucket: "opinions" }));
});

test("reset leaves no body of an object on disk", async () => {
  await using server = await startTestServer({ allowReset: true });
  const s3 = new S3Client(server.clientConfig);
  await s3.send(new CreateBucketCommand({ Bucket: "large" }));
  await s3.send(new PutObjectCommand({ Bucket: "large", Key: "body", Body: Buffer.alloc(100_000, "x") }));
  assert.equal((await filesIn(join(server.home, "objects"))).length, 1);

  await fetch(`${server.url}/_rondo/reset`, { method: "POST" });
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; await delay(20)) {
    if ((await filesIn(join(server.home, "objects"))).length === 0) return;
  }
  assert.fail("After 10 s the body is still there");
});

async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}
