import assert from "node:assert/strict";
import { test } from "node:test";
import type { Run } from "../runs/run.ts";
import { createWebService } from "../web/web-service.ts";
import { retrainingRoutes } from "./retraining-routes.ts";

/** The service over runs in memory, which stay as they are. */
function createService(latest?: Run) {
  const begun: Run[] = [];
  const service = createWebService({
    name: "retraining-service",
    summary: "",
    dependencies: [],
    routes: retrainingRoutes({
      runner: {
        async begin(run) {
          begun.push(run);
        },
        find: async () => undefined,
        latest: async () => begun.at(-1) ?? latest,
        steps: () => [],
      },
      clock: { now: () => new Date(0) },
    }),
  });
  const retrain = async () => (await service.inject({ method: "POST", url: "/retrain" })).statusCode;
  return { begun, retrain, [Symbol.asyncDispose]: () => service.close() };
}

function run(status: Run["status"]): Run {
  return { run_id: "r", kind: "retraining", timestamp: "2026-01-01T00:00:00.000Z", status, reason: "test" };
}

test("two requests at once begin one retraining", async () => {
  await using service = createService();
  assert.deepEqual(await Promise.all([service.retrain(), service.retrain()]), [202, 409]);
  assert.equal(service.begun.length, 1);
});

for (const [status, expected] of [
  ["Preparing", 409],
  ["Executing", 409],
  ["Reporting", 202],
  ["Failed", 202],
] as const) {
  test(`after one that is ${status} another is answered ${expected}`, async () => {
    await using service = createService(run(status));
    assert.equal(await service.retrain(), expected);
  });
}
