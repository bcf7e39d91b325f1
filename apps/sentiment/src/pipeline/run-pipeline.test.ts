import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import {
  DescribeModelPackageCommand,
  ListEndpointConfigsCommand,
  ListEndpointsCommand,
  ListModelPackagesCommand,
  ListModelsCommand,
} from "@aws-sdk/client-sagemaker";
import { startTestServer } from "@rondo/server/testing";
import { type ApplicationContext, openContext } from "../application-context.ts";
import { formatOpinions, parseOpinions } from "../data/opinion-csv.ts";
import { readKnownVersion } from "../drift/read-known-version.ts";
import { createInfrastructure } from "../infrastructure/create-infrastructure.ts";
import { readSettings } from "../settings.ts";
import { classifyTexts } from "./classify-texts.ts";
import { followPipeline, type PipelineOutcome } from "./follow-pipeline.ts";
import { preparePipeline, trainingDataUri } from "./prepare-pipeline.ts";
import { startPipeline } from "./start-pipeline.ts";

/** Every fifth opinion: enough for the floor, and faster. */
async function uploadSomeOpinions(context: ApplicationContext): Promise<number> {
  const csv = await readFile(join(import.meta.dirname, "../../Dataset/train_data.csv"));
  const opinions = parseOpinions(csv).filter((_, index) => index % 5 === 0);
  await context.session.uploadString(formatOpinions(opinions), trainingDataUri(context));
  return opinions.length;
}

async function run(
  context: ApplicationContext,
  parameters: Readonly<Record<string, string | number>>,
  onDone: (step: string) => void = () => undefined,
): Promise<PipelineOutcome> {
  const arn = await startPipeline(context, { dataUri: trainingDataUri(context), parameters });
  return followPipeline(context, arn, { onProgress: ({ step, fraction }) => fraction === 1 && onDone(step) });
}

/** Names of what serves, to see that the candidates' endpoints are gone. */
async function servingNames({ session: { sagemaker } }: ApplicationContext) {
  const [{ Endpoints = [] }, { EndpointConfigs = [] }, { Models = [] }] = await Promise.all([
    sagemaker.send(new ListEndpointsCommand({})),
    sagemaker.send(new ListEndpointConfigsCommand({})),
    sagemaker.send(new ListModelsCommand({})),
  ]);
  return {
    endpoints: Endpoints.map(({ EndpointName }) => EndpointName),
    configurations: EndpointConfigs.map(({ EndpointConfigName }) => EndpointConfigName),
    models: Models.map(({ ModelName }) => ModelName),
  };
}

async function approvals({ session: { sagemaker }, names }: ApplicationContext) {
  const command = new ListModelPackagesCommand({
    ModelPackageGroupName: names.modelPackageGroup,
    SortOrder: "Ascending",
  });
  const { ModelPackageSummaryList = [] } = await sagemaker.send(command);
  return ModelPackageSummaryList.map(({ ModelApprovalStatus }) => ModelApprovalStatus);
}

test("the first model is deployed, the same again is registered for a person, one below the floor is not", async () => {
  await using server = await startTestServer();
  using context = openContext(readSettings({}), { clientConfig: server.clientConfig });
  await createInfrastructure(context);
  const { holdOutSha256 } = await preparePipeline(context);
  const rows = await uploadSomeOpinions(context);

  const done: string[] = [];
  const first = await run(context, {}, (step) => done.push(step));
  assert.equal(first.status, "Succeeded", first.failureReason);
  assert.deepEqual(done, ["preprocess", "train", "evaluate", "register", "deploy"]);
  assert.equal(first.evaluation?.gate.decision, "deploy");
  assert.equal(first.evaluation?.champion, null);
  assert.equal(first.evaluation?.data.rows, rows);
  assert.deepEqual(first.evaluation?.holdOut, { sha256: holdOutSha256, rows: 10_238, uses: 1 });
  assert.equal(first.deployed?.modelVersion, "sentiment-v1");
  const [answer] = await classifyTexts(context.session, "sentiment", ["easy to use , long battery life !"]);
  assert.equal(answer?.label, "positive");

  const known = await readKnownVersion(context.session, context.names.buckets, "sentiment-v1");
  assert.deepEqual(known?.evaluation, first.evaluation);
  assert.equal(known?.driftReference.vocabulary.has("battery"), true);

  const again = await run(context, {});
  assert.equal(again.evaluation?.gate.decision, "hold", again.failureReason);
  assert.deepEqual(again.evaluation?.champion, { endpointName: "sentiment", modelName: "sentiment-v1" });
  assert.equal(again.approvalStatus, "PendingManualApproval");
  assert.equal(again.deployed, undefined);
  assert.equal(again.evaluation?.holdOut.uses, 2);
  const pending = await context.session.sagemaker.send(
    new DescribeModelPackageCommand({ ModelPackageName: again.modelPackageArn }),
  );
  assert.match(pending.ModelPackageDescription ?? "", /^Not shown to be better: \+0\.00 points against the live model/);
  assert.equal(
    pending.CustomerMetadataProperties?.["accuracy"],
    String(again.evaluation?.gate.candidate.accuracy.value),
  );

  const refused = await run(context, { AccuracyThreshold: 0.99 });
  assert.deepEqual([refused.status, refused.evaluation?.gate.decision], ["Succeeded", "refuse"]);
  assert.equal(refused.modelPackageArn, undefined);

  assert.deepEqual(await approvals(context), ["Approved", "PendingManualApproval"]);
  assert.deepEqual(await servingNames(context), {
    endpoints: ["sentiment"],
    configurations: ["sentiment-v1"],
    models: ["sentiment-v1"],
  });
});

test("data that cannot be used ends the execution with the reason", async () => {
  await using server = await startTestServer();
  using context = openContext(readSettings({}), { clientConfig: server.clientConfig });
  await createInfrastructure(context);
  await preparePipeline(context);
  await context.session.uploadString("text,label\nfine,good\nawful,bad\n", trainingDataUri(context));
  const outcome = await run(context, {});
  assert.equal(outcome.status, "Failed");
  assert.match(outcome.failureReason ?? "", /PreprocessData: .*labels bad, good, the hold-out negative, positive/s);
});
