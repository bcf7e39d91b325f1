import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  ListModelPackagesCommand,
} from "@aws-sdk/client-sagemaker";
import { Estimator, imageUri, Session } from "@rondo/sdk";
import { startTestServer, type TestServer } from "@rondo/server/testing";
import { createInfrastructure } from "../infrastructure/create-infrastructure.ts";
import { call, callUntil } from "../testing/call.ts";
import { openGateTo } from "../testing/gate-to.ts";
import { openTestContext, type TestContext } from "../testing/test-context.ts";
import { startService } from "../web/start-service.ts";
import type { ActiveModel, ModelVersion } from "./model-registry.ts";
import { modelRegistryService } from "./model-registry-service.ts";

interface Registered {
  readonly registration_id: string;
  readonly stored_in: string;
  readonly model: ModelVersion | null;
  readonly error?: { readonly code: string };
}

interface Models {
  readonly models: readonly ModelVersion[];
  readonly stale: boolean;
}

const JOB = "tiny-sentiment";

let server: TestServer;

before(async () => {
  server = await startTestServer();
  await using context = await openTestContext(server.clientConfig);
  await createInfrastructure(context);
  using session = new Session(server.clientConfig);
  const train = `s3://${await session.defaultBucket()}/train.txt`;
  await session.uploadString("__label__positive good\n__label__negative bad\n".repeat(50), train);
  await new Estimator({
    imageUri: imageUri("blazingtext", server.region),
    role: "SageMakerExecutionRole",
    session,
    hyperparameters: { mode: "supervised", epochs: 1, vector_dim: 2, buckets: 100, min_count: 1 },
  }).fit({ train }, { jobName: JOB });
});
after(() => server.close());

function start(context: TestContext) {
  return startService(modelRegistryService, context, { host: "127.0.0.1", port: 0, portSetting: "PORT" });
}

test("a training job's model is registered once for one id, and listed with what was said of it", async () => {
  await using context = await openTestContext(server.clientConfig);
  await using service = await start(context);
  const body = { training_job_name: JOB, metadata: { accuracy: "0.87" }, registration_id: randomUUID() };
  const { status, body: first } = await call<Registered>(`${service.url}/register`, body);
  assert.equal(status, 201);
  assert.equal(first.model?.approval_status, "PendingManualApproval");
  assert.equal(first.model?.metadata.training_job, JOB);
  const again = await call<Registered>(`${service.url}/register`, body);
  assert.equal(again.body.model?.model_package_arn, first.model?.model_package_arn);
  const { body: list } = await call<Models>(`${service.url}/models`);
  assert.equal(list.stale, false);
  const [latest] = list.models;
  assert.equal(latest?.version, first.model?.version);
  assert.equal(latest?.metadata.accuracy, "0.87");
  assert.match(latest?.artifact ?? "", /model\.tar\.gz$/);
});

test("an unknown training job is a 404, and nothing is registered", async () => {
  await using context = await openTestContext(server.clientConfig);
  await using service = await start(context);
  const { status, body } = await call<Registered>(`${service.url}/register`, { training_job_name: "nobody" });
  assert.equal(status, 404);
  assert.equal(body.error?.code, "UnknownTrainingJob");
});

test("the active model is that of the endpoint, with its version; without an endpoint there is none", async () => {
  await using context = await openTestContext(server.clientConfig, { SAGEMAKER_ENDPOINT_NAME: "active" });
  await using service = await start(context);
  const active = `${service.url}/active-model`;
  assert.equal((await call(active)).status, 404);
  const registered = await call<Registered>(`${service.url}/register`, {
    training_job_name: JOB,
    approval_status: "Approved",
  });
  const { sagemaker } = context.session;
  const arn = registered.body.model?.model_package_arn ?? "";
  const role = await context.session.roleArn("SageMakerExecutionRole");
  const primary = { ModelPackageName: arn };
  await sagemaker.send(new CreateModelCommand({ ModelName: "m1", ExecutionRoleArn: role, PrimaryContainer: primary }));
  const variant = { VariantName: "v1", ModelName: "m1", InstanceType: "ml.m5.large", InitialInstanceCount: 1 } as const;
  await sagemaker.send(new CreateEndpointConfigCommand({ EndpointConfigName: "c1", ProductionVariants: [variant] }));
  await sagemaker.send(new CreateEndpointCommand({ EndpointName: "active", EndpointConfigName: "c1" }));
  const { body } = await call<ActiveModel>(active);
  assert.deepEqual(body.variants, [
    { variant: "v1", model_name: "m1", share: 1, version: registered.body.model?.version, model_package_arn: arn },
  ]);
});

test("while SageMaker is away models come from models.json and registrations wait, and are made once it is back", async () => {
  await using gate = await openGateTo(server.url);
  await using direct = await openTestContext(server.clientConfig);
  await using context = await openTestContext({ ...server.clientConfig, endpoint: gate.url });
  await using service = await start(context);
  const before = (await call<Models>(`${service.url}/models`)).body.models;
  await gate.close();
  const { body: stale } = await call<Models>(`${service.url}/models`);
  assert.equal(stale.stale, true);
  assert.deepEqual(stale.models, before);
  const registered = await call<Registered>(`${service.url}/register`, { training_job_name: JOB });
  assert.equal(registered.status, 202);
  assert.equal(registered.body.model, null);
  await gate.open();
  await callUntil<{ pending: number }>(`${service.url}/health`, ({ pending }) => pending === 0);
  const ModelPackageGroupName = context.names.modelPackageGroup;
  const { ModelPackageSummaryList: packages = [] } = await direct.session.sagemaker.send(
    new ListModelPackagesCommand({ ModelPackageGroupName }),
  );
  assert.equal(packages.length, before.length + 1);
});
