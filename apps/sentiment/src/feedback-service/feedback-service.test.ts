import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startTestServer, type TestServer } from "@rondo/server/testing";
import { hashOfText } from "../data/text-hash.ts";
import { openPredictionLog } from "../inference-service/prediction-log.ts";
import { createInfrastructure } from "../infrastructure/create-infrastructure.ts";
import { scanSince } from "../storage/read-rows.ts";
import { type Answer, call, callUntil } from "../testing/call.ts";
import { openGateTo } from "../testing/gate-to.ts";
import { openTestContext, type TestContext } from "../testing/test-context.ts";
import { startService } from "../web/start-service.ts";
import type { Feedback } from "./feedback.ts";
import { feedbackService } from "./feedback-service.ts";

interface Submitted {
  readonly feedback_id: string;
  readonly stored_in: string;
  readonly is_traced: boolean;
  readonly is_trainable: boolean;
  readonly error?: { readonly code: string; readonly message: string };
}

interface Trace {
  readonly feedback: Feedback | null;
  readonly prediction: { readonly label: string } | null;
}

let server: TestServer;

before(async () => {
  server = await startTestServer();
  await using context = await openTestContext(server.clientConfig);
  await createInfrastructure(context);
});
after(() => server.close());

function start(context: TestContext) {
  return startService(feedbackService, context, { host: "127.0.0.1", port: 0, portSetting: "PORT" });
}

async function recordPrediction(context: TestContext, inference_id: string, text = "easy to use"): Promise<void> {
  const log = await openPredictionLog(context);
  log.record({
    inference_id,
    text_hash: hashOfText(text),
    words: 3,
    label: "positive",
    confidence: 0.9,
    model_version: "sentiment-v1",
    variant: "sentiment-v1",
  });
  await log.close();
}

async function storedFeedback(context: TestContext): Promise<Feedback[]> {
  const rows: Feedback[] = [];
  const tableName = context.names.tables.feedback;
  for await (const row of scanSince<Feedback>(context.dynamodb, { tableName, since: new Date(0) })) rows.push(row);
  return rows;
}

test("feedback on a prediction carries what was recorded of it, and a second one replaces the first", async () => {
  await using context = await openTestContext(server.clientConfig);
  await using service = await start(context);
  const inference_id = randomUUID();
  await recordPrediction(context, inference_id);
  const submit = (user_label: string): Promise<Answer<Submitted>> =>
    call(`${service.url}/submit-feedback`, { inference_id, user_label, text: "Easy to use", user_id: "ada" });
  const first = await submit("negative");
  assert.equal(first.status, 201);
  assert.deepEqual(
    { ...first.body, feedback_id: "" },
    {
      feedback_id: "",
      stored_in: "store",
      is_traced: true,
      is_trainable: true,
    },
  );
  const second = await submit("positive");
  assert.equal(second.body.feedback_id, first.body.feedback_id);

  for (const id of [first.body.feedback_id, inference_id]) {
    const { body } = await call<Trace>(`${service.url}/feedback/${id}`);
    assert.equal(body.feedback?.user_label, "positive");
    assert.equal(body.feedback?.model_prediction, "positive");
    assert.equal(body.feedback?.model_version, "sentiment-v1");
    assert.equal(body.feedback?.confidence, 0.9);
    assert.equal(body.feedback?.text_hash, hashOfText("easy to use"));
    assert.match(body.feedback?.user_id ?? "", /^[0-9a-f]{64}$/);
    assert.equal(body.feedback?.text, undefined, "the text itself is not shown");
    assert.equal(body.prediction?.label, "positive");
  }
  assert.equal((await storedFeedback(context)).filter((row) => row.inference_id === inference_id).length, 1);
});

test("a prediction without feedback can be traced too; an unknown id is a 404", async () => {
  await using context = await openTestContext(server.clientConfig);
  await using service = await start(context);
  const inference_id = randomUUID();
  await recordPrediction(context, inference_id);
  const { body } = await call<Trace>(`${service.url}/feedback/${inference_id}`);
  assert.equal(body.feedback, null);
  assert.equal(body.prediction?.label, "positive");
  assert.equal((await call(`${service.url}/feedback/${randomUUID()}`)).status, 404);
  const unknown: Answer<Submitted> = await call(`${service.url}/submit-feedback`, {
    inference_id: randomUUID(),
    user_label: "positive",
  });
  assert.equal(unknown.status, 404);
  assert.equal(unknown.body.error?.code, "UnknownInference");
});

const REFUSED: readonly { readonly what: string; readonly body: object; readonly message: RegExp }[] = [
  { what: "a label outside the set", body: { text: "good", user_label: "great" }, message: /user_label is "great"/ },
  { what: "no label", body: { text: "good" }, message: /required property 'user_label'/ },
  { what: "neither text nor id", body: { user_label: "positive" }, message: /inference_id of the prediction, text/ },
  {
    what: "an id that is none",
    body: { user_label: "positive", inference_id: "7" },
    message: /inference_id must match/,
  },
  {
    what: "a confidence of 2",
    body: { user_label: "positive", text: "a", confidence: 2 },
    message: /confidence must be <= 1/,
  },
  { what: "an unreadable text", body: { user_label: "positive", text: "日本語" }, message: /reads English only/ },
  {
    what: "a misspelt member",
    body: { user_label: "positive", text: "a", label: "b" },
    message: /additional properties/,
  },
];

test("what cannot be stored as feedback is a 400 that says why", async () => {
  await using context = await openTestContext(server.clientConfig);
  await using service = await start(context);
  for (const { what, body, message } of REFUSED) {
    const { status, body: answer } = await call<Submitted>(`${service.url}/submit-feedback`, body);
    assert.equal(status, 400, what);
    assert.match(answer.error?.message ?? "", message, what);
  }
});

test("any text that is one is stored as it came", async () => {
  await using context = await openTestContext(server.clientConfig);
  await using service = await start(context);
  const texts = ["a\u0000b", "größer 👍", "x".repeat(10_000), '"no" \\ b', " a "];
  const answers = await Promise.all(
    texts.map((text) => call<Submitted>(`${service.url}/submit-feedback`, { text, user_label: "positive" })),
  );
  const stored = new Map((await storedFeedback(context)).map((row) => [row.feedback_id, row.text]));
  assert.deepEqual(
    answers.map(({ status, body }) => [status, stored.get(body.feedback_id)]),
    texts.map((text) => [201, text]),
  );
});

test("a text or prediction that contradicts the record is refused", async () => {
  await using context = await openTestContext(server.clientConfig);
  await using service = await start(context);
  const inference_id = randomUUID();
  await recordPrediction(context, inference_id);
  for (const contradiction of [{ text: "another text" }, { model_prediction: "negative" }, { variant: "other" }]) {
    const { status, body } = await call<Submitted>(`${service.url}/submit-feedback`, {
      inference_id,
      user_label: "positive",
      ...contradiction,
    });
    assert.equal(status, 400);
    assert.equal(body.error?.code, "Contradiction");
  }
});

test("while DynamoDB is away feedback goes to feedback.json, and from there to the table once it is back, each once", async () => {
  await using gate = await openGateTo(server.url);
  await using direct = await openTestContext(server.clientConfig);
  await using context = await openTestContext({ ...server.clientConfig, endpoint: gate.url });
  await using service = await start(context);
  const inference_id = randomUUID();
  await recordPrediction(direct, inference_id);
  const known = new Set((await storedFeedback(direct)).map(({ feedback_id }) => feedback_id));

  await gate.close();
  const submissions = Array.from({ length: 40 }, (_, index) => ({
    text: `text number ${index}`,
    user_label: "negative",
  }));
  const answers = await Promise.all(
    [...submissions, { inference_id, user_label: "negative" }].map((body) =>
      call<Submitted>(`${service.url}/submit-feedback`, body),
    ),
  );
  assert.ok(answers.every(({ status, body }) => status === 202 && body.stored_in === "fallback"));
  const lines = (await readFile(join(context.settings.fallbackDirectory, "feedback.json"), "utf8"))
    .trimEnd()
    .split("\n");
  assert.equal(lines.length, 41);
  const sick = await call<{ status: string; pending: number }>(`${service.url}/health`);
  assert.equal(sick.body.status, "degraded");
  assert.equal(sick.body.pending, 41);

  await gate.open();
  await callUntil<{ pending: number }>(`${service.url}/health`, ({ pending }) => pending === 0);
  const added = (await storedFeedback(direct)).filter(({ feedback_id }) => !known.has(feedback_id));
  assert.deepEqual(
    added.map(({ feedback_id }) => feedback_id).sort(),
    answers.map(({ body }) => body.feedback_id).sort(),
  );
  const traced = added.find((row) => row.inference_id === inference_id);
  assert.equal(traced?.is_traced, true);
  assert.equal(traced?.model_version, "sentiment-v1");
  assert.deepEqual(context.faults, []);
});
