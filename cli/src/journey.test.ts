import assert from "node:assert/strict";
import { after, test } from "node:test";
import { CreateProcessingJobCommand } from "@aws-sdk/client-sagemaker";
import { Estimator, imageUri, jsonDeserializer, jsonSerializer, Session } from "@rondo/sdk";
import { startTestServer } from "@rondo/server/testing";
import { createServerCommandLine } from "./testing/server-command-line.ts";

const server = await startTestServer();
const session = new Session(server.clientConfig);
after(async () => {
  session.close();
  await server.close();
});

const { environment, rondo, rondoJson } = createServerCommandLine(server);

async function startJob(jobName: string): Promise<Estimator> {
  const uri = `s3://${await session.defaultBucket()}/cli/train`;
  await session.uploadString("__label__good easy to use\n__label__bad hard to use\n".repeat(50), `${uri}/opinions.txt`);
  const estimator = new Estimator({
    imageUri: imageUri("blazingtext", server.region),
    role: "Trainer",
    session,
    hyperparameters: { mode: "supervised", epochs: 20, min_count: 1, vector_dim: 8, buckets: 1000 },
  });
  await estimator.fit({ train: uri }, { jobName, wait: false });
  return estimator;
}

test("nothing there: empty tables and no such names", async () => {
  assert.equal((await rondo(["endpoints"], { isTTY: true })).stdout, "There are no endpoints.\n");
  assert.deepEqual(await rondoJson(["jobs"]), []);
  for (const line of [
    ["jobs", "describe", "none"],
    ["logs", "none"],
    ["logs", "-e", "none"],
    ["jobs", "stop", "none"],
    ["invoke", "none", "{}"],
  ]) {
    const { exitCode, stdout, stderr } = await rondo(line);
    assert.equal(exitCode, 4, `${line.join(" ")}: ${stderr}`);
    assert.equal(stdout, "");
    assert.match(stderr, /none/);
  }
});

test("a job is followed, listed and described; an endpoint is listed and invoked", async () => {
  const estimator = await startJob("cli-journey");
  const followed = await rondo(["logs", "-f", "cli-journey"]);
  assert.equal(followed.exitCode, 0, followed.stderr);
  assert.ok(followed.stdout.split("\n").length > 2);
  await estimator.wait({ timeoutMs: 60_000 });

  const lines = (await rondo(["logs", "cli-journey", "--json"])).stdout.trimEnd().split("\n");
  assert.equal(typeof (JSON.parse(lines[0] ?? "") as { message: unknown }).message, "string");

  assert.match((await rondo(["jobs"])).stdout, /^cli-journey\tCompleted\t\d{4}-\d\d-\d\d /m);
  assert.deepEqual(await rondoJson(["jobs", "list", "--status", "Failed"]), []);
  const described = await rondoJson<{ TrainingJobStatus: string }>(["jobs", "describe", "cli-journey"]);
  assert.equal(described.TrainingJobStatus, "Completed");
  assert.match((await rondo(["jobs", "describe", "cli-journey"])).stdout, /^Status +Completed \(Completed\)$/m);

  const codec = { serializer: jsonSerializer(), deserializer: jsonDeserializer() };
  await estimator.deploy({ endpointName: "cli-endpoint", ...codec, timeoutMs: 60_000 });
  assert.match((await rondo(["endpoints"])).stdout, /^cli-endpoint\tInService\t/m);
  const body = '{"instances":["easy to use"]}';
  const invoked = await rondo(["invoke", "cli-endpoint"], { input: body });
  assert.match(invoked.stdout, /__label__good/);
  const answer = await rondoJson<{ variant: string; body: string }>(["invoke", "cli-endpoint", body]);
  assert.equal(answer.variant, "AllTraffic");

  const status = await rondoJson<{ endpointsInService: number }>(["status"]);
  assert.equal(status.endpointsInService, 1);
  assert.match((await rondo(["status"])).stdout, /^Endpoints in service: 1$/m);
});

test("a processing job is listed, described and read beside training jobs", async () => {
  const ContainerEntrypoint = ["node", "-e", "console.log('processed')"];
  await session.sagemaker.send(
    new CreateProcessingJobCommand({
      ProcessingJobName: "cli-processing",
      RoleArn: "arn:aws:iam::000000000000:role/processing",
      AppSpecification: { ImageUri: "public.ecr.aws/docker/library/node:24", ContainerEntrypoint },
      ProcessingResources: { ClusterConfig: { InstanceType: "ml.m5.large", InstanceCount: 1, VolumeSizeInGB: 1 } },
    }),
  );
  const followed = await rondo(["logs", "-f", "cli-processing"]);
  assert.match(followed.stdout, /^processed$/m, followed.stderr);
  assert.match((await rondo(["jobs"])).stdout, /^cli-processing\tCompleted\t.*\tprocessing\ncli-journey\t/m);
  const listed = await rondoJson<{ ProcessingJobName: string }[]>(["jobs", "list", "--type", "processing"]);
  assert.deepEqual(
    listed.map(({ ProcessingJobName }) => ProcessingJobName),
    ["cli-processing"],
  );
  assert.match((await rondo(["jobs", "describe", "cli-processing"])).stdout, /^Command +node -e console/m);
  const stopped = await rondo(["jobs", "stop", "cli-processing", "--type", "training"]);
  assert.match(stopped.stderr, /There is no job cli-processing/);
  assert.match((await rondo(["jobs", "stop", "cli-processing"])).stderr, /in status Completed/);
});

test("a job that has ended cannot be stopped, and the reason is AWS's", async () => {
  const estimator = await startJob("cli-stop");
  await estimator.wait({ timeoutMs: 60_000 });
  const listed = await rondo(["jobs", "--limit", "1"], { isTTY: true });
  assert.match(listed.stdout, /^cli-stop .*\nThere are more: --limit 5\n$/m);
  assert.match((await rondo(["jobs", "--limit", "3"], { isTTY: true })).stdout, /^cli-journey .*\n$/m);
  const { exitCode, stderr } = await rondo(["jobs", "stop", "cli-stop"]);
  assert.equal(exitCode, 1);
  assert.match(stderr, /^Error: .*cli-stop|^Error: .*Completed|^Error: .*cannot be stopped/);
});

test("a wrong key is said to be wrong", async () => {
  const { exitCode, stderr } = await rondo(["jobs"], {
    environment: { ...environment, AWS_SECRET_ACCESS_KEY: "wrong" },
  });
  assert.equal(exitCode, 1);
  assert.match(stderr, /does not accept the credentials/);
});
