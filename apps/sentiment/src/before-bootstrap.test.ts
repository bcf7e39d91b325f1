import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { startTestServer } from "@rondo/server/testing";
import { modelInitService } from "./model-init-service/model-init-service.ts";
import { SEVEN_SERVICES } from "./seven-services.ts";
import { call } from "./testing/call.ts";
import { openTestContext } from "./testing/test-context.ts";
import { startService } from "./web/start-service.ts";

/** Requests that need what the first bootstrap makes, with the status of their answer. */
const REQUESTS = [
  ["inference-service", "/predict-sentiment", { text: "good" }, 503],
  ["feedback-service", "/submit-feedback", { text: "good", user_label: "positive" }, 503],
  ["feedback-service", `/feedback/${randomUUID()}`, undefined, 503],
  ["model-registry-service", "/active-model", undefined, 404],
  ["evaluation-service", "/run-evaluation", {}, 503],
  ["evaluation-service", "/latest-evaluation", undefined, 503],
  ["retraining-service", "/retrain", {}, 503],
  ["retraining-service", `/retrain/${randomUUID()}`, undefined, 503],
] as const;

test("before the first bootstrap every service says that it is missing, and what to do", async () => {
  await using server = await startTestServer();
  await using context = await openTestContext(server.clientConfig);
  await using stack = new AsyncDisposableStack();
  const urls = new Map<string, string>();
  for (const definition of SEVEN_SERVICES) {
    const service = await startService(definition, context, { host: "127.0.0.1", port: 0, portSetting: "PORT" });
    urls.set(definition.name, stack.use(service).url);
  }
  for (const [service, route, body, status] of REQUESTS) {
    const answer = await call<{ error: { message: string } }>(`${urls.get(service)}${route}`, body);
    assert.equal(answer.status, status, route);
    assert.match(answer.body.error.message, /POST \/bootstrap/, route);
  }
  const bootstrap = await call<{ status: string }>(`${urls.get("model-init-service")}/bootstrap`);
  assert.equal(bootstrap.body.status, "Absent");
});

test("without the right to see the endpoint no first model is trained over the one in service", async (t) => {
  await using server = await startTestServer();
  await using context = await openTestContext(server.clientConfig);
  const denied = Object.assign(new Error("no right"), { name: "AccessDeniedException", $metadata: {} });
  t.mock.method(context.session.sagemaker, "send", () => Promise.reject(denied));
  await using service = await startService(modelInitService, context, {
    host: "127.0.0.1",
    port: 0,
    portSetting: "PORT",
  });
  const answer = await call<{ error: { message: string } }>(`${service.url}/bootstrap`, {});
  assert.equal(answer.status, 502);
  assert.match(answer.body.error.message, /AccessDeniedException: no right/);
});
