import assert from "node:assert/strict";
import { test } from "node:test";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateProcessingJobCommand,
  DescribeProcessingJobCommand,
  SageMakerClient,
  waitUntilProcessingJobCompletedOrStopped,
} from "@aws-sdk/client-sagemaker";
import { startTestServer } from "./testing/start-test-server.ts";

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
  const soon = { client: sagemaker, minDelay: 1, maxDelay: 1, maxWaitTime: 60 };
  await waitUntilProcessingJobCompletedOrStopped(soon, name);
  const job = await sagemaker.send(new DescribeProcessingJobCommand(name));
  assert.equal(job.ProcessingJobStatus, "Completed", job.FailureReason);
  const read = async (Key: string): Promise<string> => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: "words", Key }));
    return (await Body?.transformToString()) ?? "";
  };
  assert.equal(await read("out/upper.txt"), "A FEW WORDS");
  const facts = JSON.parse(await read("out/facts.json")) as unknown;
  assert.deepEqual(facts, { key: "ASIA", isThere: true, options: ["--case", "upper"] });
});
