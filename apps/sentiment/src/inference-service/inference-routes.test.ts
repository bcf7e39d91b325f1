import assert from "node:assert/strict";
import { test } from "node:test";
import { hashOfText } from "../data/text-hash.ts";
import { ServiceError } from "../web/service-error.ts";
import { createWebService } from "../web/web-service.ts";
import type { Answer, Classifier } from "./classifier.ts";
import { type InferenceRoutesOptions, inferenceRoutes } from "./inference-routes.ts";

const ANSWER: Answer = { label: "positive", confidence: 0.98, modelVersion: "sentiment-1", variant: "AllTraffic" };

function classifierThat(classify: Classifier["classify"]): Classifier {
  return { endpointName: "sentiment", classify, currentVersion: async () => "sentiment-1" };
}

function createService({
  classifier = classifierThat(async () => ANSWER),
  record = () => undefined,
}: Partial<InferenceRoutesOptions>) {
  return createWebService({
    name: "inference-service",
    summary: "",
    dependencies: [],
    routes: inferenceRoutes({ classifier, record }),
  });
}

async function ask(options: Partial<InferenceRoutesOptions> & { body?: unknown; headers?: Record<string, string> }) {
  await using service = createService(options);
  const response = await service.inject({
    method: "POST",
    url: "/predict-sentiment",
    headers: { "content-type": "application/json", ...options.headers },
    body: JSON.stringify(options.body ?? { text: "Easy to use" }),
  });
  return {
    status: response.statusCode,
    body: response.json<Record<string, unknown> & { error?: { code: string; message: string } }>(),
  };
}

test("a prediction names label, confidence, model, variant and its own id", async () => {
  const asked: { text: string; inferenceId: string }[] = [];
  const recorded: unknown[] = [];
  const classifier = classifierThat(async (text, { inferenceId }) => {
    asked.push({ text, inferenceId });
    return ANSWER;
  });
  const { status, body } = await ask({
    classifier,
    record: (prediction) => recorded.push(prediction),
    body: { text: "Easy to use, LONG battery life" },
  });
  assert.equal(status, 200);
  const [only] = asked;
  assert.equal(only?.text, "easy to use , long battery life");
  assert.deepEqual(body, {
    label: "positive",
    confidence: 0.98,
    model_version: "sentiment-1",
    inference_id: only?.inferenceId,
    variant: "AllTraffic",
  });
  assert.match(String(body.inference_id), /^[0-9a-f-]{36}$/);
  assert.deepEqual(recorded, [{ ...body, text_hash: hashOfText("easy to use , long battery life"), words: 7 }]);
});

const REFUSED: readonly { readonly what: string; readonly body: unknown; readonly message: RegExp }[] = [
  { what: "no text", body: {}, message: /required property 'text'/ },
  { what: "an empty text", body: { text: "" }, message: /text must NOT have fewer than 1 char/ },
  {
    what: "a text of 10,001 characters",
    body: { text: "a".repeat(10_001) },
    message: /text must NOT have more than 10000 char/,
  },
  { what: "a number as text", body: { text: 5 }, message: /text must be string/ },
  { what: "null as text", body: { text: null }, message: /text must be string/ },
  { what: "a member that nobody reads", body: { text: "Easy", txt: "Easy" }, message: /additional properties/ },
  { what: "a list of texts", body: { text: ["Easy"] }, message: /text must be string/ },
  { what: "a list", body: ["Easy"], message: /must be object/ },
  { what: "a text without a readable word", body: { text: "日本語" }, message: /reads English only/ },
];

for (const { what, body, message } of REFUSED) {
  test(`${what} is a 400 that says so`, async () => {
    const answer = await ask({ body });
    assert.equal(answer.status, 400);
    assert.match(answer.body.error?.message ?? "", message);
  });
}

test("the longest text is taken, however its characters are written", async () => {
  await using service = createService({});
  const text = "\\ud83d\\ude00".repeat(9_996);
  const response = await service.inject({
    method: "POST",
    url: "/predict-sentiment",
    headers: { "content-type": "application/json" },
    body: `{"text":"${text}good"}`,
  });
  assert.equal(response.statusCode, 200, response.body);
});

test("broken JSON is a 400, a body beyond the limit a 413", async () => {
  await using service = createService({});
  const send = (body: string) =>
    service.inject({
      method: "POST",
      url: "/predict-sentiment",
      headers: { "content-type": "application/json" },
      body,
    });
  assert.equal((await send('{"text":')).statusCode, 400);
  assert.equal((await send(JSON.stringify({ text: "x".repeat(140_000) }))).statusCode, 413);
});

test("an endpoint that is away is a 503 with the reason, a model's refusal a 502", async () => {
  for (const { status, code } of [
    { status: 503, code: "EndpointUnavailable" },
    { status: 502, code: "ModelError" },
  ] as const) {
    const classifier = classifierThat(async () => {
      throw new ServiceError(status, code, "The endpoint sentiment does not answer: ECONNREFUSED");
    });
    const answer = await ask({ classifier });
    assert.equal(answer.status, status);
    assert.deepEqual(answer.body.error, { code, message: "The endpoint sentiment does not answer: ECONNREFUSED" });
  }
});

test("a fault of ours says nothing of its inside", async () => {
  const classifier = classifierThat(async (text) => {
    throw new Error(`secret ${text}`);
  });
  const { status, body } = await ask({ classifier });
  assert.equal(status, 500);
  assert.deepEqual(body.error, { code: "InternalFailure", message: "The service failed; try again." });
});

test("a prediction that runs when the service closes is answered", async () => {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<Answer>();
  const classifier = classifierThat(() => {
    asked.resolve();
    return answer.promise;
  });
  const service = createService({ classifier });
  const url = await service.listen({ host: "127.0.0.1", port: 0 });
  const response = fetch(`${url}/predict-sentiment`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text: "Easy to use" }),
  });
  await asked.promise;
  const closed = service.close();
  answer.resolve(ANSWER);
  assert.equal((await response).status, 200);
  await closed;
  await assert.rejects(fetch(`${url}/health`), TypeError);
});
