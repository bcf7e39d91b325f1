import { setTimeout as delay } from "node:timers/promises";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateEndpointCommand,
  DescribeTrainingJobCommand,
  SageMakerClient,
  waitUntilEndpointInService,
} from "@aws-sdk/client-sagemaker";
import { labelledText } from "@rondo/conformance/labelled-text";
import { createConfiguration, startTraining } from "@rondo/conformance/training";

/** The name of the training job, the model, the endpoint and its configuration. */
export const TEXT_MODEL = "bench-text";
export const BUCKET = "bench";

let trained: Promise<void> | undefined;

/** Trains a small text model and deploys it, once for all scenarios of a run. */
export function prepareTextModel(): Promise<void> {
  trained ??= train();
  return trained;
}

async function train(): Promise<void> {
  const s3 = new S3Client({ forcePathStyle: true });
  const sagemaker = new SageMakerClient({});
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: "train/all.txt", Body: labelledText(5_000, 1) }));
  await startTraining(sagemaker, { name: TEXT_MODEL, bucket: BUCKET });
  await completed(sagemaker);
  await createConfiguration(sagemaker, { name: TEXT_MODEL, bucket: BUCKET });
  await sagemaker.send(new CreateEndpointCommand({ EndpointName: TEXT_MODEL, EndpointConfigName: TEXT_MODEL }));
  await waitUntilEndpointInService(
    { client: sagemaker, maxWaitTime: 60, minDelay: 1, maxDelay: 1 },
    { EndpointName: TEXT_MODEL },
  );
}

async function completed(sagemaker: SageMakerClient): Promise<void> {
  for (const deadline = performance.now() + 120_000; performance.now() < deadline; await delay(200)) {
    const job = await sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: TEXT_MODEL }));
    if (job.TrainingJobStatus === "Completed") return;
    if (job.TrainingJobStatus !== "InProgress") throw new Error(`The training job failed: ${job.FailureReason}`);
  }
  throw new Error("The training job did not end within 120 s");
}
