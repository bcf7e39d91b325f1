import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreatePipelineCommand,
  DescribeEndpointCommand,
  DescribeModelPackageCommand,
  DescribePipelineExecutionCommand,
  ListPipelineExecutionStepsCommand,
  type PipelineExecutionStep,
  SageMakerClient,
  StartPipelineExecutionCommand,
} from "@aws-sdk/client-sagemaker";
import { InvokeEndpointCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { startTestServer, type TestServer } from "./testing/start-test-server.ts";

const DEADLINE_MS = 60_000;

const PREPARE = `
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
const base: string = process.env.SAGEMAKER_BASE_DIR + "/processing";
const lines: string[] = readFileSync(base + "/input/data/reviews.txt", "utf8").trim().split("\\n");
for (const [index, part] of ["train", "test"].entries()) {
  mkdirSync(base + "/output/" + part, { recursive: true });
  writeFileSync(base + "/output/" + part + "/lines.txt", lines.filter((_, line) => line % 2 === index).join("\\n") + "\\n");
}
`;

/** Not the accuracy of the model: only that model and test data have arrived. */
const EVALUATE = `
import { readFileSync, statSync, writeFileSync } from "node:fs";
const base: string = process.env.SAGEMAKER_BASE_DIR + "/processing";
const isThere: boolean = statSync(base + "/input/model/model.tar.gz").size > 0;
const tested: number = readFileSync(base + "/input/test/lines.txt", "utf8").trim().split("\\n").length;
writeFileSync(base + "/output/evaluation.json", JSON.stringify({ metrics: { accuracy: { value: isThere ? tested / 20 : 0 } } }));
`;

async function upload(s3: S3Client): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket: "data" }));
  const reviews = Array.from({ length: 40 }, (_, index) =>
    index % 4 < 2 ? "__label__positive a good and lovely film" : "__label__negative a bad and boring film",
  );
  const files = { "reviews/reviews.txt": reviews.join("\n"), "code/prepare.ts": PREPARE, "code/evaluate.ts": EVALUATE };
  for (const [Key, Body] of Object.entries(files)) await s3.send(new PutObjectCommand({ Bucket: "data", Key, Body }));
}

function openClients({ clientConfig }: TestServer) {
  const sagemaker = new SageMakerClient(clientConfig);
  return {
    sagemaker,
    runtime: new SageMakerRuntimeClient(clientConfig),
    s3: new S3Client(clientConfig),
    /** Runs the pipeline to its end; the steps in the order in which they began. */
    async run(PipelineParameters: { Name: string; Value: string }[] = []): Promise<PipelineExecutionStep[]> {
      const start = new StartPipelineExecutionCommand({ PipelineName: "Sentiment", PipelineParameters });
      const { PipelineExecutionArn } = await sagemaker.send(start);
      for (const deadline = performance.now() + DEADLINE_MS; ; await delay(50)) {
        const execution = await sagemaker.send(new DescribePipelineExecutionCommand({ PipelineExecutionArn }));
        if (execution.PipelineExecutionStatus !== "Executing") break;
        assert.ok(performance.now() < deadline, "the pipeline did not end");
      }
      const list = new ListPipelineExecutionStepsCommand({ PipelineExecutionArn, SortOrder: "Ascending" });
      return (await sagemaker.send(list)).PipelineExecutionSteps ?? [];
    },
  };
}

const statesOf = (steps: readonly PipelineExecutionStep[]): string[] =>
  steps.map(({ StepName, StepStatus, FailureReason = "" }) => `${StepName} ${StepStatus} ${FailureReason}`.trim());

test("a pipeline that the Python SDK wrote trains, evaluates, registers and deploys", async () => {
  await using server = await startTestServer();
  const { sagemaker, runtime, s3, run } = openClients(server);
  await upload(s3);
  const PipelineDefinition = await readFile(new URL("testing/sdk-pipeline.json", import.meta.url), "utf8");
  const RoleArn = "arn:aws:iam::111122223333:role/pipeline";
  await sagemaker.send(new CreatePipelineCommand({ PipelineName: "Sentiment", RoleArn, PipelineDefinition }));
  const steps = await run();
  assert.deepEqual(statesOf(steps), [
    "Prepare Succeeded",
    "Train Succeeded",
    "Evaluate Succeeded",
    "IsGood Succeeded",
    "Register-RegisterModel Succeeded",
    "Create-CreateModel Succeeded",
    "Configure Succeeded",
    "Deploy Succeeded",
  ]);
  const registered = steps[4]?.Metadata?.RegisterModel?.Arn;
  const version = await sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: registered }));
  assert.deepEqual(version.CustomerMetadataProperties, { accuracy: "1" });
  const Body = Buffer.from(JSON.stringify({ instances: ["a lovely film"] }));
  const invoke = new InvokeEndpointCommand({ EndpointName: "sentiment", ContentType: "application/json", Body });
  const answer = JSON.parse(Buffer.from((await runtime.send(invoke)).Body ?? []).toString()) as { label: string[] }[];
  assert.equal(answer[0]?.label.length, 1);

  const again = await run();
  assert.deepEqual(statesOf(again), statesOf(steps));
  const isHit = ({ CacheHitResult: hit }: PipelineExecutionStep): boolean => hit !== undefined;
  assert.deepEqual(
    again.filter(isHit).map(({ StepName }) => StepName),
    ["Prepare", "Train"],
  );
  const endpoint = await sagemaker.send(new DescribeEndpointCommand({ EndpointName: "sentiment" }));
  const deployed = again.find(({ StepName }) => StepName === "Configure")?.Metadata?.EndpointConfig?.Arn;
  assert.equal(endpoint.EndpointConfigName, deployed?.split("/").at(-1));

  const refused = await run([{ Name: "Threshold", Value: "1.5" }]);
  assert.deepEqual(statesOf(refused).at(-1), "Refuse Failed accuracy is below 1.5");
});
