import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startTestServer } from "@rondo/server/testing";
import { formatOpinions, parseOpinions } from "./data/opinion-csv.ts";
import type { LatestEvaluation } from "./evaluation-service/evaluation-routes.ts";
import type { SentimentResponse } from "./inference-service/inference-routes.ts";
import { type Sentiment, type SentimentOptions, startSentiment } from "./start-sentiment.ts";
import { call, callUntil } from "./testing/call.ts";

/** A folder with a fifth of the training data, which is enough for the floor, and for the fallbacks. */
async function openFolder() {
  const path = await mkdtemp(join(tmpdir(), "sentiment-"));
  const own = join(import.meta.dirname, "../Dataset");
  const opinions = parseOpinions(await readFile(join(own, "train_data.csv"))).filter((_, index) => index % 5 === 0);
  await writeFile(join(path, "train_data.csv"), formatOpinions(opinions));
  await writeFile(join(path, "test_data.csv"), await readFile(join(own, "test_data.csv")));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

function urlOf({ services }: Sentiment, name: string): string {
  return services.find((service) => service.name === name)?.url ?? "";
}

interface Retraining {
  readonly retraining_id: string;
  readonly status: string;
  readonly counts?: Readonly<Record<string, number>>;
  readonly outcome?: { readonly decision: string; readonly is_deployed: boolean };
  readonly failure_reason?: string;
}

interface Trace {
  readonly model: { readonly training_job?: string; readonly data?: Readonly<Record<string, string>> } | null;
}

test("bootstrap, prediction, feedback, evaluation, retraining: the whole loop through the seven services", async () => {
  await using server = await startTestServer();
  await using folder = await openFolder();
  const environment = {
    FALLBACK_DIRECTORY: join(folder.path, "fallback"),
    DATASET_DIRECTORY: folder.path,
    CANARY_SECONDS: "0",
    ALARM_PERIOD_SECONDS: "10",
  };
  const faults: unknown[] = [];
  const options: SentimentOptions = {
    clientConfig: server.clientConfig,
    port: 0,
    environment,
    onFault: (error) => faults.push(error),
  };

  // Interrupted in the middle of its first pipeline, a start goes on where it was.
  const interruption = new AbortController();
  const interrupted = startSentiment({
    ...options,
    signal: interruption.signal,
    onProgress: ({ step }) => {
      if (step === "train") interruption.abort();
    },
  });
  await assert.rejects(interrupted, { name: "AbortError" });

  const finished: string[] = [];
  await using sentiment = await startSentiment({
    ...options,
    onProgress: ({ step, fraction }) => {
      if (fraction === 1) finished.push(step);
    },
  });
  assert.deepEqual([...finished].sort(), ["deploy", "evaluate", "preprocess", "register", "train"]);
  assert.equal(sentiment.modelVersion, "sentiment-v1");
  assert.equal(sentiment.evaluation?.gate.decision, "deploy");

  const { body: prediction } = await call<SentimentResponse>(`${sentiment.url}/predict-sentiment`, {
    text: "Easy to use, long battery life!",
  });
  assert.equal(prediction.label, "positive");
  assert.equal(prediction.model_version, "sentiment-v1");

  const feedback = urlOf(sentiment, "feedback-service");
  const { inference_id } = prediction;
  const submitted = await call(`${feedback}/submit-feedback`, {
    inference_id,
    text: "Easy to use, long battery life!",
    user_label: "positive",
  });
  assert.equal(submitted.status, 201);
  const { body: trace } = await call<Trace>(`${feedback}/feedback/${inference_id}`);
  assert.match(trace.model?.training_job ?? "", /:training-job\//);
  assert.match(trace.model?.data?.train ?? "", /^s3:\/\/sentiment-artifacts\//);

  const evaluation = urlOf(sentiment, "evaluation-service");
  assert.equal((await call(`${evaluation}/run-evaluation`, {})).status, 202);
  const latest = await callUntil<LatestEvaluation>(
    `${evaluation}/latest-evaluation`,
    ({ latest_run }) => latest_run?.status === "Succeeded" || latest_run?.status === "Failed",
  );
  assert.equal(latest.latest_run?.status, "Succeeded", latest.latest_run?.failure_reason);
  assert.equal(latest.live?.model_version, "sentiment-v1");
  assert.deepEqual(latest.latest_run?.counts, { feedback: 1, ofOthers: 0, exported: 1 });
  assert.equal(latest.gate?.model_version, "sentiment-v1");

  const retraining = urlOf(sentiment, "retraining-service");
  const begun = await call<Retraining>(`${retraining}/retrain`, { reason: "test" });
  assert.equal(begun.status, 202);
  assert.equal((await call(`${retraining}/retrain`, {})).status, 409);
  const ended = await callUntil<Retraining>(
    `${retraining}/retrain/${begun.body.retraining_id}`,
    ({ status }) => status === "Succeeded" || status === "Failed",
  );
  assert.equal(ended.status, "Succeeded", ended.failure_reason);
  assert.equal(ended.counts?.feedback, 1);
  assert.deepEqual(ended.outcome?.is_deployed, false, "one more row makes no better model");
  assert.deepEqual(faults, []);

  finished.length = 0;
  await sentiment.close();
  await using again = await startSentiment({ ...options, onProgress: ({ step }) => finished.push(step) });
  assert.deepEqual([...new Set(finished)], []);
  assert.equal(again.evaluation?.gate.decision, "deploy");
});

test("a port that is taken is named with its setting, and nothing keeps running", async () => {
  await using server = await startTestServer();
  await using folder = await openFolder();
  const blocker = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => blocker.once("listening", resolve));
  const address = blocker.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  const environment = { FALLBACK_DIRECTORY: folder.path };
  const started = startSentiment({ clientConfig: server.clientConfig, port: port - 2, environment });
  await assert.rejects(started, new RegExp(`Port ${port} on 127\\.0\\.0\\.1 is taken .*--sentiment-port`));
  blocker.close();
});
