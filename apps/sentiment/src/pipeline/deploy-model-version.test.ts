import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { CreateModelPackageCommand, ListEndpointsCommand, ListModelsCommand } from "@aws-sdk/client-sagemaker";
import { imageUri, Model, ModelPackage } from "@rondo/sdk";
import { startTestServer } from "@rondo/server/testing";
import { type ApplicationContext, openContext } from "../application-context.ts";
import { buildTokenizer } from "../data/tokenizer.ts";
import type { Evaluation } from "../gate/evaluation.ts";
import { createInfrastructure } from "../infrastructure/create-infrastructure.ts";
import { readSettings } from "../settings.ts";
import { withCandidateEndpoint } from "./candidate-endpoint.ts";
import { deployModelVersion } from "./deploy-model-version.ts";

/** An artifact in which the serving image finds no model. */
async function uploadBrokenModel({ session, names }: ApplicationContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "broken-model-"));
  try {
    await writeFile(join(folder, "readme.txt"), "no model");
    execFileSync("tar", ["-czf", join(folder, "model.tar.gz"), "-C", folder, "readme.txt"]);
    const uri = `s3://${names.buckets.artifacts}/broken/model.tar.gz`;
    await session.uploadString(await readFile(join(folder, "model.tar.gz")), uri);
    return uri;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function servingNames({ session: { sagemaker } }: ApplicationContext) {
  const [{ Endpoints = [] }, { Models = [] }] = await Promise.all([
    sagemaker.send(new ListEndpointsCommand({})),
    sagemaker.send(new ListModelsCommand({})),
  ]);
  return [...Endpoints.map(({ EndpointName }) => EndpointName), ...Models.map(({ ModelName }) => ModelName)];
}

test("a version that does not come up is marked Rejected, and a candidate's endpoint is removed whatever happens", async () => {
  await using server = await startTestServer();
  using context = openContext(readSettings({}), { clientConfig: server.clientConfig });
  const { roleArn: role } = await createInfrastructure(context);
  const { session, names } = context;
  const dataUri = await uploadBrokenModel(context);
  const image = imageUri("blazingtext", await session.region());

  const candidate = {
    name: "candidate",
    imageUri: image,
    modelDataUri: dataUri,
    role,
    instanceType: "ml.m5.large",
  } as const;
  // As an evaluation that was killed leaves it.
  await new Model({ imageUri: image, modelData: dataUri, role, name: "candidate", session }).create();
  await assert.rejects(
    withCandidateEndpoint(session, candidate, async () => assert.fail("it cannot come up")),
    /model\.bin/,
  );
  assert.deepEqual(await servingNames(context), []);

  const { ModelPackageArn: modelPackageArn = "" } = await session.sagemaker.send(
    new CreateModelPackageCommand({
      ModelPackageGroupName: names.modelPackageGroup,
      ModelApprovalStatus: "Approved",
      InferenceSpecification: {
        Containers: [{ Image: image, ModelDataUrl: dataUri }],
        SupportedContentTypes: ["application/json"],
        SupportedResponseMIMETypes: ["application/json"],
      },
    }),
  );
  using cloudwatch = Object.assign(new CloudWatchClient(server.clientConfig), {
    [Symbol.dispose]: () => cloudwatch.destroy(),
  });
  const deployment = deployModelVersion(session, cloudwatch, {
    modelPackageArn,
    endpointName: "sentiment",
    role,
    instanceType: "ml.m5.large",
    instanceCount: 1,
    canarySeconds: 0,
    alarmPeriodSeconds: 10,
    buckets: names.buckets,
    tokenizer: buildTokenizer(["negative", "positive"], { train: ["good"], validation: ["bad"] }),
    // Of the evaluation only the artifact matters here.
    evaluation: { model: { dataUri, sha256: "0".repeat(64), labels: [] } } as unknown as Evaluation,
  });
  await assert.rejects(deployment, /model\.bin/);
  const { ModelApprovalStatus, ApprovalDescription } = await new ModelPackage(modelPackageArn, session).describe();
  assert.equal(ModelApprovalStatus, "Rejected");
  assert.match(ApprovalDescription ?? "", /model\.bin/);
  const copy = await session.downloadString(`s3://${names.buckets.tokenizers}/tokenizers/tokenizer_v1.json`);
  assert.match(copy ?? "", /"modelVersion":"sentiment-v1"/);

  const { MetricAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand({}));
  assert.deepEqual(
    MetricAlarms.map(({ AlarmName, Threshold }) => [AlarmName, Threshold]),
    [
      ["sentiment-sentiment-v1-errors", 0.05],
      ["sentiment-sentiment-v1-latency", 500_000],
    ],
  );
});
