import assert from "node:assert/strict";
import { after, test } from "node:test";
import { startTestServer } from "@rondo/server/testing";
import { UnexpectedStatusError } from "./errors.ts";
import { Estimator } from "./estimator.ts";
import { imageUri } from "./image-uri.ts";
import type { LogLine } from "./log-reader.ts";
import { Model } from "./model.ts";
import { Predictor } from "./predictor.ts";
import { jsonDeserializer, jsonSerializer } from "./serializers.ts";
import { Session } from "./session.ts";

const server = await startTestServer();
const session = new Session(server.clientConfig);
after(async () => {
  session.close();
  await server.close();
});

const GOOD = ["easy to use", "long battery life", "great value", "light and fast"];
const BAD = ["hard to use", "short battery life", "poor value", "heavy and slow"];

async function uploadTrainingData(): Promise<string> {
  const lines = Array.from({ length: 50 }, (_, index) => [
    `__label__good ${GOOD[index % GOOD.length]}`,
    `__label__bad ${BAD[index % BAD.length]}`,
  ]);
  const uri = `s3://${await session.defaultBucket()}/opinions/train`;
  await session.uploadString(lines.flat().join("\n"), `${uri}/opinions.txt`);
  return uri;
}

function blazingText(hyperparameters: Record<string, string | number>): Estimator {
  return new Estimator({
    imageUri: imageUri("blazingtext", server.region),
    role: "Trainer",
    session,
    baseJobName: "opinions",
    hyperparameters: { mode: "supervised", epochs: 20, min_count: 1, vector_dim: 8, buckets: 1000, ...hyperparameters },
  });
}

const json = { serializer: jsonSerializer<{ instances: string[] }>(), deserializer: jsonDeserializer() };

test("train, follow the log, deploy, predict, update and delete", async () => {
  const train = await uploadTrainingData();
  const estimator = blazingText({});
  const lines: LogLine[] = [];
  const states = new Set<string | undefined>();
  const job = await estimator.fit(
    { train: { s3Uri: train, contentType: "text/plain" } },
    {
      logs: (line) => lines.push(line),
      onProgress: ({ SecondaryStatus }) => states.add(SecondaryStatus),
      timeoutMs: 60_000,
    },
  );
  assert.match(job.name, /^opinions-\d{4}-/);
  assert.ok(states.has("Completed"));
  assert.ok(lines.length > 0);
  assert.ok(lines.every(({ stream }) => stream.startsWith(`${job.name}/algo-1-`)));

  const predictor = await estimator.deploy({ ...json, endpointName: "opinions", timeoutMs: 60_000 });
  const { output, variant } = await predictor.invoke({ instances: ["easy to use", "heavy and slow"] });
  assert.equal(variant, "AllTraffic");
  const labels = (output as { label: string[] }[]).map(({ label }) => label[0]);
  assert.deepEqual(labels, ["__label__good", "__label__bad"]);

  const second = new Model({ ...(await estimator.createModel()).options, name: "opinions-second" });
  await second.create();
  await assert.rejects(second.create(), /already exist/);
  await second.create({ reuseExisting: true });
  const updated = await predictor.endpoint.update({ variants: [{ modelName: second.name }] }, { timeoutMs: 60_000 });
  assert.equal(updated.EndpointStatus, "InService");
  assert.ok(await predictor.predict({ instances: ["easy to use"] }));

  const untyped = new Predictor({ endpoint: predictor.endpoint });
  const answer: unknown = await untyped.predict({ instances: ["easy to use"] });
  assert.ok(Array.isArray(answer), "JSON without a serializer and a deserializer");

  await predictor.delete();
  assert.equal(await predictor.endpoint.find(), undefined);
});

test("another process takes up a job by its name", async () => {
  const estimator = blazingText({ epochs: 3 });
  const job = await estimator.fit({ train: await uploadTrainingData() }, { wait: false });
  const attached = await Estimator.attach(job.name, { session });
  const description = await attached.wait({ timeoutMs: 60_000 });
  assert.equal(description.TrainingJobStatus, "Completed");
  assert.equal(attached.options.hyperparameters?.epochs, "3");
  assert.equal((await attached.createModel()).options.modelData, description.ModelArtifacts?.S3ModelArtifacts);
});

test("a job that fails says why and where its log is", async () => {
  const uri = `s3://${await session.defaultBucket()}/broken/train`;
  await session.uploadString("no label at all\n", `${uri}/opinions.txt`);
  await assert.rejects(blazingText({}).fit({ train: uri }, { timeoutMs: 60_000 }), (error) => {
    assert.ok(error instanceof UnexpectedStatusError);
    assert.equal(error.status, "Failed");
    assert.ok(error.failureReason);
    assert.match(error.advice, /\/aws\/sagemaker\/TrainingJobs/);
    return true;
  });
});

test("aborting a wait leaves the job to itself", async () => {
  const estimator = blazingText({});
  const abort = new AbortController();
  const fitting = estimator.fit(
    { train: await uploadTrainingData() },
    { signal: abort.signal, onProgress: () => abort.abort() },
  );
  await assert.rejects(fitting, { name: "AbortError" });
  const { TrainingJobStatus } = await estimator.wait({ timeoutMs: 60_000 });
  assert.equal(TrainingJobStatus, "Completed");
});

test("a wait for what does not exist fails at once", async () => {
  await assert.rejects(Estimator.attach("never-trained", { session }), /not found|could not find/i);
  assert.throws(() => blazingText({}).latestTrainingJob, /call fit\(\) first/);
});
