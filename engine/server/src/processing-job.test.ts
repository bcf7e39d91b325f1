import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateProcessingJobCommand,
  DescribeProcessingJobCommand,
  type DescribeProcessingJobResponse,
  SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { startTestServer } from "./testing/start-test-server.ts";

const DEADLINE_MS = 60_000;

/** Reads its input where SAGEMAKER_BASE_DIR says, and asks the server as any AWS client of the job would. */
const SCRIPT = `
import { readFileSync, writeFileSync } from "node:fs";
const base: string = process.env.SAGEMAKER_BASE_DIR!;
const text = readFileSync(base + "/processing/input/text.txt", "utf8");
writeFileSync(base + "/processing/output/upper.txt", text.toUpperCase());
const { status } = await fetch(process.env.AWS_ENDPOINT_URL!);
const facts = { key: process.env.AWS_ACCESS_KEY_ID!.slice(0, 4), isThere: status > 0, options: process.argv.slice(2) };
writeFileSync(base + "/processing/output/facts.json", JSON.stringify(facts));
`;

test("a TypeScript program processes what lies in S3", async () => {
  await using server = await startTestServer();
  const s3 = new S3Client(server.clientConfig);
  const sagemaker = new SageMakerClient(server.clientConfig);
  await s3.send(new CreateBucketCommand({ Bucket: "words" }));
  await s3.send(new PutObjectCommand({ Bucket: "words", Key: "in/text.txt", Body: "a few words" }));
  await s3.send(new PutObjectCommand({ Bucket: "words", Key: "code/upper.ts", Body: SCRIPT }));
  const input = { S3DataType: "S3Prefix", S3InputMode: "File" } as const;
  const name = { ProcessingJobName: "upper" };
  await sagemaker.send(
    new CreateProcessingJobCommand({
      ...name,
      RoleArn: "arn:aws:iam::000000000000:role/processing",
      AppSpecification: {
        ImageUri: "public.ecr.aws/docker/library/node:24",
        ContainerEntrypoint: ["node", "/opt/ml/processing/input/code/upper.ts"],
        ContainerArguments: ["--case", "upper"],
      },
      ProcessingInputs: [
        { InputName: "in", S3Input: { ...input, S3Uri: "s3://words/in/", LocalPath: "/opt/ml/processing/input" } },
        {
          InputName: "code",
          S3Input: { ...input, S3Uri: "s3://words/code/upper.ts", LocalPath: "/opt/ml/processing/input/code" },
        },
      ],
      ProcessingOutputConfig: {
        Outputs: [
          {
            OutputName: "out",
            S3Output: { S3Uri: "s3://words/out", LocalPath: "/opt/ml/processing/output", S3UploadMode: "EndOfJob" },
          },
        ],
      },
      ProcessingResources: { ClusterConfig: { InstanceCount: 1, InstanceType: "ml.m5.large", VolumeSizeInGB: 5 } },
    }),
  );
  const job = await settled(sagemaker, name.ProcessingJobName);
  assert.equal(job.ProcessingJobStatus, "Completed", job.FailureReason);
  const read = async (Key: string): Promise<string> => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: "words", Key }));
    return (await Body?.transformToString()) ?? "";
  };
  assert.equal(await read("out/upper.txt"), "A FEW WORDS");
  const facts = JSON.parse(await read("out/facts.json")) as unknown;
  assert.deepEqual(facts, { key: "ASIA", isThere: true, options: ["--case", "upper"] });
});

test("the reason of a program that fails has its last words", async () => {
  await using server = await startTestServer();
  const sagemaker = new SageMakerClient(server.clientConfig);
  await sagemaker.send(
    new CreateProcessingJobCommand({
      ProcessingJobName: "failing",
      RoleArn: "arn:aws:iam::000000000000:role/processing",
      AppSpecification: {
        ImageUri: "public.ecr.aws/docker/library/node:24",
        ContainerEntrypoint: ["node", "-e", "throw new Error('there is no column label')"],
      },
      ProcessingResources: { ClusterConfig: { InstanceCount: 1, InstanceType: "ml.m5.large", VolumeSizeInGB: 5 } },
    }),
  );
  const { ProcessingJobStatus, FailureReason = "" } = await settled(sagemaker, "failing");
  assert.equal(ProcessingJobStatus, "Failed");
  assert.match(FailureReason, /^AlgorithmError: ExecuteUserScriptError:.*there is no column label.*, exit code: 1$/s);
});

async function settled(client: SageMakerClient, ProcessingJobName: string): Promise<DescribeProcessingJobResponse> {
  const deadline = performance.now() + DEADLINE_MS;
  for (;;) {
    const job = await client.send(new DescribeProcessingJobCommand({ ProcessingJobName }));
    if (job.ProcessingJobStatus !== "InProgress") return job;
    assert.ok(performance.now() < deadline, "the job goes on");
    await delay(50);
  }
}
