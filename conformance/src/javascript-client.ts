/** The whole loop with the official JavaScript clients, set up by the standard AWS variables alone. Ends with `N passed, N failed`. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateEndpointCommand,
  DeleteEndpointCommand,
  DescribeTrainingJobCommand,
  ResourceInUse,
  SageMakerClient,
  UpdateEndpointCommand,
  waitUntilEndpointDeleted,
  waitUntilEndpointInService,
  waitUntilTrainingJobCompletedOrStopped,
} from "@aws-sdk/client-sagemaker";
import {
  InvokeEndpointCommand,
  InvokeEndpointWithResponseStreamCommand,
  ModelError,
  SageMakerRuntimeClient,
} from "@aws-sdk/client-sagemaker-runtime";
import { labelledText } from "./labelled-text.ts";
import { finish, step } from "./outcome.ts";
import { createConfiguration, startTraining } from "./training.ts";

const run = randomBytes(4).toString("hex");
const bucket = `javascript-${run}`;
const endpoint = `opinions-${run}`;

const s3 = new S3Client({ forcePathStyle: true });
const sagemaker = new SageMakerClient({});
const runtime = new SageMakerRuntimeClient({});
const soon = { minDelay: 1, maxDelay: 1, maxWaitTime: 120 };

async function train(name: string, epochs: number): Promise<void> {
  await startTraining(sagemaker, { name, bucket, epochs });
  await waitUntilTrainingJobCompletedOrStopped({ client: sagemaker, ...soon }, { TrainingJobName: name });
  const job = await sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
  assert.equal(job.TrainingJobStatus, "Completed", job.FailureReason);
  assert.ok(job.TrainingEndTime instanceof Date);
  await createConfiguration(sagemaker, { name, bucket });
}

const request = (body: string) => ({ EndpointName: endpoint, ContentType: "application/json", Body: body });
const about = (text: string) => request(JSON.stringify({ instances: [text] }));

async function predict(): Promise<string> {
  const answer = await runtime.send(new InvokeEndpointCommand(about("a superb screen")));
  return JSON.parse(Buffer.from(answer.Body!).toString())[0].label[0];
}

await step("a bucket, and a stream in it", async () => {
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const text = labelledText(4000, 1);
  const body = { Body: Readable.from([text]), ContentLength: Buffer.byteLength(text) };
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "train/all.txt", ...body }));
});

await step("a training job, a model, an endpoint, a prediction", async () => {
  await train(`first-${run}`, 5);
  await sagemaker.send(new CreateEndpointCommand({ EndpointName: endpoint, EndpointConfigName: `first-${run}` }));
  await waitUntilEndpointInService({ client: sagemaker, ...soon }, { EndpointName: endpoint });
  assert.equal(await predict(), "__label__positive");
});

await step("errors arrive as the SDK's own classes", async () => {
  await assert.rejects(train(`first-${run}`, 5), ResourceInUse);
  const refused = (error: unknown) => error instanceof ModelError && error.OriginalStatusCode === 400;
  await assert.rejects(runtime.send(new InvokeEndpointCommand(request("{"))), refused);
});

await step("an answer arrives as an event stream", async () => {
  const answer = await runtime.send(new InvokeEndpointWithResponseStreamCommand(about("an awful screen")));
  const parts: Uint8Array[] = [];
  for await (const event of answer.Body!) if (event.PayloadPart?.Bytes) parts.push(event.PayloadPart.Bytes);
  assert.equal(JSON.parse(Buffer.concat(parts).toString())[0].label[0], "__label__negative");
});

await step("an update under load: not one request fails", async () => {
  await train(`second-${run}`, 8);
  let answers = 0;
  let loading = true;
  const load = Array.from({ length: 8 }, async () => {
    for (; loading; answers += 1) await predict();
  });
  const answered = async (more: number) => {
    for (const wanted = answers + more; answers < wanted; await delay(5));
  };
  // A failed prediction ends the step by way of its worker.
  const updated = (async () => {
    await answered(25);
    await sagemaker.send(new UpdateEndpointCommand({ EndpointName: endpoint, EndpointConfigName: `second-${run}` }));
    await waitUntilEndpointInService({ client: sagemaker, ...soon }, { EndpointName: endpoint });
    await answered(25);
    loading = false;
  })();
  await Promise.all([updated, ...load]);
});

await step("the endpoint is deleted", async () => {
  await sagemaker.send(new DeleteEndpointCommand({ EndpointName: endpoint }));
  await waitUntilEndpointDeleted({ client: sagemaker, ...soon }, { EndpointName: endpoint });
  await assert.rejects(predict(), { name: "ValidationError" });
});

finish();
