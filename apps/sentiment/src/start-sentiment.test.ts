import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { startTestServer } from "@rondo/server/testing";
import { formatOpinions, parseOpinions } from "./data/opinion-csv.ts";
import type { LatestEvaluation } from "./evaluation-service/evaluation-routes.ts";
import type { SentimentResponse } from "./inference-service/inference-routes.ts";
import { SEVEN_SERVICES } from "./seven-services.ts";
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
  readonly feedback: { readonly user_label: string } | null;
  readonly model: { readonly training_job?: string; readonly data?: Readonly<Record<string, string>> } | null;
}

/** Pastes README.md's walk, with this application's addresses, into a shell. Returns the variables that it set. */
async function walkThroughReadme({ services }: Sentiment): Promise<Readonly<Record<string, string>>> {
  const readme = await readFile(join(import.meta.dirname, "../../../README.md"), "utf8");
  const [, block = ""] = /^```sh\n([\s\S]*?)^```$/m.exec(readme) ?? [];
  const walk = SEVEN_SERVICES.reduce((text, { name, port }) => {
    const url = services.find((service) => service.name === name)?.url ?? "";
    assert.ok(text.includes(`http://127.0.0.1:${port}/`), `the walk leaves ${name} out`);
    return text.replaceAll(`http://127.0.0.1:${port}/`, `${url}/`);
  }, block);
  const names = ["PREDICTION", "ID", "RETRAINING"];
  const script = `${walk}\nprintf '%s\\n' ${names.map((name) => `"$${name}"`).join(" ")}\n`;
  const { stdout } = await promisify(execFile)("sh", ["-ec", script], { timeout: 60_000 });
  const lines = stdout.trimEnd().split("\n");
  const values = lines.splice(-names.length);
  for (const line of lines) assert.equal((JSON.parse(line) as { error?: unknown }).error, undefined, line);
  assert.equal(lines.length, (walk.match(/^(curl|echo)/gm) ?? []).length);
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? ""]));
}

test("bootstrap, prediction, feedback, evaluation, retraining: the whole loop by the lines of README.md", async () => {
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

  const { PREDICTION = "", ID = "", RETRAINING = "" } = await walkThroughReadme(sentiment);
  const prediction = JSON.parse(PREDICTION) as SentimentResponse;
  assert.equal(prediction.label, "negative");
  assert.equal(prediction.model_version, "sentiment-v1");

  const { body: trace } = await call<Trace>(`${urlOf(sentiment, "feedback-service")}/feedback/${ID}`);
  assert.equal(trace.feedback?.user_label, "negative");
  assert.match(trace.model?.training_job ?? "", /:training-job\//);
  assert.match(trace.model?.data?.train ?? "", /^s3:\/\/sentiment-artifacts\//);

  const latest = await callUntil<LatestEvaluation>(
    `${urlOf(sentiment, "evaluation-service")}/latest-evaluation`,
    ({ latest_run }) => latest_run?.status === "Succeeded" || latest_run?.status === "Failed",
  );
  assert.equal(latest.latest_run?.status, "Succeeded", latest.latest_run?.failure_reason);
  assert.equal(latest.live?.model_version, "sentiment-v1");
  assert.deepEqual(latest.latest_run?.counts, { feedback: 1, ofOthers: 0, exported: 1 });
  assert.equal(latest.in_service?.model_version, "sentiment-v1");

  const retraining = urlOf(sentiment, "retraining-service");
  assert.equal((await call(`${retraining}/retrain`, {})).status, 409);
  const ended = await callUntil<Retraining>(
    `${retraining}/retrain/${RETRAINING}`,
    ({ status }) => status === "Succeeded" || status === "Failed",
  );
  assert.equal(ended.status, "Succeeded", ended.failure_reason);
  assert.equal(ended.counts?.feedback, 1);
  assert.equal(ended.outcome?.is_deployed, false, "one more row makes no better model");

  // What the pipeline cannot do ends the retraining with the reason, and the model in service stays.
  const wrong = await call<Retraining>(`${retraining}/retrain`, { parameters: { NoSuchParameter: "1" } });
  const failed = await callUntil<Retraining>(
    `${retraining}/retrain/${wrong.body.retraining_id}`,
    ({ status }) => status === "Succeeded" || status === "Failed",
  );
  assert.equal(failed.status, "Failed");
  assert.match(failed.failure_reason ?? "", /NoSuchParameter/);
  assert.equal((await call(`${retraining}/retrain/${ID}`)).status, 404);
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
  using _closing = { [Symbol.dispose]: () => void blocker.close() };
  await new Promise((resolve) => blocker.once("listening", resolve));
  const address = blocker.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  // Of somebody's shell, and not meant for us.
  const environment = { FALLBACK_DIRECTORY: folder.path, HOST: "build-host.invalid" };
  const started = startSentiment({ clientConfig: server.clientConfig, port: port - 2, environment });
  // Another test may have taken one of the two before it meanwhile.
  const anyOf = `(${port - 2}|${port - 1}|${port})`;
  await assert.rejects(started, new RegExp(`Port ${anyOf} on 127\\.0\\.0\\.1 is taken .*--sentiment-port`));
});
