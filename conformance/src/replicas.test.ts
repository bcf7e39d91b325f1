import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  CreateEndpointCommand,
  SageMakerClient,
  UpdateEndpointCommand,
  waitUntilEndpointInService,
  waitUntilTrainingJobCompletedOrStopped,
} from "@aws-sdk/client-sagemaker";
import { InvokeEndpointCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { openTestSql } from "@rondo/store/testing";
import { labelledText } from "./labelled-text.ts";
import { keyPairOf, launchServer } from "./launch-server.ts";
import { createConfiguration, startTraining } from "./training.ts";

const skip = process.env.RONDO_TEST_SQL !== "server" && "several Rondos need a PostgreSQL server: npm run test:server";
const soon = { minDelay: 1, maxDelay: 1, maxWaitTime: 150 };

function connect(url: string, credentials: Awaited<ReturnType<typeof keyPairOf>>) {
  const options = { endpoint: url, region: "us-east-1", credentials, maxAttempts: 1 };
  return {
    s3: new S3Client({ ...options, forcePathStyle: true }),
    sagemaker: new SageMakerClient(options),
    runtime: new SageMakerRuntimeClient(options),
  };
}

/** The test server's URL with another database. */
function urlOf(database: string): string {
  const url = new URL(process.env.DATABASE_URL ?? "");
  url.pathname = `/${database}`;
  return url.href;
}

async function variantBehind({ runtime }: ReturnType<typeof connect>): Promise<string | undefined> {
  const body = JSON.stringify({ instances: ["a superb screen"] });
  const question = { EndpointName: "shared", ContentType: "application/json", Body: body };
  const answer = await runtime.send(new InvokeEndpointCommand(question));
  return answer.InvokedProductionVariant;
}

test("two Rondos on one PostgreSQL are one: objects, jobs, endpoints, and what the killed one had claimed", {
  skip,
}, async () => {
  await using sql = await openTestSql();
  await using keeper = await launchServer({ environment: { DATABASE_URL: "" } });
  const keeperCredentials = await keyPairOf(keeper);
  await connect(keeper.url, keeperCredentials).s3.send(new CreateBucketCommand({ Bucket: "bodies" }));
  // Replicas share large objects by a bucket; here one of a third Rondo.
  const environment = { ...keeper.variables, DATABASE_URL: urlOf(sql.location), RONDO_OBJECTS: "s3://bodies/shared" };
  await using first = await launchServer({ environment });
  await using second = await launchServer({ environment });
  const credentials = await keyPairOf(first);
  const [a, b] = [connect(first.url, credentials), connect(second.url, credentials)];

  await a.s3.send(new CreateBucketCommand({ Bucket: "data" }));
  const text = labelledText(3000, 1);
  await a.s3.send(new PutObjectCommand({ Bucket: "data", Key: "train/all.txt", Body: text }));
  const { Body } = await b.s3.send(new GetObjectCommand({ Bucket: "data", Key: "train/all.txt" }));
  assert.equal(await Body?.transformToString(), text);

  await startTraining(a.sagemaker, { name: "shared", bucket: "data" });
  await waitUntilTrainingJobCompletedOrStopped({ client: b.sagemaker, ...soon }, { TrainingJobName: "shared" });
  await createConfiguration(b.sagemaker, { name: "shared", bucket: "data" });
  await b.sagemaker.send(new CreateEndpointCommand({ EndpointName: "shared", EndpointConfigName: "shared" }));
  await waitUntilEndpointInService({ client: a.sagemaker, ...soon }, { EndpointName: "shared" });
  assert.deepEqual([await variantBehind(a), await variantBehind(b)], ["AllTraffic", "AllTraffic"]);
  await a.sagemaker.send(new UpdateEndpointCommand({ EndpointName: "shared", EndpointConfigName: "shared" }));
  await waitUntilEndpointInService({ client: b.sagemaker, ...soon }, { EndpointName: "shared" });

  await startTraining(a.sagemaker, { name: "left-behind", bucket: "data" });
  first.process.kill("SIGKILL");
  await once(first.process, "exit");
  await waitUntilTrainingJobCompletedOrStopped({ client: b.sagemaker, ...soon }, { TrainingJobName: "left-behind" });
  const { Contents } = await b.s3.send(new ListObjectsV2Command({ Bucket: "data", Prefix: "output/" }));
  assert.ok(Contents?.some(({ Key }) => Key === "output/shared/output/model.tar.gz"));
});
