import assert from "node:assert/strict";
import { test } from "node:test";
import type { Run } from "../runs/run.ts";
import { createWebService } from "../web/web-service.ts";
import { type BootstrapStatus, bootstrapRoutes } from "./bootstrap-routes.ts";

/** The service over runs in memory, which end when the test says so. */
function createService(state: { model?: string; run?: Run }) {
  const begun: Run[] = [];
  const service = createWebService({
    name: "model-init-service",
    summary: "",
    dependencies: [],
    routes: bootstrapRoutes({
      endpointName: "sentiment",
      clock: { now: () => new Date(0) },
      activeModel: async () => state.model,
      createInfrastructure: async () => undefined,
      latest: async () => state.run,
      steps: () => [{ step: "train", fraction: 0.5, detail: "" }],
      async begin(run) {
        begun.push(run);
        state.run = run;
      },
    }),
  });
  const ask = async (method: "GET" | "POST") => {
    const response = await service.inject({ method, url: "/bootstrap" });
    return { code: response.statusCode, ...response.json<BootstrapStatus>() };
  };
  return { begun, ask, [Symbol.asyncDispose]: () => service.close() };
}

test("two requests at once begin one bootstrap, whose steps are shown", async () => {
  await using service = createService({});
  assert.equal((await service.ask("GET")).status, "Absent");
  const answers = await Promise.all([service.ask("POST"), service.ask("POST")]);
  assert.equal(service.begun.length, 1);
  for (const { code, status, run } of answers) {
    assert.equal(code, 202);
    assert.equal(status, "Bootstrapping");
    assert.deepEqual(run?.steps, [{ step: "train", fraction: 0.5, detail: "" }]);
  }
});

test("an endpoint that answers needs no bootstrap", async () => {
  await using service = createService({ model: "somebody-elses" });
  const { code, status, model_version, run } = await service.ask("POST");
  assert.equal(code, 200);
  assert.equal(status, "InService");
  assert.equal(model_version, "somebody-elses");
  assert.equal(run, null);
  assert.equal(service.begun.length, 0);
});

test("a bootstrap that failed says why, and is tried again when asked", async () => {
  const failed: Run = {
    run_id: "r",
    kind: "bootstrap",
    timestamp: "2026-01-01T00:00:00.000Z",
    status: "Failed",
    reason: "first model",
    failure_reason: "no data",
  };
  await using service = createService({ run: failed });
  const { status, run } = await service.ask("GET");
  assert.equal(status, "Failed");
  assert.equal(run?.failure_reason, "no data");
  assert.equal((await service.ask("POST")).status, "Bootstrapping");
  assert.equal(service.begun.length, 1);
});
