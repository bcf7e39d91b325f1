import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { after, test } from "node:test";
import { startTestServer } from "@rondo/server/testing";
import { UnexpectedStatusError } from "../errors.ts";
import { Estimator } from "../estimator.ts";
import { imageUri } from "../image-uri.ts";
import { ModelPackage } from "../model-package.ts";
import { ProcessingJob } from "../processing-job.ts";
import { Processor } from "../processor.ts";
import { jsonDeserializer, jsonSerializer } from "../serializers.ts";
import { Session } from "../session.ts";
import { ParameterString } from "./parameter.ts";
import { Pipeline } from "./pipeline.ts";
import { ProcessingStep, RegisterModelStep, TrainingStep } from "./steps.ts";

const server = await startTestServer();
const session = new Session(server.clientConfig);
const directory = await mkdtemp(joinPath(tmpdir(), "rondo-sdk-"));
after(async () => {
  session.close();
  await server.close();
  await rm(directory, { recursive: true, force: true });
});

/** Writes two labelled lines as often as its argument says. */
const PREPARE = `
import { mkdirSync, writeFileSync } from "node:fs";
const times: number = Number(process.argv[2]);
if (!(times > 0)) throw new Error("how often?");
const output: string = process.env.SAGEMAKER_BASE_DIR + "/processing/train";
mkdirSync(output, { recursive: true });
writeFileSync(output + "/opinions.txt", "__label__good easy to use\\n__label__bad hard to use\\n".repeat(times));
`;
const code = joinPath(directory, "prepare.ts");
await writeFile(code, PREPARE);
const processor = new Processor({
  imageUri: "node:24",
  command: ["node"],
  role: "Processor",
  baseJobName: "prepare",
  session,
});
const outputs = [{ name: "train", source: "/opt/ml/processing/train" }];
const TIMEOUT = { timeoutMs: 60_000 };

/** Prepare → Train → Register. */
async function createPipeline(): Promise<Pipeline> {
  const times = new ParameterString({ name: "Times" });
  const prepare = new ProcessingStep({
    name: "Prepare",
    arguments: await processor.request({ code, outputs, arguments: [times] }),
  });
  const image = imageUri("blazingtext", server.region);
  const hyperparameters = { mode: "supervised", epochs: 20, min_count: 1, vector_dim: 8, buckets: 1000 };
  const estimator = new Estimator({ imageUri: image, role: "Trainer", session, hyperparameters });
  const data = prepare.properties.ProcessingOutputConfig.Outputs.at("train").S3Output.S3Uri;
  const train = new TrainingStep({ name: "Train", arguments: await estimator.request({ train: data }) });
  const register = new RegisterModelStep({
    name: "Register",
    arguments: {
      ModelPackageGroupName: "opinions",
      InferenceSpecification: {
        Containers: [{ Image: image, ModelDataUrl: train.properties.ModelArtifacts.S3ModelArtifacts }],
        SupportedContentTypes: ["application/json"],
        SupportedResponseMIMETypes: ["application/json"],
      },
    },
  });
  return new Pipeline({ name: "Opinions", session, parameters: [times], steps: [prepare, train, register] });
}

test("a script runs as a processing job, with its outputs in a place of their own", async () => {
  const job = await processor.run({ code, outputs, arguments: ["2"], ...TIMEOUT });
  const { ProcessingOutputConfig: config, AppSpecification: application } = await job.describe();
  const uri = config?.Outputs?.[0]?.S3Output?.S3Uri;
  assert.equal(uri, `s3://${await session.defaultBucket()}/${job.name}/output/train`);
  assert.deepEqual(application?.ContainerEntrypoint, ["node", "/opt/ml/processing/input/code/prepare.ts"]);
  const written = await session.downloadString(`${uri}/opinions.txt`);
  assert.equal(written?.split("\n").length, 5);
  await assert.rejects(processor.run({ code, outputs, arguments: ["none"], ...TIMEOUT }), (error: unknown) => {
    assert.ok(error instanceof UnexpectedStatusError);
    assert.match(error.message, /how often\?|exit code/i);
    return true;
  });
});

test("a pipeline is made, runs, fails with its step's reason, and its version is approved and deployed", async () => {
  const pipeline = await createPipeline();
  const arn = await pipeline.upsert("Pipeline");
  assert.equal(await pipeline.upsert("Pipeline"), arn);

  const failing = await pipeline.start({ parameters: { Times: 0 } });
  await assert.rejects(failing.wait(TIMEOUT), (error: unknown) => {
    assert.ok(error instanceof UnexpectedStatusError);
    assert.equal(error.status, "Failed");
    assert.match(error.failureReason ?? "", /^Prepare: /);
    return true;
  });

  const execution = await pipeline.start({ parameters: { Times: 50 }, displayName: "fifty" });
  assert.ok(execution.arn.endsWith(`/${execution.id}`));
  const seen: number[] = [];
  const { steps } = await execution.wait({ ...TIMEOUT, onProgress: (progress) => seen.push(progress.steps.length) });
  assert.equal(seen.at(-1), 3);
  assert.deepEqual(
    steps.map(({ StepName, StepStatus }) => [StepName, StepStatus]),
    [
      ["Prepare", "Succeeded"],
      ["Train", "Succeeded"],
      ["Register", "Succeeded"],
    ],
  );
  assert.deepEqual(await execution.steps(), steps);

  const prepared = new ProcessingJob(steps[0]?.Metadata?.ProcessingJob?.Arn?.split("/")[1] ?? "", session);
  const { ProcessingOutputConfig: config } = await prepared.describe();
  const bucket = await session.defaultBucket();
  assert.equal(config?.Outputs?.[0]?.S3Output?.S3Uri, `s3://${bucket}/prepare/${execution.id}/output/train`);

  const version = new ModelPackage(steps[2]?.Metadata?.RegisterModel?.Arn ?? "", session);
  await version.setApproval("Approved", { description: "it learnt" });
  assert.equal((await version.describe()).ApprovalDescription, "it learnt");
  const codec = { serializer: jsonSerializer(), deserializer: jsonDeserializer() };
  const predictor = await version.deploy({ role: "Server", endpointName: "opinions", ...codec, ...TIMEOUT });
  assert.match(JSON.stringify(await predictor.predict({ instances: ["easy to use"] })), /__label__good/);

  await pipeline.delete();
  await assert.rejects(pipeline.describe(), { name: "ResourceNotFound" });
});
