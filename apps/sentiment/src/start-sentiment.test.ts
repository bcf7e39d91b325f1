import assert from "node:assert/strict";
import { test } from "node:test";
import { ListTrainingJobsCommand } from "@aws-sdk/client-sagemaker";
import { Estimator, imageUri, Session } from "@rondo/sdk";
import { startTestServer } from "@rondo/server/testing";
import type { BootstrapProgress } from "./bootstrap/progress.ts";
import { readRecipe } from "./bootstrap/recipe.ts";
import type { SentimentResponse } from "./inference-service/inference-service.ts";
import { type SentimentOptions, startSentiment } from "./start-sentiment.ts";

type TestServer = Awaited<ReturnType<typeof startTestServer>>;

function start(server: TestServer, options: SentimentOptions = {}) {
  return startSentiment({ clientConfig: server.clientConfig, port: 0, ...options });
}

async function predict(url: string, text: string): Promise<SentimentResponse> {
  const response = await fetch(`${url}/predict-sentiment`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text }),
  });
  assert.equal(response.status, 200);
  return (await response.json()) as SentimentResponse;
}

async function trainingJobs(server: TestServer): Promise<string[]> {
  using session = new Session(server.clientConfig);
  const { TrainingJobSummaries = [] } = await session.sagemaker.send(new ListTrainingJobsCommand({}));
  return TrainingJobSummaries.map(({ TrainingJobName = "" }) => TrainingJobName);
}

test("the first start trains, deploys, judges and answers; the next one does nothing again", async () => {
  await using server = await startTestServer();
  const finished: string[] = [];
  const onProgress = ({ step, fraction }: BootstrapProgress) => {
    if (fraction === 1) finished.push(step);
  };
  {
    await using sentiment = await start(server, { onProgress });
    assert.deepEqual(finished, ["prepare", "train", "deploy", "evaluate"]);
    const { report, modelName, url } = sentiment;
    assert.ok(report);
    assert.equal(report.n, 8_196);
    assert.ok(report.accuracy > 0.935, `accuracy ${report.accuracy}`);
    assert.ok(report.interval.lower < report.accuracy && report.accuracy < report.interval.upper);

    const good = await predict(url, "Easy to use, long battery life!");
    assert.equal(good.label, "positive");
    assert.equal(good.model_version, modelName);
    assert.equal(good.variant, good.model_version);
    assert.equal((await predict(url, "Broke after a week, terrible support")).label, "negative");
    const health = await fetch(`${url}/health`);
    assert.deepEqual(await health.json(), { status: "ok", endpoint_name: "sentiment", model_version: modelName });
  }
  finished.length = 0;
  await using again = await start(server, { onProgress });
  assert.deepEqual(finished, []);
  assert.ok(again.report);
  assert.equal((await trainingJobs(server)).length, 1);
});

for (const step of ["train", "deploy", "evaluate"] as const) {
  test(`a start that ends during "${step}" goes on at the next one`, async () => {
    await using server = await startTestServer();
    const interruption = new AbortController();
    const stopped = start(server, {
      signal: interruption.signal,
      onProgress: (progress) => {
        if (progress.step === step) interruption.abort();
      },
    });
    await assert.rejects(stopped, { name: "AbortError" });
    await using sentiment = await start(server);
    assert.ok(sentiment.report);
    assert.equal((await trainingJobs(server)).length, 1);
  });
}

test("an endpoint that is away is a 503 with the reason", async () => {
  const server = await startTestServer();
  await using sentiment = await start(server);
  await server.close();
  const response = await fetch(`${sentiment.url}/predict-sentiment`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text: "Easy to use" }),
  });
  assert.equal(response.status, 503);
  assert.match(await response.text(), /The endpoint sentiment does not answer: /);
});

test("a job that failed is tried again under the next number", async () => {
  await using server = await startTestServer();
  using session = new Session(server.clientConfig);
  const { name } = await readRecipe();
  const estimator = new Estimator({ imageUri: imageUri("blazingtext", server.region), role: "Trainer", session });
  await assert.rejects(estimator.fit({ train: "s3://no-such-bucket/train" }, { jobName: name }), /is Failed/);
  await using sentiment = await start(server);
  assert.equal(sentiment.modelName, `${name}-2`);
  assert.ok(sentiment.report);
});
