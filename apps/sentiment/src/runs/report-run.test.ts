import assert from "node:assert/strict";
import { test } from "node:test";
import { describeRun } from "./report-run.ts";
import type { PipelineResult, Run } from "./run.ts";

const RUN: Run = {
  run_id: "r",
  kind: "retraining",
  timestamp: "2026-01-01T00:00:00.000Z",
  status: "Reporting",
  reason: "test",
};

const RESULT: PipelineResult = {
  is_deployed: true,
  decision: "deploy",
  reason: "2 points better",
  endpoint_name: "sentiment",
  model_version: "sentiment-v2",
  evaluation_uri: "s3://artifacts/evaluation.json",
};

const CASES: readonly (readonly [what: string, run: Run, topic: string, event: string, subject: RegExp])[] = [
  ["a deployment", { ...RUN, outcome: RESULT }, "deployment", "retraining-deployed", /sentiment-v2 is in service/],
  [
    "a candidate that is held",
    { ...RUN, outcome: { ...RESULT, is_deployed: false, decision: "hold" } },
    "training",
    "retraining-not-deployed",
    /the model in service stays/,
  ],
  ["a failure", { ...RUN, failure_reason: "größte Not" }, "training", "retraining-failed", /the retraining failed/],
];

for (const [what, run, topic, event, subject] of CASES) {
  test(`${what} is told to the ${topic} topic, with a subject that e-mail can have`, () => {
    const notification = describeRun(run);
    assert.equal(notification.topic, `model-${topic}-notifications`);
    assert.equal(notification.event_type, event);
    assert.match(notification.subject, subject);
    assert.match(notification.subject, /^[\x20-\x7e]{1,100}$/);
    assert.ok(notification.message.includes(run.outcome?.reason ?? run.failure_reason ?? "no reason"));
  });
}
